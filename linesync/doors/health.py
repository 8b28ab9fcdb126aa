"""Two questions an operator's probe asks: does the process answer, and could somebody book just now."""

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from psycopg import errors

from inventory.models import ScanEvent

# Whatever the database does, a probe is answered by then.
answer_seconds_max = 3
# Probes that come closer together are told the same: each look books a carton and takes it back.
same_answer_seconds = 1


def process_alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """503 with the reason while a booking cannot be written, or a migration waits."""
    problem = _look.problem()
    return JsonResponse({"status": problem or "ready"}, status=503 if problem else 200)


@dataclass(slots=True)
class _Looking:
    """One look at a time for the whole process, in a thread of its own: a frozen database keeps that one only."""

    lock: threading.Lock
    last: "Future[str | None] | None" = None
    began: float = 0.0

    def problem(self) -> str | None:
        with self.lock:
            age = time.monotonic() - self.began
            if self.last is None or (self.last.done() and age > same_answer_seconds):
                self.last, self.began, age = Future(), time.monotonic(), 0.0
                threading.Thread(target=_answer, args=[self.last], daemon=True).start()
            look = self.last
        try:
            return look.result(max(0.0, answer_seconds_max - age))
        except TimeoutError:
            return f"the database has not answered for {answer_seconds_max} s"


_look = _Looking(threading.Lock())


def _answer(look: "Future[str | None]") -> None:
    try:
        look.set_result(_problem())
    except BaseException as error:
        look.set_exception(error)
        raise
    finally:
        connections[DEFAULT_DB_ALIAS].close()


def _problem() -> str | None:
    """Why a booking cannot be written; None when it can."""
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            return f"{waiting} migrations wait"
        ScanEvent.objects.rehearse(seconds_max=answer_seconds_max - 1)
    except DatabaseError as error:
        cause = error.__cause__
        return next((words for kinds, words in _reasons if isinstance(cause, kinds)), _otherwise(cause))
    return None


_reasons: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (errors.DiskFull, "the database's disk is full: nothing can be booked"),
    (errors.ReadOnlySqlTransaction, "the database is read only: nothing can be booked"),
    (
        (errors.LockNotAvailable, errors.QueryCanceled),
        "other work that is not finished holds the ledger: nothing can be booked",
    ),
    (errors.InsufficientPrivilege, "this login may not write to the ledger"),
    (errors.TooManyConnections, "the database has no connection left"),
)


def _otherwise(cause: BaseException | None) -> str:
    # Of an error that Postgres names the name, not the words: they may hold what somebody booked.
    state = getattr(cause, "sqlstate", None)
    return f"a booking fails in the database ({type(cause).__name__})" if state else "the database does not answer"
