"""How long we wait for Postgres: each kind of process has its own limits, and a frozen server keeps nobody for ever."""

import copy
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client

from linesync.ground.rows import streamed, streamed_seconds_max
from linesync.lakebase import connection as lakebase
from linesync.lakebase.connection import OAuthConnection, Pool
from linesync.start import databases

soon_seconds = 20
Freeze = Callable[[psycopg.Connection[Any]], None]


@pytest.fixture(autouse=True)
def without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of whatever other tests have loaded, the web server's entrance sets its own for the whole process."""
    monkeypatch.setattr(OAuthConnection, "answer_seconds_max", None)


@pytest.fixture
def frozen() -> Iterator[Freeze]:
    """Stops the server's end of a connection, as SIGSTOP, a debugger or a paused machine does."""
    stopped: list[int] = []

    def freeze(server: psycopg.Connection[Any]) -> None:
        stopped.append(server.info.backend_pid)
        os.kill(stopped[-1], signal.SIGSTOP)

    yield freeze
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)


def parameters() -> dict[str, Any]:
    return connection.get_connection_params()


def test_a_frozen_server_is_waited_for_no_longer_than_said(db: None, frozen: Freeze) -> None:
    with OAuthConnection.connect(**parameters()) as server:
        assert server.execute("SELECT 1").fetchone() == (1,)
        frozen(server)
        server.answer_seconds_max = 0.3
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match=r"no answer for 0\.3 s"):
            server.execute("SELECT 1")
        assert 0.3 <= time.monotonic() - began < soon_seconds
        # What it says later is no answer to the next question.
        assert server.closed


def test_without_a_limit_an_answer_takes_as_long_as_it_takes(db: None) -> None:
    with OAuthConnection.connect(**parameters()) as server:
        assert server.answer_seconds_max is None
        server.execute("SELECT pg_sleep(0.3)")


def test_a_pooled_connection_whose_server_froze_is_given_up_for_a_new_one(
    db: None, frozen: Freeze, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lakebase, "trusted_seconds", -1)
    monkeypatch.setattr(lakebase, "check_seconds_max", 0.3)
    with Pool(
        kwargs=parameters() | {"autocommit": True}, configure=lambda _: None, checked=True, min_size=1, max_size=2
    ) as pool:
        first = pool.getconn(soon_seconds)
        before = first.info.backend_pid
        frozen(first)
        pool.putconn(first)
        second = pool.getconn(soon_seconds)
        assert second.info.backend_pid != before
        assert second.execute("SELECT 1").fetchone() == (1,)
        assert second.answer_seconds_max is None
        pool.putconn(second)


def limits_of(monkeypatch: pytest.MonkeyPatch, limits: databases.Limits, url_options: str = "") -> list[Any]:
    """statement_timeout, lock_timeout, idle_in_transaction_session_timeout of a new connection with these limits."""
    changed = copy.deepcopy(connections.settings["default"]) | {"NAME": connection.settings_dict["NAME"]}
    changed["OPTIONS"] |= {"pool": None, "options": url_options}
    monkeypatch.setitem(connections.settings, "default", changed)
    databases.limit(limits)
    wrapper = connections.create_connection("default")
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    try:
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
            return [*(cursor.fetchone() or ()), wrapper.connection.answer_seconds_max]
    finally:
        wrapper.close()


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (databases.web(lock_seconds=1), ["10s", "1s", "1min", 12]),
        (databases.web(lock_seconds=6), ["10s", "6s", "1min", 12]),
        (databases.web(lock_seconds=60), ["64s", "1min", "1min", 66]),
        (databases.jobs, ["2min", "1min", "2min", 150]),
    ],
)
def test_each_kind_of_process_has_its_limits(
    db: None, monkeypatch: pytest.MonkeyPatch, limits: databases.Limits, told: list[Any]
) -> None:
    assert limits_of(monkeypatch, limits) == told


def test_what_the_databases_own_address_says_goes_before(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits_of(monkeypatch, databases.jobs, "-c statement_timeout=7s")[:2] == ["7s", "1min"]


def test_an_export_has_longer_and_what_follows_has_not(db: None) -> None:
    question = "SELECT current_setting('statement_timeout') FROM generate_series(1, 3)"
    connection.connection.answer_seconds_max = 12
    try:
        rows = streamed(question, {})
        first = next(rows)
        assert connection.connection.answer_seconds_max > streamed_seconds_max
        assert [first, *rows] == [("1min",)] * 3
        assert connection.connection.answer_seconds_max == 12
    finally:
        del connection.connection.answer_seconds_max
    # Commands have no limits, and get none by this.
    assert set(streamed(question, {})) == {(connection_setting("statement_timeout"),)}


def connection_setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        (value,) = cursor.fetchone() or ("",)
    return str(value)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SET TRANSACTION READ ONLY", "it is read only. Nothing was booked"),
        (
            "CREATE TRIGGER breaks BEFORE INSERT ON scan_events EXECUTE FUNCTION breaks('53100')",
            "disk of the database is",
        ),
        (
            "CREATE TRIGGER breaks BEFORE INSERT ON scan_events EXECUTE FUNCTION breaks('57014')",
            "took too long over this",
        ),
        (
            "CREATE TRIGGER breaks BEFORE INSERT ON scan_events EXECUTE FUNCTION breaks('55P03')",
            "Other work that is not",
        ),
    ],
)
def test_a_booking_that_the_database_cannot_take_is_told_why_and_to_come_again(
    db: None, client: Client, statement: str, words: str
) -> None:
    from linesync.testing import post_json

    with connection.cursor() as cursor:
        cursor.execute(breaks)
        cursor.execute(statement)
    answer = post_json(client, "events/intake", {"station_id": "DOCK-1", "barcode_raw": "ITEM=PART-1;QTY=24"})
    assert answer.status_code == 503
    assert words in answer.json()["detail"]
    assert answer["Retry-After"]


breaks = """
CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'as if' USING ERRCODE = TG_ARGV[0];
END $$
"""
