"""The database login: real databricks-sdk, real psycopg by TLS, a real Postgres; only the workspace is a stand-in."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from linesync import workspace
from linesync.lakebase import credentials
from linesync.lakebase.base import DatabaseWrapper
from linesync.lakebase.connection import lifetime_seconds_max, refused_seconds
from linesync.tests.fake_lakebase import FakeLakebase, endpoint
from linesync.tests.fake_workspace import client_id

Wrap = Callable[..., DatabaseWrapper]


@pytest.fixture
def database(fake_lakebase: FakeLakebase) -> Iterator[str]:
    with fake_lakebase.database() as name:
        yield name


@pytest.fixture
def lakebase(fake_lakebase: FakeLakebase, database: str) -> Iterator[Wrap]:
    """Makes connections as Django would, each to be used in the thread that made it."""
    made: list[DatabaseWrapper] = []

    def make(pool: bool = True, **changes: Any) -> DatabaseWrapper:
        settings = fake_lakebase.settings(database) | changes
        if not pool:
            del settings["OPTIONS"]["pool"]
        wrapper = ConnectionHandler({"default": settings, "lakebase": settings})["lakebase"]
        assert isinstance(wrapper, DatabaseWrapper)
        made.append(wrapper)
        return wrapper

    yield make
    for wrapper in made:
        wrapper.close()
    if made:
        made[-1].close_pool()


def ask(wrapper: DatabaseWrapper, sql: str = "SELECT current_user") -> Any:
    try:
        with wrapper.cursor() as cursor:
            cursor.execute(sql)
            return (cursor.fetchone() or (None,))[0]
    finally:
        # Back to the pool, as at the end of a request.
        wrapper.close()


def test_the_app_logs_in_with_an_oauth_token_by_tls(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    assert ask(lakebase()) == client_id
    (token,) = set(fake_lakebase.gate.logins)
    assert len(token) > 1000
    assert token in fake_lakebase.workspace.database_tokens
    assert fake_lakebase.workspace.calls("/credentials")[0][2] == {"endpoint": endpoint}


def test_a_connection_without_a_pool_logs_in_too(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    assert ask(lakebase(pool=False)) == client_id
    assert len(fake_lakebase.gate.logins) == 1


def test_connections_share_a_token_until_its_renewal(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    wrapper = lakebase(pool=False)
    for _ in range(3):
        ask(wrapper)
    assert len(fake_lakebase.gate.logins) == 3
    assert len(fake_lakebase.workspace.calls("/credentials")) == 1


def test_a_rotated_token_serves_the_next_connection_and_leaves_the_open_one_alone(
    fake_lakebase: FakeLakebase, lakebase: Wrap
) -> None:
    fake_lakebase.workspace.database_seconds = 1
    old = lakebase(pool=False)
    with old.cursor() as cursor:
        cursor.execute("SELECT 1")
        time.sleep(1.1)
        assert ask(lakebase(pool=False)) == client_id
        cursor.execute("SELECT 1")
    first, second = fake_lakebase.gate.logins
    assert first != second
    assert fake_lakebase.gate.refused == 0


def test_a_token_revoked_early_is_refused_once_and_then_replaced(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    wrapper = lakebase(pool=False)
    ask(wrapper)
    fake_lakebase.workspace.revoke_all()
    with pytest.raises(OperationalError, match="authentication failed"):
        ask(wrapper)
    assert ask(wrapper) == client_id
    assert fake_lakebase.gate.refused == 1
    assert len(fake_lakebase.workspace.calls("/credentials")) == 2


def test_the_pool_hides_a_token_that_was_revoked_early(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    wrapper = lakebase()
    ask(wrapper)
    fake_lakebase.workspace.revoke_all()
    fake_lakebase.gate.cut()
    assert ask(wrapper) == client_id


def test_dead_connections_are_thrown_away_together(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    wrapper = lakebase()
    gate = threading.Barrier(6, timeout=60)

    def hold() -> None:
        own = wrapper.copy()
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
            gate.wait()
        own.close()

    threads = [threading.Thread(target=hold) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrapper.pool is not None
    assert wrapper.pool.get_stats()["pool_available"] == 6
    fake_lakebase.gate.cut()
    assert ask(wrapper) == client_id
    assert ask(wrapper) == client_id
    # The stock pool would have found them dead one by one, with a pause after each.
    assert wrapper.pool.get_stats()["connections_lost"] == 1


def test_a_workspace_that_is_down_fails_new_connections_and_recovers_without_a_restart(
    fake_lakebase: FakeLakebase, lakebase: Wrap
) -> None:
    wrapper = lakebase()
    ask(wrapper)
    fake_lakebase.workspace.down = True
    assert ask(wrapper) == client_id, "an open connection needs no workspace"
    credentials.token.cache_clear()
    fake_lakebase.gate.cut()
    with pytest.raises(OperationalError, match="cannot be reached"):
        ask(wrapper)
    fake_lakebase.workspace.down = False
    time.sleep(refused_seconds)
    assert ask(wrapper) == client_id


def test_while_nothing_can_be_reached_requests_are_refused_at_once(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    wrapper = lakebase()
    fake_lakebase.gate.open = False
    for _ in range(2):
        with pytest.raises(OperationalError):
            ask(wrapper)
    attempts = wrapper.pool.get_stats()["connections_errors"] if wrapper.pool else 0
    with pytest.raises(OperationalError):
        ask(wrapper)
    assert wrapper.pool is not None
    assert wrapper.pool.get_stats()["connections_errors"] <= attempts + 1


def test_a_wrong_client_secret_is_a_lost_database_and_not_a_crash(
    fake_lakebase: FakeLakebase, lakebase: Wrap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABRICKS_CLIENT_SECRET", "wrong")
    with pytest.raises(OperationalError, match="no Lakebase credential"):
        ask(lakebase(pool=False))


def test_host_and_role_are_looked_up_where_the_environment_names_none(
    fake_lakebase: FakeLakebase, database: str
) -> None:
    settings = fake_lakebase.settings(database) | {"HOST": "", "USER": "", "PORT": str(fake_lakebase.gate.port)}
    del settings["OPTIONS"]["pool"]
    wrapper = ConnectionHandler({"default": settings})["default"]
    assert ask(wrapper) == client_id  # type: ignore[arg-type]


def test_tables_live_in_our_own_schema_which_migrate_makes(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    wrapper = lakebase()
    wrapper.prepare_database()
    wrapper.prepare_database()
    assert ask(wrapper, "SELECT current_schema") == "linesync"
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE crates (id int)")
    assert ask(wrapper, "SELECT 'linesync.crates'::regclass::text") == "crates"


def test_the_certificate_is_checked_where_one_is_given(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    with pytest.raises(OperationalError, match="certificate"):
        ask(lakebase(pool=False, HOST="127.0.0.1"))


def test_a_server_without_tls_is_refused(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    with pytest.raises(OperationalError, match="SSL"):
        ask(lakebase(pool=False, PORT=str(fake_lakebase.gate.postgres_port)))


def test_no_connection_outlives_the_hour_of_its_token() -> None:
    assert lifetime_seconds_max < 3600


def test_a_password_beside_the_endpoint_is_refused(fake_lakebase: FakeLakebase, database: str) -> None:
    settings = fake_lakebase.settings(database) | {"PASSWORD": "dapi-something"}
    wrapper = ConnectionHandler({"default": settings})["default"]
    with pytest.raises(ImproperlyConfigured, match="OAuth tokens only"):
        wrapper.get_connection_params()


def test_dbshell_gets_the_token_the_schema_and_tls(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    wrapper = lakebase()
    arguments, environment = wrapper.client.settings_to_cmd_args_env(wrapper.settings_dict, ["-c", "SELECT 1"])
    assert arguments[:5] == ["psql", "-U", client_id, "-h", "localhost"]
    assert environment is not None
    assert environment["PGPASSWORD"] in fake_lakebase.workspace.database_tokens
    assert environment["PGPASSWORD"] not in " ".join(arguments)
    assert environment["PGOPTIONS"] == "-c search_path=linesync"
    assert environment["PGSSLMODE"] == "verify-full"


@pytest.mark.skipif(not shutil.which("psql"), reason="psql (with TLS) is not installed on this machine")
def test_dbshell_opens_psql_in_our_schema(fake_lakebase: FakeLakebase, lakebase: Wrap) -> None:
    wrapper = lakebase()
    wrapper.prepare_database()
    wrapper.close()
    arguments, environment = wrapper.client.settings_to_cmd_args_env(
        wrapper.settings_dict, ["-Atc", "SELECT current_schema || ' by TLS for ' || current_user"]
    )
    answer = subprocess.run(
        arguments, env=os.environ | (environment or {}), capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip() == f"linesync by TLS for {client_id}", answer.stderr


def test_the_test_database_is_made_by_oauth_too(fake_lakebase: FakeLakebase, database: str) -> None:
    with fake_lakebase.owner() as connection:
        connection.execute(f'ALTER ROLE "{client_id}" CREATEDB')
    script = """
