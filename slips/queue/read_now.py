"""A slip read while the caller waits: in a process of its own, which gives its memory back, one at a time."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from slips import engines
from slips.paper.pages import BadSlip, open_document

read_seconds_max = 50
retry_after_seconds = 5
_one_at_a_time = 7_702_117_903


class Busy(Exception):
    """Another slip is being read for a program just now; worth another try after `retry_after_seconds`."""

    def __init__(self) -> None:
        super().__init__("Another slip is being read just now. Try again in a moment.")


def read(data: bytes, name: str) -> dict[str, Any]:
    """What `manage.py read_slip --json` says of this file. Raises BadSlip, also after `read_seconds_max`, and Busy."""
    with open_document(data, name):
        pass  # what is no slip at all is refused before a reader is started
    with _alone(), tempfile.NamedTemporaryFile(prefix="slip-") as file:
        file.write(data)
        file.flush()
        answer, complaints = _run(file.name)
    if not answer:
        raise BadSlip(_sentence(complaints, file.name))
    result: dict[str, Any] = json.loads(answer)
    return result


@contextmanager
def _alone() -> Iterator[None]:
    # Optical reading takes 1.3 GB; the lock is the database's, so that it holds for all processes.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_one_at_a_time])
        if not cursor.fetchall()[0][0]:
            raise Busy
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_one_at_a_time])


def _run(path: str) -> tuple[str, str]:
    command = [sys.executable, "-m", "django", "read_slip", "--json", "--engine", engines.engine_default(), path]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "linesync.settings", "PYTHONPATH": str(settings.BASE_DIR)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=read_seconds_max)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise BadSlip(
                f"Reading this slip takes longer than {read_seconds_max} s. Send fewer pages at once, or upload it in "
                "LineSync under Slips, where it is read in the background."
            ) from error


def _sentence(complaints: str, path: str) -> str:
    told = [line.removeprefix(f"{path}: ") for line in complaints.splitlines() if line.startswith(f"{path}: ")]
    return told[0].replace(f"“{Path(path).name}”", "This file") if told else "This slip could not be read."
