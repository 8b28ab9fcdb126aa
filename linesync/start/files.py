"""Small files that matter: whole or not there, whatever happens in the middle of writing them."""

import os
import tempfile
from pathlib import Path


def replace(file: Path, data: str | bytes) -> None:
    """Write a private file so that a reader, or the next start after a power cut, finds the old one or the new one."""
    handle, temporary = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(data.encode() if isinstance(data, str) else data)
            new.flush()
            os.fsync(new.fileno())
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _settle(file.parent)


def _settle(folder: Path) -> None:
    """The new name too outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
