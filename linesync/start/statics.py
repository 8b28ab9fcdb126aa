"""Static files, collected before the first request; again only when one of them has changed."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Whether anything had to be done: naming, compressing and copying them is more work than the rest of a start."""
    stamp = Path(f"{settings.STATIC_ROOT}.stamp")
    wanted = "\n".join(sorted(_sources()))
    if stamp.exists() and stamp.read_text(errors="replace") == wanted and _is_whole(Path(settings.STATIC_ROOT)):
        return False
    # Gone first: a start that is interrupted leaves no promise behind.
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted)
    return True


def _is_whole(folder: Path) -> bool:
    """Whether nobody took away what was collected, or the list of their new names, without which no page is shown."""
    names = {name for finder in get_finders() for name, _ in finder.list([])}
    if "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]:
        names.add("staticfiles.json")
    return all((folder / name).is_file() for name in names)


def _sources() -> Iterator[str]:
    """Each file as it is now. Another installed version has other times or sizes."""
    yield settings.STORAGES["staticfiles"]["BACKEND"]
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name))
            yield f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}"
