"""The webhook: told once per opened signal, after commit, again and again until somebody takes it, never twice."""

import hashlib
import hmac
import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from linesync.testing import at_once
from signals import notices
from signals.models import Notice, Signal
from signals.notices import BackOff, NotTaken, attempts_max, deliver
from signals.tests.dock import consume, run_low, take_in


class Listener:
    """Somebody who listens on the loopback: `answers` are given in turn, then 204 for ever."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append((dict(self.headers), data))
                self.send_response(listener.answers.pop(0) if listener.answers else 204)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(data) for _, data in self.heard]


@pytest.fixture
def listener(settings: Settings) -> Iterator[Listener]:
    listening = Listener()
    settings.NOTICE_URL = listening.url
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


def work() -> None:
    """Let a worker do what waits now, its own clock stopped: what it queues by itself depends on when that is."""
    stopped_clock = patch.dict(app.periodic_registry.periodic_tasks, clear=True)
    connector: Any = app.connector
    with stopped_clock, app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, queues=[notices.queue])


def test_an_opened_signal_is_told_once_with_its_sum(ledger: None, listener: Listener) -> None:
    signal_id = run_low()
    work()
    work()
    (body,) = listener.bodies
    event = Signal.objects.history(signal_id)[0]
    assert body == {
        "signal_id": str(signal_id),
        "status": "OPEN",
        "opened_ts": event.created_ts.isoformat(),
        "item_id": "PART-1",
        "on_hand_qty": 8,
        "reorder_point": 10,
        "reorder_qty": 24,
        "trigger_event_id": str(event.event_id),
        "text": "PART-1 runs low: 14 − 6 = 8 ≤ 10 at LINE-1, by dana. Suggested: 24.",
    }
    assert listener.heard[0][0]["Idempotency-Key"] == str(signal_id)
    assert "X-LineSync-Signature" not in listener.heard[0][0]


def test_only_openings_are_told(ledger: None, listener: Listener) -> None:
    Signal.objects.acknowledge(run_low(), user_email=None)
    take_in(24)
    work()
    assert [body["status"] for body in listener.bodies] == ["OPEN"]


def test_with_a_secret_the_body_is_signed(ledger: None, listener: Listener, settings: Settings) -> None:
    settings.NOTICE_SECRET = "hush"
    run_low()
    work()
    ((headers, data),) = listener.heard
    assert headers["X-LineSync-Signature"] == "sha256=" + hmac.new(b"hush", data, hashlib.sha256).hexdigest()


def test_a_scan_that_is_rolled_back_tells_nobody(ledger: None, listener: Listener) -> None:
    take_in(14)
    with transaction.atomic():
        assert consume(6).signal_id
        transaction.set_rollback(True)
    work()
    assert listener.heard == []
    assert not Notice.objects.exists()


@pytest.mark.parametrize("refusal", [500, 404, 302])
def test_a_refused_notice_is_kept_and_tried_later(ledger: None, listener: Listener, refusal: int) -> None:
    listener.answers = [refusal]
    signal_id = run_low()
    work()
    notice = Notice.objects.get()
    assert (notice.attempts, notice.problem, notice.delivered_ts) == (1, f"It answered {refusal}.", None)
    job = ProcrastinateJob.objects.get(task_name=deliver.name)
    assert (job.status, job.attempts) == ("todo", 1)
    deliver(signal_id=str(signal_id))
    deliver(signal_id=str(signal_id))
    assert len(listener.heard) == 2
    assert listener.heard[0][1] == listener.heard[1][1]
    assert Notice.objects.get().problem is None


def test_nobody_listening_neither_stops_the_scan_nor_loses_the_notice(ledger: None, settings: Settings) -> None:
    settings.NOTICE_URL = "http://127.0.0.1:1/hook"
    assert run_low()
    work()
    assert Notice.objects.get().problem == "ConnectionError: no answer."
    assert ProcrastinateJob.objects.get(task_name=deliver.name).status == "todo"


def test_without_an_address_nothing_is_queued(ledger: None) -> None:
    run_low()
    assert not Notice.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_ten_workers_over_one_notice_send_it_once(ledger: None, listener: Listener) -> None:
    signal_id = str(run_low())
    results = at_once([lambda: deliver(signal_id=signal_id)] * 10)
    assert results == [None] * 10
    assert len(listener.heard) == 1


def test_a_worker_that_died_over_a_notice_is_followed_by_another(ledger: None, listener: Listener) -> None:
    run_low()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = %s", [deliver.name])
    work()
    assert listener.heard == []
    resume: Any = notices.resume
    resume.defer(timestamp=0)
    work()
    work()
    assert len(listener.heard) == 1


def test_the_workers_clock_looks_for_notices_left_behind() -> None:
    crons = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}
    assert crons[notices.resume.name] == "*/5 * * * *"


def wait_seconds(attempts: int, error: Exception) -> range | None:
    """From now on; the wait begins somewhere between the two looks at the clock, however far apart they are."""
    job: Any = SimpleNamespace(attempts=attempts)
    before = timezone.now()
    decision = BackOff().get_retry_decision(exception=error, job=job)
    after = timezone.now()
    if decision is None:
        return None
    assert decision.retry_at
    return range(
        math.floor((decision.retry_at - after).total_seconds()),
        math.ceil((decision.retry_at - before).total_seconds()) + 1,
    )


def test_waits_double_up_to_an_hour_and_end_after_twenty_attempts() -> None:
    waits = {0: 5, 1: 10, 2: 20, 9: 2560, 10: 3600, attempts_max - 2: 3600}
    assert [s for attempts, s in waits.items() if s not in (wait_seconds(attempts, NotTaken()) or ())] == []
    assert wait_seconds(attempts_max - 1, NotTaken()) is None


def test_our_own_mistakes_are_not_retried() -> None:
    assert wait_seconds(0, ValueError()) is None


def test_an_address_that_is_none_is_refused_at_start() -> None:
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=os.environ | {"NOTICE_URL": "ftp://example.com"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert started.returncode == 1
    assert "NOTICE_URL must be an http:// or https:// address" in started.stderr
