"""The processes of a running LineSync: gunicorn and the job worker, started together, stopped together."""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

logger = logging.getLogger(__name__)

# Databricks Apps sends SIGKILL 15 s after SIGTERM. gunicorn has 10 s (gunicorn.conf.py); this is what is left over.
stop_seconds_max = 13
restart_seconds = (1, 2, 4, 8, 16, 30)
settled_seconds = 60

gunicorn = (sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py")
worker = (sys.executable, "-m", "linesync.worker")


def serve(web: Sequence[str] = gunicorn, jobs: Sequence[str] | None = worker) -> int:
    """Run both until SIGTERM or SIGINT, or until the web server ends by itself; its exit code.

    The job worker is started again when it ends, with a growing pause: a lost database ends it, pages go on.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    server = _start(web)
    keeper = threading.Thread(target=_keep_running, args=(jobs, stopping), daemon=True) if jobs else None
    if keeper:
        keeper.start()
    while server.poll() is None and not stopping.wait(0.2):
        pass
    ended_by_itself = server.poll()
    stopping.set()
    deadline = time.monotonic() + stop_seconds_max
    _stop(server, deadline)
    if keeper:
        keeper.join(max(0.0, deadline - time.monotonic()))
    return 0 if ended_by_itself is None else ended_by_itself


def _keep_running(command: Sequence[str], stopping: threading.Event) -> None:
    failures = 0
    while not stopping.is_set():
        started = time.monotonic()
        process = _start(command)
        while process.poll() is None and not stopping.wait(0.2):
            pass
        if stopping.is_set():
            return _stop(process, time.monotonic() + stop_seconds_max)
        failures = 0 if time.monotonic() - started > settled_seconds else failures
        pause = restart_seconds[min(failures, len(restart_seconds) - 1)]
        failures += 1
        logger.warning("%s ended with %s; it starts again in %s s", command[-1], process.returncode, pause)
        stopping.wait(pause)
    return None


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process only, which then stops each child in order.
    return subprocess.Popen(command, start_new_session=True)


def _stop(process: subprocess.Popen[bytes], deadline: float) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
