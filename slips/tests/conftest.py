"""What the slips' tests share: a client that uploads, a worker that works until nothing waits, and drafts to review."""

import asyncio
import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from linesync.start import worker
from slips.checks import plain
from slips.models import Slip, SlipLine
from slips.values import Head, Line, StoredFile


@pytest.fixture
def work():
    """Run the queued jobs until none waits."""
    return lambda: run(worker.work(until_done=True))


def run(coroutine):
    """Its result, from a thread of its own: a browser's loop may already run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.fixture
def upload(client):
    """Send files to the upload page; the answer."""

    def send(*contents, name="slip.pdf", **fields):
        files = []
        for content in contents:
            file = io.BytesIO(content)
            file.name = name
            files.append(file)
        return client.post("/slips/new", {"files": files, **fields})

    return send


def start_worker():
    """The command of `make run`, on this test's database."""
    params = connection.settings_dict
    address = f"postgresql://{params['USER']}:{params['PASSWORD']}@{params['HOST']}:{params['PORT']}/{params['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-m", "linesync.start.worker"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address},
        start_new_session=True,
    )


def slip_of(response):
    """The slip that this redirect leads to."""
    return Slip.objects.get(slip_id=re.search(r"/slips/([0-9a-f-]{36})/", response["Location"])[1])


def to_review(*lines, head=None, digest=None, by="dana@example.com"):
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
    return Slip.objects.get(slip_id=slip_id)


def line_fields(line, **changes):
    """What the line's form sends."""
    qty = plain(line.qty)
    found = "" if line.found_qty is None else line.found_qty
    fields = {"item_id": line.item_id, "qty": qty, "found_qty": found, "description": line.description}
    return fields | {"version": line.version} | changes


def receive_fields(slip, **changes):
    slip.refresh_from_db()
    return {"revision": slip.revision, "station": "", "again_reason": ""} | changes
