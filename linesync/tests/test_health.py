"""The two probes: whether the process answers, whatever its database does; and whether somebody could book just now."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from inventory.models import ScanEvent
from linesync.doors import health
from linesync.testing import at_once
from linesync.tests.test_limits import breaks

soon_seconds = 20


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each probe looks anew."""
    monkeypatch.setattr(health, "same_answer_seconds", -1)
    monkeypatch.setattr(health, "_look", health._Looking(health._look.lock))


def ready() -> tuple[int, str]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["status"]


def test_the_process_answers_without_asking_the_database() -> None:
    # No fixture opens the database for this test: a question would fail it.
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_when_a_carton_could_be_booked_and_books_none(ledger: None, fresh: None) -> None:
    assert ready() == (200, "ready")
    assert not ScanEvent.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stock_levels")
        assert cursor.fetchone() == (0,)


@pytest.fixture
def broken(transactional_db: None, fresh: None) -> Iterator[Callable[[str], None]]:
    """Lets every new event fail with this SQLSTATE, as Postgres itself says it."""

    def let(state: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(breaks)
            cursor.execute(f"CREATE TRIGGER breaks BEFORE INSERT ON scan_events EXECUTE FUNCTION breaks('{state}')")

    yield let
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION breaks CASCADE")


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("53100", "the database's disk is full: nothing can be booked"),
        ("25006", "the database is read only: nothing can be booked"),
        ("42501", "this login may not write to the ledger"),
        ("23514", "a booking fails in the database (CheckViolation)"),
    ],
)
def test_it_is_not_ready_while_a_booking_fails_and_says_why(
    broken: Callable[[str], None], state: str, why: str
) -> None:
    broken(state)
    assert ready() == (503, why)


def other_connection() -> psycopg.Connection[Any]:
    parameters = connection.get_connection_params()
    parameters.pop("lakebase_endpoint", None)
    return psycopg.connect(**parameters)


def test_it_is_not_ready_while_somebody_holds_the_ledger(
    ledger: None, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "answer_seconds_max", 2)
    with other_connection() as somebody:
        somebody.execute("LOCK TABLE scan_events IN SHARE MODE")
        assert ready() == (503, "other work that is not finished holds the ledger: nothing can be booked")
        somebody.rollback()
        assert ready() == (200, "ready")


def test_it_does_not_wait_for_a_database_that_does_not_answer(
    ledger: None, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "answer_seconds_max", 1)
    with other_connection() as somebody:
        # What the look asks first has no limit of its own here.
        somebody.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        for _ in range(2):
            began = time.monotonic()
            assert ready() == (503, "the database has not answered for 1 s")
            assert time.monotonic() - began < soon_seconds
        somebody.rollback()
    assert health._look.last
    health._look.last.result(soon_seconds)
    assert ready() == (200, "ready")


def test_a_migration_that_waits_is_told(ledger: None, fresh: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions' RETURNING app, name, applied")
        rows = cursor.fetchall()
    try:
        assert ready() == (503, f"{len(rows)} migrations wait")
    finally:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", rows)


def test_probes_that_come_together_are_one_look(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def problem() -> None:
        looks.append(1)
        time.sleep(0.2)

    monkeypatch.setattr(health, "_problem", problem)
    monkeypatch.setattr(health, "same_answer_seconds", 60)
    assert at_once([ready] * 8) == [(200, "ready")] * 8
    assert ready() == (200, "ready")
    assert len(looks) == 1
