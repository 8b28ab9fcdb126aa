"""How a setting is read: what makes no sense is refused in a sentence with its name, its value and an example."""

import re
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
_on, _off = ("1", "yes", "on", "true"), ("0", "no", "off", "false")
_number = re.compile(r"-?[0-9]{1,12}")


def switch(name: str, *, default: bool) -> bool:
    """On or off; any other word is refused rather than taken for off."""
    word = env.str(name, default="").casefold()
    if word not in ("", *_on, *_off):
        raise ImproperlyConfigured(f"{name}={word} is neither on nor off: use 1 or 0.")
    return word in _on if word else default


def number(name: str, *, default: int, least: int, most: int) -> int:
    """A whole number within these bounds, both included."""
    text = env.str(name, default="").strip() or str(default)
    if _number.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise ImproperlyConfigured(
        f"{name}={text} must be {least} to {most:,}, a whole number; for example {name}={default}."
    )


def choice(name: str, *, default: str, choices: Sequence[str]) -> str:
    """One of these words, however it is written."""
    text = env.str(name, default="").strip() or default
    found = next((word for word in choices if word.casefold() == text.casefold()), None)
    if found is None:
        raise ImproperlyConfigured(f"{name}={text} is none of {', '.join(choices)}; for example {name}={default}.")
    return found


def names(name: str, *, default: Sequence[str], is_one: Callable[[str], bool], what: str, example: str) -> list[str]:
    """A list with commas between, each entry `is_one`; `what` says what that is."""
    found = [entry.strip() for entry in env.list(name, default=list(default)) if entry.strip()]
    for entry in found:
        if not is_one(entry):
            raise ImproperlyConfigured(f"{name}={entry} is not {what}; for example {name}={example}.")
    return found


def time_zone(name: str, *, default: str) -> str:
    """An IANA name that this machine knows."""
    zone = env.str(name, default="").strip() or default
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError) as error:
        raise ImproperlyConfigured(
            f"{name}={zone} is no time zone known here; for example {name}=Europe/Berlin."
        ) from error
    return zone
