"""The webhook: whoever listens at NOTICE_URL is told of each opened signal, once, after the scan is committed."""

import hashlib
import hmac
import json
import threading
from typing import Any
from uuid import UUID

import requests
from django.conf import settings
from django.db import transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from signals.managers.notices import NoticeManager
from signals.managers.stories import StoryManager
from signals.stories import Step

connect_seconds_max = 3.05
answer_seconds_max = 10.0
# For all of it: each of the two above ends one wait, and a name's look-up or an answer that drips has no end by itself.
send_seconds_max = 15.0
# Sendings given up on that still wait for the other side. With so many, no more are begun until one of them ends.
abandoned_max = 8
attempts_max = 20
wait_seconds_first = 5
wait_seconds_max = 3600
queue = "notices"

_abandoned: list[threading.Thread] = []
_notices = NoticeManager()
_stories = StoryManager()


class NotTaken(Exception):
    """The other side did not take the notice; it is tried again later."""


class BackOff(BaseRetryStrategy):
    """5 s, 10 s, 20 s … up to an hour apart, 20 attempts in all: about ten hours."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, NotTaken) or job.attempts + 1 >= attempts_max:
            return None
        return RetryDecision(retry_in={"seconds": min(wait_seconds_max, wait_seconds_first * 2**job.attempts)})


def announce(signal_ids: list[UUID]) -> None:
    """Queue a notice for each opened signal inside the caller's transaction: rolled back with it, sent after it."""
    if not (signal_ids and settings.NOTICE_URL):
        return
    _notices.queue(signal_ids)
    for signal_id in signal_ids:
        deliver.configure(queueing_lock=f"notice {signal_id}").defer(signal_id=str(signal_id))


@app.task(name="signals.notices.deliver", queue=queue, retry=BackOff())
def deliver(signal_id: str) -> None:
    """Send one notice, unless it was delivered. Raises NotTaken, which the queue answers with a later attempt."""
    with transaction.atomic():
        if not (settings.NOTICE_URL and _notices.take(UUID(signal_id))):
            return
        problem = _send_in_time(_stories.history(UUID(signal_id))[0])
        _notices.note(UUID(signal_id), problem=problem)
    if problem:
        raise NotTaken(problem)


@app.periodic(cron="*/5 * * * *")
@app.task(name="signals.notices.resume", queue=queue, queueing_lock="notices resume", pass_context=True)
async def resume(context: JobContext, timestamp: int) -> None:
    """Put back the notices of a worker that died over them; the row of each still keeps it from going out twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(queue=queue, task_name=deliver.name):
        await manager.retry_job(job)


def body(opening: Step) -> dict[str, Any]:
    """What is sent, as docs/signals.md promises it: the same at every attempt."""
    return {
        "signal_id": str(opening.signal_id),
        "status": opening.status,
        "opened_ts": opening.created_ts.isoformat(),
        "item_id": opening.item_id,
        "on_hand_qty": opening.triggered_at_qty,
        "reorder_point": opening.reorder_point,
        "reorder_qty": opening.reorder_qty,
        "trigger_event_id": str(opening.event_id) if opening.event_id else None,
        "text": f"{opening.item_id} runs low: {opening.arithmetic}. Suggested: {opening.reorder_qty}.",
    }


def _send_in_time(opening: Step) -> str | None:
    """As `_send`, and given up on after `send_seconds_max`, whatever the other side does meanwhile."""
    _abandoned[:] = [thread for thread in _abandoned if thread.is_alive()]
    if len(_abandoned) >= abandoned_max:
        return f"{len(_abandoned)} earlier notices still wait for an answer."
    answers: list[str | None] = []
    thread = threading.Thread(target=lambda: answers.append(_send(opening)), daemon=True)
    thread.start()
    thread.join(send_seconds_max)
    if thread.is_alive():
        _abandoned.append(thread)
        return f"No answer within {send_seconds_max:.0f} s."
    return answers[0] if answers else "It could not be sent."


def _send(opening: Step) -> str | None:
    """Why the other side did not take it; None when it did (any 2xx)."""
    data = json.dumps(body(opening)).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(opening.signal_id)} | _signature(data)
    try:
        # Streamed: an endless answer is not read.
        with requests.post(
            settings.NOTICE_URL,
            data=data,
            headers=headers,
            timeout=(connect_seconds_max, answer_seconds_max),
            allow_redirects=False,
            stream=True,
        ) as answer:
            return None if 200 <= answer.status_code < 300 else f"It answered {answer.status_code}."
    except requests.RequestException as error:
        return f"{type(error).__name__}: no answer."


def _signature(data: bytes) -> dict[str, str]:
    if not settings.NOTICE_SECRET:
        return {}
    digest = hmac.new(settings.NOTICE_SECRET.encode(), data, hashlib.sha256).hexdigest()
    return {"X-LineSync-Signature": f"sha256={digest}"}
