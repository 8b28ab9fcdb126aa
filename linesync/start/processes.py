"""Processes of this machine: that they end with the one that started them, and which of them is which.

A number alone names nobody: it is given again. A process is known by its number and the moment it began, by what its
starter wrote into its environment, or by the folder that it works in.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_proc = Path("/proc")
_has_proc = (_proc / "self" / "stat").exists()
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_set_parent_death_signal = 1
ps_seconds_max = 5


def tied_to_us() -> Callable[[], None] | None:
    """For Popen's `preexec_fn`: the kernel sends the new process SIGTERM when this one dies, even by kill -9.

    None where there is no such thing (only Linux has it), and outside of the main thread: what counts is the life of
    the thread that started it.
    """
    libc, parent = _libc, os.getpid()
    if libc is None or threading.current_thread() is not threading.main_thread():
        return None

    def tie() -> None:
        libc.prctl(_set_parent_death_signal, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def born(pid: int) -> str | None:
    """When this process began, in words that no other process of this number will ever have; None: it has ended."""
    if not _has_proc:
        return _born_by_ps(pid)
    try:
        # The name stands in brackets and may contain anything.
        state, *facts = (_proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
        boot = (_proc / "sys/kernel/random/boot_id").read_text().strip()
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else f"{boot} {facts[18]}"


def marked(mark: str) -> list[int]:
    """Processes that were started with this text in their environment, and all that they started. Empty without /proc.

    Not this one, though it was what set the variable: the kernel keeps what a process began with.
    """
    return [pid for pid in _all() if mark.encode() in _read(pid, "environ").split(b"\0") and born(pid)]


def working_in(folder: Path) -> list[int]:
    """Processes whose working directory is this one. Empty without /proc."""
    return [pid for pid in _all() if _directory(pid) == str(folder.resolve()) and born(pid)]


def is_working_in(pid: int, folder: Path) -> bool:
    """Whether this process lives and works there. Without /proc: whether it lives."""
    if _has_proc:
        return born(pid) is not None and _directory(pid) == str(folder.resolve())
    return born(pid) is not None


def reap(pid: int) -> None:
    """Let a child that has ended go, so that its number stops looking alive. Nobody else's child is touched."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def send(number: int, pids: Iterable[int]) -> None:
    """Send a signal to whichever of them still lives."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def send_to_group(number: int, group: int) -> bool:
    """Send a signal (0: none) to all of a process group; whether there was any."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        # macOS says of a group of zombies that it is not permitted.
        return False
    return True


def _all() -> Iterator[int]:
    if _has_proc:
        yield from (int(path.name) for path in _proc.iterdir() if path.name.isdigit())


def _read(pid: int, what: str) -> bytes:
    try:
        return (_proc / str(pid) / what).read_bytes()
    except OSError:
        return b""


def _directory(pid: int) -> str:
    try:
        return str((_proc / str(pid) / "cwd").readlink())
    except OSError:
        return ""


def _born_by_ps(pid: int) -> str | None:
    command = ["ps", "-o", "lstart=,stat=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=ps_seconds_max, check=False)
    words = done.stdout.split()
    return None if not words or words[-1].startswith("Z") else " ".join(words[:-1])
