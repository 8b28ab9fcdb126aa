"""What a test run starts ends with it, however it ends: a process of its own waits for that and clears up.

Python alone, started as a script: the run that it watches may be dead already.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# In the environment of every process that a run starts: the run's folder.
mark = "LINESYNC_TEST_RUN"
prefix = "linesync-test-"
end_seconds_max = 30
# For what is on its way out when a run ends by itself.
leave_seconds_max = 10
_over = "over"
_proc = Path("/proc")


class Watched:
    """The folder of one run, and the process that removes it, and ends what carries its mark, when the run is over."""

    def __init__(self) -> None:
        clear_after_killed_runs()
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self._lock = _locked(self.folder)
        assert self._lock is not None
        # Its standard input ends with this process, whatever ends it: nobody else holds the other end.
        self.watcher = subprocess.Popen(
            [sys.executable, "-S", __file__, str(self.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, start_new_session=True, pass_fds=[self._lock], env=_without_mark(),
        )  # fmt: skip

    def end(self) -> str:
        """End the watch. What the run had left behind: a line for each process, "" for none."""
        return self.watcher.communicate(_over, timeout=3 * end_seconds_max)[0]


def clear_after_killed_runs() -> None:
    """Clear up after those whose watcher was killed as well."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        if (folder / "lock").exists() and (lock := _locked(folder)) is not None:
            clear(folder)
            os.close(lock)


def clear(folder: Path) -> list[str]:
    """End every process that carries this folder's mark, and remove the folder; the processes' command lines."""
    ended: dict[int, str] = {}
    deadline = time.monotonic() + end_seconds_max
    # Again, until there are none: one that is about to die may have just started another one.
    while (living := dict(marked(folder))) and time.monotonic() < deadline:
        ended |= living
        for pid in living:
            _end(pid)
        time.sleep(0.1)
    shutil.rmtree(folder, ignore_errors=True)
    return list(ended.values())


def marked(folder: Path) -> Iterator[tuple[int, str]]:
    """The processes that live and carry this folder's mark: id and command line."""
    wanted = f"{mark}={folder}".encode()
    for process in _proc.glob("[0-9]*"):
        # Gone meanwhile, or somebody else's.
        with contextlib.suppress(OSError):
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                yield int(process.name), words


def _end(pid: int) -> None:
    with contextlib.suppress(OSError):
        # Postgres has shared memory to give back, which it does at once on SIGQUIT.
        is_postgres = (_proc / str(pid) / "comm").read_text().strip() == "postgres"
        os.kill(pid, signal.SIGQUIT if is_postgres else signal.SIGKILL)


def _locked(folder: Path) -> int | None:
    """The folder's lock, as a file descriptor; None while the run that it belongs to, or its watcher, lives."""
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _without_mark() -> dict[str, str]:
    """Not among those that the watcher of a run around this one would end."""
    return {name: value for name, value in os.environ.items() if name != mark}


def _watch(folder: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    was_stopped = sys.stdin.read() != _over
    deadline = time.monotonic() + (0 if was_stopped else leave_seconds_max)
    while time.monotonic() < deadline and any(marked(folder)):
        time.sleep(0.05)
    ended = clear(folder)
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write("".join(f"{words}\n" for words in ended))
        sys.stdout.flush()


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
