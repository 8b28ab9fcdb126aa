"""The signing key of a laptop: made once, kept in a private file, so that pages signed before a restart stay valid."""

import secrets
from pathlib import Path


def kept_in(file: Path) -> str:
    """The key in this file; made at the first call. Two processes that start at once agree on one key."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x") as new:
            file.chmod(0o600)
            new.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return file.read_text() or kept_in(file)
