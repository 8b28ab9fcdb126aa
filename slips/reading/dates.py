"""Dates as slips print them, in nine languages, to ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .vocabulary import folded

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier janv enero ene gennaio gen januari janeiro stycznia styczen",
            "feb february februar fevrier fevr fev febrero febbraio februari fevereiro lutego luty",
            "mar march marz maerz mars marzo maart mrz mrt marco marts marca marzec",
            "apr april avril avr abril abr aprile kwietnia kwiecien",
            "may mai mayo maggio mag mei maio maj maja",
            "jun june juni juin junio giugno giu junho czerwca czerwiec",
            "jul july juli juillet juil julio luglio lug julho lipca lipiec",
            "aug august aout agosto ago augustus augusti sierpnia sierpien",
            "sep sept september septembre septiembre settembre set setembro wrzesnia wrzesien",
            "oct october oktober octobre octubre okt ottobre ott outubro out pazdziernika pazdziernik",
            "nov november novembre noviembre novembro listopada listopad",
            "dec december dezember decembre diciembre dez dicembre dic dezembro grudnia grudzien",
        ),
        start=1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"\b(\d{4})(?:[-/.:]|\. )(\d{1,2})(?:[-/.:]|\. )(\d{1,2})\b")
_YEAR_NAME = re.compile(r"\b(\d{4})[-/. ]([a-z]{3,10})[-/. ](\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})\b")
_DAY_NAME = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.?[ /-]?(?:de )?([a-z]{3,10})\.?,?[ /-]?(?:de )?'?(\d{4}|\d{2})\b")
_NAME_DAY = re.compile(r"\b([a-z]{3,10})\.?[ -]?(\d{1,2})(?:st|nd|rd|th)?[,.]?[ -]?(\d{4})\b")


def iso_date(text: str, day_first: bool) -> str | None:
    """The first date in the text, or None. With dots the day always comes first; else as `day_first` says."""
    bare = folded(text)
    told = [(found.start(), told) for found, told in _dates(bare, day_first)]
    return min(told, key=lambda one: one[0])[1] if told else None


def _dates(bare: str, day_first: bool) -> Iterator[tuple[re.Match[str], str | None]]:
    """The first date of each form with its place; None where no calendar has it."""
    years = _YEAR_FIRST.search(bare)
    if years:
        yield years, _iso(int(years[1]), int(years[2]), int(years[3]))
    elif found := _NUMBERS.search(bare):
        first, second = int(found[1]), int(found[2])
        days_lead = day_first or "." in found.group() or first > 12
        month, day = (second, first) if days_lead and second <= 12 else (first, second)
        yield found, _iso(int(found[3]), month, day)
    if found := _named(_YEAR_NAME, 2, bare):
        yield found, _iso(int(found[1]), _MONTHS[found[2]], int(found[3]))
    if found := _named(_DAY_NAME, 2, bare):
        yield found, _iso(int(found[3]), _MONTHS[found[2]], int(found[1]))
    if found := _named(_NAME_DAY, 1, bare):
        yield found, _iso(int(found[3]), _MONTHS[found[1]], int(found[2]))


def _named(form: re.Pattern[str], month: int, bare: str) -> re.Match[str] | None:
    return next((found for found in form.finditer(bare) if found[month] in _MONTHS), None)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year if year > 99 else 2000 + year, month, day).isoformat()
    except ValueError:
        return None
