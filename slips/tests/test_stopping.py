"""SIGTERM while a slip is being read: LineSync is gone soon, and the slip is read by the next worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from django.conf import settings

from linesync.start import processes
from linesync.start.ports import free_port
from slips.models import Slip, SlipLine
from slips.tests import papers
from slips.tests.conftest import Upload, database_address, no_second_page, silence_workers, slip_of, start_worker

pytestmark = pytest.mark.long

wait_seconds_max = 90
# 10 s, and what a busy machine adds.
exit_seconds_max = 13
script = """
import sys
from linesync.start import server
web = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "{port}"]
sys.exit(server.serve({port}, lambda sentence: None, web=web))
"""


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.timeout(300)
def test_stopped_in_mid_read_it_is_gone_soon_and_the_slip_is_read_by_the_next(ledger: None, upload: Upload) -> None:
    slip = slip_of(upload(*[papers.picture([("PART-88219", n, "Hex bolt")]) for n in range(1, 4)]))
    running = subprocess.Popen(
        [sys.executable, "-c", script.format(port=free_port())],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_address()},
        stderr=subprocess.DEVNULL,
        preexec_fn=processes.tied_to_us(),
    )
    try:
        with no_second_page():
            wait_until(lambda: Slip.objects.get().pages_read == 1)
            began = time.monotonic()
            running.send_signal(signal.SIGTERM)
            assert running.wait(wait_seconds_max) == 0
            assert time.monotonic() - began < exit_seconds_max
            slip.refresh_from_db()
            assert slip.state == "reading"
    finally:
        running.kill()
        running.wait(wait_seconds_max)
    silence_workers()
    worker = start_worker()
    try:
        wait_until(lambda: Slip.objects.get().state == "review")
    finally:
        worker.terminate()
        assert worker.wait(wait_seconds_max) == 0
    assert [line.qty for line in SlipLine.objects.draft(slip.slip_id)] == [1, 2, 3]
