"""What the slips' tests share: a client that uploads, a worker that works until nothing waits, and drafts to review."""

import asyncio
import copy
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from linesync.start import processes, worker
from slips.checks import plain
from slips.models import Slip, SlipLine
from slips.reading import ocr
from slips.values import Head, Line, StoredFile

Upload = Callable[..., Any]
"""`upload(*contents, name="slip.pdf", **fields)`: the client's answer."""

Work = Callable[[], bool]

Result = TypeVar("Result")


@pytest.fixture(scope="session", autouse=True)
def _one_thread_reads() -> Iterator[None]:
    """Two that take turns on a busy machine spend a third of their time on waiting for each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ocr, "threads_max", 1)
        yield


@pytest.fixture(scope="module")
def pictures_read_once() -> Iterator[None]:
    """From here to the module's end a picture that was read optically before is not looked at for seconds again."""
    seen: dict[tuple[int, bytes], ocr.OcrPage] = {}
    read = ocr.read

    def read_once(picture: ocr.Picture) -> ocr.OcrPage:
        key = (picture.shape[0], picture.tobytes())
        if key not in seen:
            seen[key] = read(picture)
        return copy.deepcopy(seen[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ocr, "read", read_once)
        yield


@pytest.fixture
def work() -> Work:
    """Run the queued jobs until none waits."""
    return lambda: run(worker.work(until_done=True))


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Its result, from a thread of its own: a browser's loop may already run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.fixture
def upload(client: Client) -> Upload:
    """Send files to the upload page; the answer."""

    def send(*contents: bytes, name: str = "slip.pdf", **fields: str) -> Any:
        files = []
        for content in contents:
            file = io.BytesIO(content)
            file.name = name
            files.append(file)
        return client.post("/slips/new", {"files": files, **fields})

    return send


def start_worker() -> subprocess.Popen[bytes]:
    """The command of `make run`, on this test's database."""
    return subprocess.Popen(
        [sys.executable, "-m", "linesync.start.worker"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_address()},
        start_new_session=True,
        preexec_fn=processes.tied_to_us(),
    )


def database_address() -> str:
    params = connection.settings_dict
    return f"postgresql://{params['USER']}:{params['PASSWORD']}@{params['HOST']}:{params['PORT']}/{params['NAME']}"


def slip_of(response: Any) -> Slip:
    """The slip that this redirect leads to."""
    found = re.search(r"/slips/([0-9a-f-]{36})/", response["Location"])
    assert found, response["Location"]
    slip: Slip = Slip.objects.get(slip_id=found[1])
    return slip


def to_review(
    *lines: tuple[str, float | Decimal | str | None],
    head: Head | None = None,
    digest: str | None = None,
    by: str = "dana@example.com",
) -> Slip:
    """A slip under review with these lines, each (item, quantity), without a file behind it."""
    slip_id = uuid4()
    digest = digest or f"digest of {slip_id}"
    Slip.objects.begin(slip_id, [StoredFile("slip.pdf", 1, digest, "nowhere")], uploaded_by=by)
    Slip.objects.open_review(slip_id, head or Head())
    SlipLine.objects.replace_draft(
        slip_id,
        [
            Line(item_id, None if qty is None else Decimal(str(qty)), "", "high", 0, (0.1, 0.1, 0.9, 0.2))
            for item_id, qty in lines
        ],
    )
    slip: Slip = Slip.objects.get(slip_id=slip_id)
    return slip


def line_fields(line: SlipLine, **changes: Any) -> dict[str, Any]:
    """What the line's form sends."""
    qty = plain(line.qty)
    found = "" if line.found_qty is None else line.found_qty
    fields = {"item_id": line.item_id, "qty": qty, "found_qty": found, "description": line.description}
    return fields | {"version": line.version} | changes


def receive_fields(slip: Slip, **changes: Any) -> dict[str, Any]:
    slip.refresh_from_db()
    return {"revision": slip.revision, "station": "", "again_reason": ""} | changes


@contextmanager
def no_second_page() -> Iterator[None]:
    """Meanwhile a worker that has read a slip's second page waits before the slip says so."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN PERFORM pg_advisory_xact_lock(2); RETURN NEW; END $$;
            CREATE TRIGGER wait_here BEFORE UPDATE ON slips
            FOR EACH ROW WHEN (NEW.pages_read = 2) EXECUTE FUNCTION wait_here();
            SELECT pg_advisory_lock(2);
            """
        )
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(2)")
            cursor.execute("DROP FUNCTION wait_here CASCADE")


def silence_workers() -> None:
    """Let a minute pass since their last heartbeat."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
