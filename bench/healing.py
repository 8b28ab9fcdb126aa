"""Each part of a running LineSync killed (kill -9) again and again while four programs book: seconds until it is back.

`BENCH_KILLS` says how often each. A part counts as new after 2 s here instead of 30: what is measured is one death, not
the pause that follows a row of them.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

import psycopg
import requests

from bench.table import Figure
from linesync.start.ports import free_port

root = Path(__file__).resolve().parent.parent
kills = int(os.environ.get("BENCH_KILLS", "20"))
clients = 4
pause_seconds = 0.1
between_seconds = 3
# Of those that were answered so many are asked for once more: they have to be told the same.
asked_again_max = 200
wait_seconds_max = 120
run = "import sys; from linesync.start import parts, run; parts.settled_seconds = 2; sys.exit(run.main())"


def rows() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="linesync-bench-") as folder, _House(Path(folder)).running() as house:
        ways: dict[str, Callable[[], float]] = {
            "a web process": lambda: house.until_booked(house.web_worker()),
            "the web server's head": lambda: house.until_booked(house.head("The web server")),
            "the job worker": house.until_works,
            "Postgres": lambda: house.until_booked(house.postmaster()),
            "make run itself, started again": house.until_started,
        }
        took: dict[str, list[float]] = {}
        with _booking(house) as book:
            for what, way in ways.items():
                took[what] = []
                for _ in range(kills):
                    time.sleep(between_seconds)
                    took[what].append(way())
        lost, doubled = book.settled()
    return [
        *[figure for what, seconds in took.items() for figure in _figures(what, seconds)],
        Figure("bookings tried meanwhile", len(book.tried), ""),
        Figure("of them answered at the first try", len(book.acknowledged), ""),
        Figure("lost", lost, "", 0),
        Figure("doubled", doubled, "", 0),
        Figure("load of this machine just now, of 2 cores", os.getloadavg()[0], ""),
    ]


def _figures(what: str, seconds: list[float]) -> list[Figure]:
    return [
        Figure(f"{what}: killed {len(seconds)} times, back after, median", median(seconds), "s"),
        Figure(f"{what}: longest", max(seconds), "s"),
    ]


@dataclass
class _House:
    """LineSync as `make run` starts it, in a folder of its own."""

    var: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @contextmanager
    def running(self) -> Iterator["_House"]:
        self.start()
        try:
            yield self
        finally:
            if self.process:
                self.process.terminate()
                self.process.wait()

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
        own = {"LINESYNC_VAR": str(self.var), "PORT": str(self.port), "LOG_LEVEL": "CRITICAL"}
        with (self.var / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", run], cwd=root, env=environment | own, stdout=log, stderr=log
            )
        record = self.var / "runs" / f"{self.process.pid}.json"
        _wait_until(lambda: record.exists() and self.book(str(uuid4())) is not None)

    def book(self, key: str, seconds_max: float = 10) -> str | None:
        """The event's id. None: no answer, or a refusal for now."""
        scan = {"station_id": "DOCK-1", "barcode_raw": f"ITEM={key};QTY=1"}
        address = f"http://127.0.0.1:{self.port}/api/events/intake"
        try:
            answer = requests.post(address, json=scan, headers={"Idempotency-Key": key}, timeout=seconds_max)
            return str(answer.json()["event_id"]) if answer.status_code == 200 else None
        except requests.RequestException:
            return None

    def url(self) -> str:
        return (self.var / "postgres" / "url").read_text()

    def postmaster(self) -> int:
        return int((self.var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    def head(self, name: str) -> int:
        (record,) = [json.loads(file.read_text()) for file in (self.var / "runs").glob("*.json")]
        return next(int(part["pid"]) for part in record["parts"] if part["name"] == name)

    def web_worker(self) -> int:
        found = subprocess.run(["pgrep", "-P", str(self.head("The web server"))], capture_output=True, text=True)
        return int(found.stdout.split()[-1])

    def until_booked(self, pid: int) -> float:
        """Kill it; seconds until a booking that was begun afterwards is acknowledged, asked for again and again."""
        os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        _wait_until(lambda: self.book(str(uuid4()), seconds_max=2) is not None)
        return time.monotonic() - began

    def until_works(self) -> float:
        """Seconds until another one has written itself down in the queue."""
        newest = "SELECT coalesce(max(id), 0) FROM procrastinate_workers"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            before = connection.execute(newest).fetchone()
            os.kill(self.head("The job worker"), signal.SIGKILL)
            began = time.monotonic()
            _wait_until(lambda: connection.execute(newest).fetchone() != before)
        return time.monotonic() - began

    def until_started(self) -> float:
        assert self.process
        self.process.kill()
        self.process.wait()
        began = time.monotonic()
        self.start()
        return time.monotonic() - began


@dataclass
class _Book:
    house: _House
    tried: list[str] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def scan(self) -> None:
        while not self.stop.wait(pause_seconds):
            key = str(uuid4())
            self.tried.append(key)
            if event_id := self.house.book(key):
                self.acknowledged[key] = event_id

    def settled(self) -> tuple[int, int]:
        """Lost: acknowledged and not there, or told otherwise when asked again. Doubled: rows beyond one per key."""
        answered: dict[str, str | None] = dict(self.acknowledged)

        def is_answered(key: str) -> bool:
            answered[key] = self.house.book(key)
            return answered[key] is not None

        unanswered = [key for key in self.tried if key not in answered]
        for key in [*unanswered, *list(answered)[-asked_again_max:]]:
            _wait_until(partial(is_answered, key))
        items = "SELECT event_id::text, item_id FROM scan_events"
        with psycopg.connect(self.house.url()) as connection:
            booked: dict[str, str] = dict(connection.execute(items).fetchall())
        told = self.acknowledged.items()
        lost = [key for key, event_id in told if event_id not in booked or answered[key] != event_id]
        ours = [item_id for item_id in booked.values() if item_id in answered]
        return len(lost), len(ours) - len(self.tried)


@contextmanager
def _booking(house: _House) -> Iterator[_Book]:
    book = _Book(house)
    threads = [threading.Thread(target=book.scan) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield book
    finally:
        book.stop.set()
        for thread in threads:
            thread.join()


def _wait_until(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError("LineSync does not come back")
        time.sleep(0.02)
