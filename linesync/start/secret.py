"""The signing key of a laptop: made once, kept in a private file, so that pages signed before a restart stay valid."""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from linesync.start import files

# A power cut leaves an empty file, or one of zeros. What is shorter than a key that we would make is none.
_key = re.compile(r"[!-~]{32,}")


def kept_in(file: Path, *, refused: bool = False) -> str:
    """The key in this file; made at the first call, and anew where none is in it: then open pages have to be reloaded.

    Processes that start at once agree on one key. Raises ImproperlyConfigured where making one is `refused`, because
    two containers would each sign with a key of their own; and where the file cannot be read or made.
    """
    if refused:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing. In Databricks Apps it comes from a secret: give the app a secret resource named "
            "secret-key and, in app.yaml, SECRET_KEY with valueFrom: secret-key (docs/databricks.md)."
        )
    try:
        return _found(file) or _made(file)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The signing key {file} can be neither read nor made ({error.strerror}). Run LineSync as the user whom "
            "that folder belongs to, or set SECRET_KEY."
        ) from error


def _found(file: Path) -> str | None:
    try:
        text = file.read_text(errors="replace").strip()
    except FileNotFoundError:
        return None
    return text if _key.fullmatch(text) else None


def _made(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(file.parent):
        if found := _found(file):
            return found
        key = secrets.token_urlsafe(50)
        files.replace(file, key)
        return key


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One process at a time; whoever comes second finds what the first one made."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
