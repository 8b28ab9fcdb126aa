"""The processes of a running LineSync: gunicorn and the job worker, started together, stopped together."""

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

root = Path(__file__).resolve().parents[2]

# Databricks Apps sends SIGKILL 15 s after SIGTERM. gunicorn has 10 s (gunicorn.conf.py); this is what is left over.
stop_seconds_max = 13
# A job worker that ended starts again after these pauses; one that ran for so long had nothing wrong with itself.
restart_seconds = (1, 2, 4, 8, 16, 30)
settled_seconds = 60
poll_seconds = 0.1
answer_seconds_max = 5

gunicorn = (sys.executable, "-m", "gunicorn", "--config", str(root / "gunicorn.conf.py"))
worker = (sys.executable, "-m", "linesync.start.worker")
Say = Callable[[str], None]


def serve(
    port: int,
    say: Say,
    announce: Callable[[], None] = lambda: None,
    *,
    web: Sequence[str] = gunicorn,
    jobs: Sequence[str] = worker,
) -> int:
    """Run both until SIGTERM or SIGINT (0), or until the web server ends by itself (1). Announces once it answers.

    The job worker is started again when it ends: a lost database ends it, while the pages go on.
    """
    stopping = _asked_to_stop()
    server = _spawn(web)
    keeper = threading.Thread(target=_keep_running, args=(jobs, stopping, say), daemon=True)
    keeper.start()
    try:
        _wait_until_it_answers(port, server, stopping)
        if server.poll() is None and not stopping.is_set():
            announce()
        while server.poll() is None and not stopping.wait(poll_seconds):
            pass
        wanted = stopping.is_set()
        say("Finishing what is in flight …" if wanted else "The web server died; its own words are above.")
        return 0 if wanted else 1
    finally:
        # Also when saying so failed because nobody listens any more: no part may be left behind.
        stopping.set()
        deadline = time.monotonic() + stop_seconds_max
        _stop(server, deadline)
        keeper.join(max(0.1, deadline - time.monotonic()))


def _asked_to_stop() -> threading.Event:
    """Set once SIGINT or SIGTERM came, or the terminal went away."""
    came = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: came.set())
    return came


def _wait_until_it_answers(port: int, server: subprocess.Popen[bytes], stopping: threading.Event) -> None:
    while server.poll() is None and not stopping.is_set() and not _answers(port):
        stopping.wait(poll_seconds)


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


def _keep_running(command: Sequence[str], stopping: threading.Event, say: Say) -> None:
    failures = 0
    while not stopping.is_set():
        started = time.monotonic()
        process = _spawn(command)
        while process.poll() is None and not stopping.wait(poll_seconds):
            pass
        if stopping.is_set():
            _stop(process, time.monotonic() + stop_seconds_max)
            return
        failures = 0 if time.monotonic() - started > settled_seconds else failures
        pause = restart_seconds[min(failures, len(restart_seconds) - 1)]
        failures += 1
        say(f"The job worker ended ({process.returncode}); it starts again in {pause} s.")
        stopping.wait(pause)


def _spawn(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches us alone, and we stop the parts in order.
    return subprocess.Popen(command, cwd=root, start_new_session=True)


def _stop(process: subprocess.Popen[bytes], deadline: float) -> None:
    process.terminate()
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
