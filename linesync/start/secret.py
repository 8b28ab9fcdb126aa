"""The signing key of a laptop: made once, kept in a private file, so that pages signed before a restart stay valid."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept_in(file: Path, *, refused: bool = False) -> str:
    """The key in this file; made at the first call. Two processes that start at once agree on one key.

    Raises ImproperlyConfigured where that is refused: two containers would each sign with a key of their own.
    """
    if refused:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing. In Databricks Apps it comes from a secret: give the app a secret resource named "
            "secret-key and, in app.yaml, SECRET_KEY with valueFrom: secret-key (docs/databricks.md)."
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x") as new:
            file.chmod(0o600)
            new.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return file.read_text() or kept_in(file)