import django; django.setup()
from django.db import connection
connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
with connection.cursor() as cursor:
    cursor.execute("SELECT current_database() || ' ' || count(*) FROM linesync.scan_events")
    print(cursor.fetchone()[0])
connection.close()
connection.creation.destroy_test_db("postgres", verbosity=0)
"""
    answer = fake_lakebase.run(["-c", script], database)
    with fake_lakebase.owner() as connection:
        connection.execute(f'ALTER ROLE "{client_id}" NOCREATEDB')
    assert answer.stdout.splitlines()[-1] == f"test_{database} 0", answer.stderr


def test_a_token_is_kept_until_ten_minutes_before_its_end() -> None:
    clock = [0.0]
    made = iter(range(10))
    kept = credentials.Kept(lambda: (next(made), clock[0] + 3600), now=lambda: clock[0])
    assert kept.get() == 0
    clock[0] = 2999
    assert kept.get() == 0
    clock[0] = 3000
    assert kept.get() == 1


def test_an_old_token_is_used_to_its_end_while_the_workspace_does_not_answer() -> None:
    clock = [0.0]
    answers = iter([("first", 3600.0)])

    def fetch() -> tuple[str, float]:
        try:
            return next(answers)
        except StopIteration:
            raise OSError("down") from None

    kept = credentials.Kept(fetch, now=lambda: clock[0])
    assert kept.get() == "first"
    clock[0] = 3600 - credentials.last_seconds - 1
    assert kept.get() == "first"
    clock[0] = 3600 - credentials.last_seconds
    with pytest.raises(OSError, match="down"):
        kept.get()


def test_only_the_thread_that_saw_a_token_fail_forgets_it() -> None:
    made = iter(["one", "two"])
    kept = credentials.Kept(lambda: (next(made), float("inf")))
    assert kept.get() == "one"
    kept.forget("an older one")
    assert kept.get() == "one"
    kept.forget("one")
    assert kept.get() == "two"


def test_a_child_of_a_fork_makes_its_own_client(fake_lakebase: FakeLakebase) -> None:
    workspace.client()
    assert workspace.client.cache_info().currsize == 1
    pid = os.fork()
    if pid == 0:
        os._exit(workspace.client.cache_info().currsize)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
