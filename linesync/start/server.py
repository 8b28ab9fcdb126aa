"""The processes of a running LineSync: web server, job worker and, on a laptop, Postgres: each of them kept alive."""

import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING

from linesync.start import processes
from linesync.start.leftovers import Record
from linesync.start.parts import Part, Say, poll_seconds

if TYPE_CHECKING:
    from linesync.start.embedded import Embedded

root = Path(__file__).resolve().parents[2]

# From SIGTERM to the end of all that answers and works; of 10 s the rest is for Postgres, which they need to the last.
stop_seconds_max = 7
answer_seconds_max = 5

gunicorn = (sys.executable, "-m", "gunicorn", "--config", str(root / "gunicorn.conf.py"))
worker = (sys.executable, "-m", "linesync.start.worker")


def serve(
    port: int,
    say: Say,
    announce: Callable[[], None] = lambda: None,
    *,
    web: Sequence[str] = gunicorn,
    jobs: Sequence[str] = worker,
    postgres: "Embedded | None" = None,
    record: Record | None = None,
) -> int:
    """Run all of it until SIGTERM or SIGINT (0), or until a web server that has not answered once ends (1).

    Announces once it answers; what ends after that is started again. `postgres` runs already and is stopped by the
    caller, who needs it for longer.
    """
    stopping = _asked_to_stop()
    ours = server, _ = _part("The web server", web, say), _part("The job worker", jobs, say)
    everything = [*([_kept(postgres, ours, say)] if postgres else []), *ours]

    def look_after(parts: Sequence[Part]) -> None:
        started = [part for part in parts if part.look()]
        if started and record:
            record.write(ours)

    try:
        look_after(everything)
        while server.lives() and not stopping.is_set() and not _answers(port):
            stopping.wait(poll_seconds)
            look_after([part for part in everything if part is not server])
        if not (server.lives() or stopping.is_set()):
            say("The web server died; its own words are above.")
            return 1
        if not stopping.is_set():
            announce()
        while not stopping.wait(poll_seconds):
            look_after(everything)
        say("Finishing what is in flight …")
        return 0
    finally:
        # Also when saying so failed because nobody listens any more: no part may be left behind.
        _stop(ours)
        if record:
            record.end()


def _asked_to_stop() -> threading.Event:
    """Set once SIGINT or SIGTERM came, or the terminal went away."""
    came = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: came.set())
    return came


def _part(name: str, command: Sequence[str], say: Say) -> Part:
    return Part(name, lambda: _spawn(command), say)


def _spawn(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C reaches us alone, and we stop the parts in order.
    return subprocess.Popen(command, cwd=root, start_new_session=True, preexec_fn=processes.tied_to_us())


def _kept(postgres: "Embedded", readers: Sequence[Part], say: Say) -> Part:
    def start() -> "subprocess.Popen[bytes]":
        port = postgres.port
        process = postgres.launch_again()
        if postgres.port != port:
            # The old one was not to be had. They read the address when they begin.
            for part in readers:
                part.renew()
        return process

    part = Part("Postgres", start, say)
    part.process = postgres.process
    return part


def _answers(port: int) -> bool:
    """Whether a request gets an answer: the port listens seconds before the first worker has loaded."""
    connection = HTTPConnection("127.0.0.1", port, timeout=answer_seconds_max)
    if os.environ.get("HTTPS_CERTIFICATE"):
        # Our own certificate, on the loopback: there is nobody to mistake us for.
        trusting = ssl._create_unverified_context()  # noqa: S323
        connection = HTTPSConnection("127.0.0.1", port, timeout=answer_seconds_max, context=trusting)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _stop(parts: Sequence[Part]) -> None:
    deadline = time.monotonic() + stop_seconds_max
    for part in parts:
        part.ask_to_stop()
    for part in parts:
        part.stop(deadline)
