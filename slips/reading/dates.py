"""Dates as slips print them, in nine languages, to ISO 8601."""

from __future__ import annotations

import re
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
_YEAR_FIRST = re.compile(r"\b(\d{4})(?:[-/.]|\. )(\d{1,2})(?:[-/.]|\. )(\d{1,2})\b")
_YEAR_NAME = re.compile(r"\b(\d{4})[-/. ]([a-z]{3,10})[-/. ](\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})\b")
_DAY_NAME = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.?[ /-]?(?:de )?([a-z]{3,10})\.?,?[ /-]?(?:de )?'?(\d{4}|\d{2})\b")
_NAME_DAY = re.compile(r"\b([a-z]{3,10})\.?[ -]?(\d{1,2})(?:st|nd|rd|th)?,?[ -]?(\d{4})\b")


def iso_date(text: str, day_first: bool) -> str | None:
    """The first date in the text, or None. With dots the day always comes first; else as `day_first` says."""
    bare = folded(text)
    if found := _YEAR_FIRST.search(bare):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.search(bare):
        first, second = int(found[1]), int(found[2])
        days_lead = day_first or "." in found.group() or first > 12
        month, day = (second, first) if days_lead and second <= 12 else (first, second)
        return _iso(int(found[3]), month, day)
    if (found := _YEAR_NAME.search(bare)) and found[2] in _MONTHS:
        return _iso(int(found[1]), _MONTHS[found[2]], int(found[3]))
    if (found := _DAY_NAME.search(bare)) and found[2] in _MONTHS:
        return _iso(int(found[3]), _MONTHS[found[2]], int(found[1]))
    if (found := _NAME_DAY.search(bare)) and found[1] in _MONTHS:
        return _iso(int(found[3]), _MONTHS[found[1]], int(found[2]))
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year if year > 99 else 2000 + year, month, day).isoformat()
    except ValueError:
        return None
