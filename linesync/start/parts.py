"""A part of a running LineSync (web server, job worker, Postgres): kept alive, and stopped with all it has started."""

import signal
import subprocess
import time
from collections.abc import Callable

from linesync.start import processes

# A part that ended starts again after these pauses, the last one again and again.
restart_seconds = (0.2, 1, 2, 4, 8, 16, 30)
# One that ran for so long had nothing wrong with itself: the next end is told again, the pauses begin anew.
settled_seconds = 30
# How long what a dead part has started may take to finish what it is at.
leftover_seconds_max = 2
poll_seconds = 0.1
Say = Callable[[str], None]


class CannotStart(Exception):
    """Not now; it is tried again later. The message is a sentence for the person at the terminal."""


class Part:
    """One part. Nothing here waits: `look` is called every `poll_seconds` and does what is due.

    Its starts happen in the caller's thread, which has to be the process's main one (processes.tied_to_us).
    """

    def __init__(self, name: str, start: Callable[[], "subprocess.Popen[bytes]"], say: Say) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self._start = start
        self._say = say
        self._ends = 0
        self._began = 0.0
        self._due = 0.0
        self._left_over: int | None = None

    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look(self) -> bool:
        """Start it again when it has ended and its pause is over; whether it was started just now."""
        if self.process is None:
            return time.monotonic() >= self._due and self._nothing_is_left() and self._try()
        code = self.process.poll()
        if code is not None:
            self._left_over, self.process = self.process.pid, None
            processes.send_to_group(signal.SIGTERM, self._left_over)
            self._ended(f"signal {-code}" if code < 0 else str(code))
        elif self._ends and time.monotonic() - self._began > settled_seconds:
            self._settled()
        return False

    def renew(self) -> None:
        """Stop it in order and start it again at once: something that it read when it began has changed."""
        if self.process:
            self.process.terminate()

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            # Who was frozen would not hear it.
            processes.send_to_group(signal.SIGCONT, self.process.pid)
            self.process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait for its end until then (time.monotonic), and end it with all it has started after that."""
        if not self.process:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            processes.send_to_group(signal.SIGKILL, self.process.pid)
            self.process.wait()
        processes.send_to_group(signal.SIGTERM, self.process.pid)

    def _try(self) -> bool:
        self._began = time.monotonic()
        try:
            self.process = self._start()
        except CannotStart as why:
            self._ended(str(why))
        return self.process is not None

    def _nothing_is_left(self) -> bool:
        """Whether all that the dead one had started is gone too: it would hold the port, or work beside the new one."""
        group, self._left_over = self._left_over, None
        if group is None or not processes.send_to_group(0, group):
            return True
        if time.monotonic() - self._due > leftover_seconds_max:
            processes.send_to_group(signal.SIGKILL, group)
            return True
        self._left_over = group
        return False

    def _ended(self, how: str) -> None:
        """Told once, and once more where it does not help: not at every try."""
        pause = restart_seconds[min(self._ends, len(restart_seconds) - 1)]
        self._ends += 1
        self._due = time.monotonic() + pause
        if self._ends == 1:
            self._say(f"{self.name} ended ({how}); it starts again in {pause:g} s.")
        elif self._ends == len(restart_seconds):
            self._say(f"{self.name} has ended {self._ends} times in a row ({how}); it is tried every {pause:g} s.")

    def _settled(self) -> None:
        if self._ends > 1:
            self._say(f"{self.name} runs again; it had ended {self._ends} times.")
        self._ends = 0
