"""The JSON API under gunicorn and a durable Postgres: one booking alone, then eight clients at once."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

import psutil

from bench.table import Figure
from linesync.start.embedded import Embedded
from linesync.start.ports import free_port

root = Path(__file__).resolve().parent.parent
alone_bookings = 400
clients = 8
together_seconds = 8


def rows() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="linesync-bench-") as folder, _served(Path(folder)) as house:
        for warm in range(200):
            _Client(house.port).book(f"WARM-{warm}", keyed=False)
        alone = _alone(house.port, keyed=False)
        keyed = _alone(house.port, keyed=True)
        before = _cpu_seconds(house)
        together = _together(house.port)
        spent = {name: (seconds - before[name]) * 1000 / len(together) for name, seconds in _cpu_seconds(house).items()}
    return [
        Figure("one booking, median", median(alone), "ms", 5),
        Figure("one booking, p95", quantiles(alone, n=20)[-1], "ms"),
        Figure("one booking with Idempotency-Key, median", median(keyed), "ms", 5),
        Figure(f"{clients} clients, bookings a second", len(together) / together_seconds, "/s", 500, at_most=False),
        Figure(f"{clients} clients, median", median(together), "ms"),
        Figure(f"{clients} clients, p95", quantiles(together, n=20)[-1], "ms"),
        *[Figure(f"processor time of a booking, {name}", milliseconds, "ms") for name, milliseconds in spent.items()],
        Figure("bookings a second that two cores could give to this alone", 2000 / sum(spent.values()), "/s"),
        Figure("load of this machine just now, of 2 cores", os.getloadavg()[0], ""),
    ]


@dataclass(frozen=True, slots=True)
class _House:
    port: int
    web_pid: int
    postgres_pid: int


@contextmanager
def _served(folder: Path) -> Iterator[_House]:
    """gunicorn with the product's own configuration on a port of its own, two workers, beside its own Postgres."""
    server = Embedded(folder / "postgres")
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": server.start(), "LINESYNC_VAR": str(folder), "USER_EMAIL": "dana@example.com",
        "STATIC_MANIFEST": "0", "PORT": str(port), "WEB_CONCURRENCY": "2",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "linesync.wsgi", "-b", f"127.0.0.1:{port}"]
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, cwd=root, env=environment)
        # A line for every request, as everywhere.
        with (folder / "web.log").open("w") as log:
            web = subprocess.Popen(command, cwd=root, env=environment, stderr=log)
        try:
            _wait_for(port)
            yield _House(port, web.pid, int((server.data / "postmaster.pid").read_text().split()[0]))
        finally:
            web.terminate()
            web.wait()
    finally:
        server.stop()


def _cpu_seconds(house: _House) -> dict[str, float]:
    """Processor time so far, by who spent it: a busy machine stretches it far less than the clock's."""
    return {
        "gunicorn": _family_seconds(house.web_pid),
        "Postgres": _family_seconds(house.postgres_pid),
        "the clients": sum(os.times()[:2]),
    }


def _family_seconds(pid: int) -> float:
    parent = psutil.Process(pid)
    times = [process.cpu_times() for process in [parent, *parent.children(recursive=True)]]
    return float(sum(time.user + time.system for time in times))


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("gunicorn does not answer")


class _Client:
    """A kept connection and nothing else: what is measured is the server, not a client library."""

    length = re.compile(rb"content-length: (\d+)", re.IGNORECASE)

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def book(self, item_id: str, *, keyed: bool) -> float:
        """Book one carton; returns milliseconds. Every carton is another label: nothing is a repeat."""
        body = json.dumps({"station_id": "DOCK_1", "barcode_raw": f"ITEM={item_id};QTY=24"}).encode()
        key = f"Idempotency-Key: {uuid4()}\r\n" if keyed else ""
        head = f"POST /api/events/intake HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{key}"
        began = time.perf_counter()
        self.socket.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = self._answer()
        took = (time.perf_counter() - began) * 1000
        assert answer.startswith(b"HTTP/1.1 200"), answer
        return took

    def _answer(self) -> bytes:
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        found = self.length.search(head)
        assert found, head
        wanted = int(found[1])
        while len(body) < wanted:
            body += self.socket.recv(65536)
        return head + body


def _alone(port: int, *, keyed: bool) -> list[float]:
    client = _Client(port)
    return [client.book(f"ALONE-{keyed}-{n}", keyed=keyed) for n in range(alone_bookings)]


def _together(port: int) -> list[float]:
    until = time.monotonic() + together_seconds
    took: list[float] = []

    def scan(dock: int) -> None:
        client, n = _Client(port), 0
        while time.monotonic() < until:
            took.append(client.book(f"DOCK-{dock}-{n % 500}-{n}", keyed=False))
            n += 1

    threads = [threading.Thread(target=scan, args=[dock]) for dock in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took
