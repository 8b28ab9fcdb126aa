"""A pytest plugin: the tests' own Postgres, started before Django reads its settings, gone afterwards.

TEST_DATABASE_URL names another server instead (a role that may create databases). A whole run is shared by as many
processes as the machine has cores (pytest-xdist); a part of it, or whatever is debugged, runs in one.
"""

import json
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from linesync.start.embedded import Embedded
from linesync.tests.leftovers import Watched, mark

pytest_plugins = ["linesync.tests.chromium"]

# None in the process that the person started: it makes what the others, xdist's workers, find in their environment.
_worker = os.environ.get("PYTEST_XDIST_WORKER")
_watched = None if _worker else Watched()
_run_folder = _watched.folder if _watched else Path(os.environ[mark])
_folder = _run_folder / (_worker or "main")
_server: Embedded | None = None
workers_max = 4

_folder.mkdir(exist_ok=True)
os.environ[mark] = str(_run_folder)
if _worker:
    # A core each.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
if _watched:
    # Whatever makes a folder for a while makes it where it goes with the run.
    (_run_folder / "tmp").mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(_run_folder / "tmp")

os.environ["LINESYNC_VAR"] = str(_folder)
os.environ["STATIC_MANIFEST"] = "0"
# Playwright's loop runs in the tests' own thread; the tests use the database between its calls, never inside one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
os.environ.setdefault("USER_EMAIL", "dana@example.com")
for name in (
    "TRUST_PROXY_HEADERS", "REORDER_POINT", "REORDER_QTY", "STATIONS",
    "REVIEWERS", "REVIEWERS_GROUP", "NOTICE_URL", "NOTICE_SECRET", "ALLOWED_HOSTS", "HTTPS", "LOCK_WAIT_SECONDS",
):  # fmt: skip
    os.environ.pop(name, None)
# A developer's own workspace is none of the tests' business.
for name in [name for name in os.environ if name.startswith(("DATABRICKS_", "LAKEBASE_", "PG"))]:
    del os.environ[name]
# A server of its own for each process: one transaction counts for all databases of a server.
if (url := os.environ.get("TEST_DATABASE_URL")) and _worker in (None, "gw0"):
    os.environ["DATABASE_URL"] = url
else:
    # Durability is what a power cut would test; these data die with the run.
    risky = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    _server = Embedded(_folder / "postgres", options=risky)
    os.environ["TEST_DATABASE_URL"] = os.environ["DATABASE_URL"] = _server.start()


_exit_status = 0
# From the end of the tests to the end of the process.
left_seconds_max = 5


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A run of everything is worth the start of several processes; a run of what a person named is not.

    Nor do several share a server that a person named: a refresh tells old from new by who else writes there.
    """
    if not _server:
        return 0
    is_whole = not (config.args_source is config.ArgsSource.ARGS or config.option.keyword or config.option.markexpr)
    return min(os.cpu_count() or 1, workers_max) if is_whole else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # schemathesis gives the tests of all calls one id, and xdist would run one of them.
        if call := getattr(item, "operation_label", None):
            item._id = item.id.with_params(call)
    if len({item.nodeid for item in items}) < len(items):
        raise pytest.UsageError("Two tests have one id: only one of them would be run.")
    if _worker:
        # What takes long is begun first: no process is to work alone at the end.
        items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadFileScheduling

    class OneSpark(LoadFileScheduling):  # type: ignore[misc]
        """A file's tests stay together, and all tests of the pipelines: they share one Spark."""

        def _split_scope(self, nodeid: str) -> str:
            return "pipelines" if nodeid.startswith("pipelines/") else super()._split_scope(nodeid)

    return OneSpark(config, log)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    global _exit_status
    _exit_status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if _server:
        _server.stop()
    if _watched and (ended := _watched.end()):
        sys.stderr.write(f"\nLeft behind by a test, ended now:\n{ended}")
    threading.Thread(target=_end_anyway, daemon=True).start()


def _end_anyway() -> None:
    """A thread that a failed test left at work must not keep a finished run from ending; say which one it is."""
    time.sleep(left_seconds_max)
    left = [thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()]
    stacks = sys._current_frames()
    for thread in left:
        sys.stderr.write(f"\nLeft behind by a test, still running: {thread.name}\n")
        sys.stderr.writelines(traceback.format_stack(stacks.get(thread.ident or 0)))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_exit_status)


@pytest.fixture
def ledger(transactional_db: None) -> Iterator[None]:
    """Real commits that other threads see. Empties our tables afterwards: Django's flush does not know them."""
    yield
    empty_ledger()


@pytest.fixture
def still_clock(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The site's clock stands where the database's does for this test's one transaction: no midnight between them."""
    from django.db import connection
    from django.utils import timezone

    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (moment,) = cursor.fetchone() or (timezone.now(),)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def empty_ledger() -> None:
    """Empty every table of ours. Only the owner of a test database can: triggers are lifted for this session."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
            WHERE schemaname = current_schema AND tablename !~ '^(django_|auth_)'
            """
        )
        (tables,) = cursor.fetchone() or ("",)
        cursor.execute("SET session_replication_role = 'replica'")
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY")
        cursor.execute("SET session_replication_role = 'origin'")


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in a thread each, all released together; return their results or exceptions, in order."""
    from django.db import connection

    results: list[Any] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = job()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def post_json(client: Any, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
    """POST JSON below /api/ as a program does; `key` is the Idempotency-Key, None for none."""
    if key is not None:
        headers["Idempotency-Key"] = key
    data = "" if body is None else json.dumps(body)
    return client.post(f"/api/{path}", data, content_type="application/json", headers=headers)
