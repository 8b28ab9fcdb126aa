"""A pytest plugin: the tests' own Postgres, started before Django reads its settings, gone afterwards.

TEST_DATABASE_URL names another server instead (a role that may create databases).
"""

import json
import os
import re
import shutil
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

chromium_path = shutil.which("chromium") or "/usr/bin/chromium"
_folder = Path(tempfile.mkdtemp(prefix="linesync-test-"))
_server: Embedded | None = None

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
if url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
else:
    # Durability is what a power cut would test; these data die with the run.
    _server = Embedded(_folder / "postgres", options="-c fsync=off -c synchronous_commit=off -c full_page_writes=off")
    os.environ["TEST_DATABASE_URL"] = os.environ["DATABASE_URL"] = _server.start()


_exit_status = 0
request_seconds_max = 30
# From the end of the tests to the end of the process.
left_seconds_max = 5


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    global _exit_status
    _exit_status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if _server:
        _server.stop()
    shutil.rmtree(_folder, ignore_errors=True)
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


_quiet_flags = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
]


_refusal = re.compile(r"Failed to load resource: the server responded with a status of (422|429) ")


@pytest.fixture
def _playwright() -> Iterator[Any]:
    """For one test: while it lives its event loop runs in this thread, where the job worker's tests need their own."""
    from django.db import connections
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright
        # Where a loop runs Django gives a test a connection of its own, which nobody else can close later.
        connections.close_all()


@pytest.fixture
def open_browser(_playwright: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """`open_browser(video=None, **context)`: a page in a Chromium of its own, at a handheld's size.

    `video` is an MJPEG file that stands in for the camera. The console's errors and warnings: `page.complaints`, but
    for the line that the browser itself writes for each of our answers that refuse (422, 429): `page.refusals`.
    """
    browsers = []

    def open_page(*, video: Path | None = None, camera_allowed: bool = True, **context: Any) -> Any:
        flags = [*_quiet_flags, "--use-fake-device-for-media-stream"]
        flags += ["--use-fake-ui-for-media-stream"] if camera_allowed else ["--deny-permission-prompts"]
        flags += [f"--use-file-for-fake-video-capture={video}"] if video else []
        browser = _playwright.chromium.launch(executable_path=chromium_path, args=flags)
        browsers.append(browser)
        page = browser.new_context(**{"viewport": {"width": 360, "height": 640}, **context}).new_page()
        page.complaints, page.refusals = [], []
        page.on("console", lambda said: _note(page, said))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_page
    for browser in browsers:
        browser.close()
    if "live_server" in request.fixturenames:
        _let_requests_end(request.getfixturevalue("live_server").thread.httpd)


def _let_requests_end(server: object) -> None:
    """A browser goes in the middle of its requests: what they still ask must not reach the next test's tables.

    After the last test it would open the test database again while that is dropped.
    """
    for thread in threading.enumerate():
        if getattr(getattr(thread, "_target", None), "__self__", None) is server:
            thread.join(request_seconds_max)


def _note(page: Any, said: Any) -> None:
    if said.type in ("error", "warning"):
        (page.refusals if _refusal.match(said.text) else page.complaints).append(said.text)


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
