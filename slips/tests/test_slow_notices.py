"""A webhook that hangs or drips: given up on after its time, tried later, and in nobody else's way."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from procrastinate.contrib.django import app
from pytest_django import Settings

from signals import notices
from signals.models import Notice
from signals.notices import NotTaken, deliver
from signals.tests.dock import run_low
from slips.models import Slip
from slips.queue.worker import _slots
from slips.tests import papers
from slips.tests.conftest import Upload, slip_of, start_worker

wait_seconds_max = 60


class Dripping:
    """Takes each request and answers a header line now and then, for ever; with `silent`, nothing."""

    def __init__(self, *, silent: bool = False) -> None:
        self.silent = silent
        self.open: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._take, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}/hook"

    def _take(self) -> None:
        while True:
            try:
                self.open.append(self.door.accept()[0])
            except OSError:
                return
            if not self.silent:
                threading.Thread(target=self._drip, args=[self.open[-1]], daemon=True).start()

    def _drip(self, client: socket.socket) -> None:
        try:
            client.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                client.sendall(b"X-Wait: a little\r\n")
                time.sleep(0.05)
        except OSError:
            pass

    def close(self) -> None:
        with contextlib.suppress(OSError):
            # Closing alone would not wake who waits at it.
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        for client in self.open:
            client.close()


@pytest.fixture
def dripping(settings: Settings) -> Iterator[Dripping]:
    hook = Dripping()
    settings.NOTICE_URL = hook.url
    yield hook
    hook.close()
    for thread in notices._abandoned:
        thread.join(wait_seconds_max)
    notices._abandoned.clear()


def test_an_answer_that_never_ends_is_given_up_on_and_the_notice_kept(
    ledger: None, dripping: Dripping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "send_seconds_max", 0.5)
    signal_id = run_low()
    began = time.monotonic()
    with pytest.raises(NotTaken, match="No answer within"):
        deliver(signal_id=str(signal_id))
    assert time.monotonic() - began < 10
    notice = Notice.objects.get()
    assert (notice.attempts, notice.delivered_ts) == (1, None)


def test_those_given_up_on_are_counted_and_no_more_are_begun(
    ledger: None, dripping: Dripping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "send_seconds_max", 0.1)
    monkeypatch.setattr(notices, "abandoned_max", 2)
    signal_id = str(run_low())
    for _ in range(2):
        with pytest.raises(NotTaken, match="No answer within"):
            deliver(signal_id=signal_id)
    with pytest.raises(NotTaken, match="2 earlier notices still wait for an answer"):
        deliver(signal_id=signal_id)
    wait_until(lambda: len(dripping.open) == 2)
    dripping.close()
    for thread in notices._abandoned:
        thread.join(wait_seconds_max)
    # They have ended: the next one is begun.
    with pytest.raises(NotTaken, match="ConnectionError"):
        deliver(signal_id=signal_id)


def test_notices_have_slots_of_their_own() -> None:
    slots = _slots(app)
    assert [each.queues for each in slots if notices.queue in each.queues] == [[notices.queue]]
    assert sorted(name for each in slots for name in each.queues) == sorted({task.queue for task in app.tasks.values()})


@pytest.mark.timeout(180)
def test_a_hook_that_says_nothing_does_not_keep_a_slip_from_being_read(
    ledger: None, upload: Upload, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = Dripping(silent=True)
    settings.NOTICE_URL = hook.url
    monkeypatch.setitem(os.environ, "NOTICE_URL", hook.url)
    for n in range(6):
        run_low(f"PART-{n}")
    process = start_worker()
    try:
        wait_until(lambda: len(hook.open) >= notices_slots())
        slip = slip_of(upload(papers.pdf()))
        began = time.monotonic()
        wait_until(lambda: Slip.objects.get(slip_id=slip.slip_id).state == "review")
        # All the while the hook held every slot of its own.
        assert len(hook.open) <= notices_slots() * (1 + (time.monotonic() - began) // notices.answer_seconds_max)
    finally:
        process.terminate()
        code = process.wait(wait_seconds_max)
        hook.close()
    assert code == 0


def notices_slots() -> int:
    (jobs_max,) = [each.jobs_max for each in _slots(app) if each.queues == [notices.queue]]
    return jobs_max


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
