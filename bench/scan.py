"""Frames and typed codes over HTTP against the server as `make run` starts it, with durable commits."""

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from bench.table import Figure
from inventory.tests.film import jpeg, picture
from linesync.start.ports import free_port

root = Path(__file__).resolve().parent.parent
frames = 150


def rows() -> list[Figure]:
    with tempfile.TemporaryDirectory() as var, running(var) as (address, started):
        handheld = Handheld(address)
        full = [handheld.frame(jpeg(picture(f"ITEM=PART-{n};QTY=24"))) for n in range(frames)]
        crop = [handheld.frame(jpeg(picture(f"ITEM=CROP-{n};QTY=24", size=(960, 320)))) for n in range(frames)]
        bare = jpeg(picture(size=(960, 320)))
        empty = [handheld.frame(bare, booked=False) for _ in range(frames)]
        typed = [handheld.typed(f"ITEM=TYPED-{n};QTY=1") for n in range(frames)]
    return [
        Figure("start from nothing (install aside) to first page", started, "s", 10),
        Figure("frame 1280×720 → booked, median", statistics.median(full), "ms", 30),
        Figure("frame 1280×720 → booked, p95", percentile_95(full), "ms", 100),
        Figure("frame 960×320 → booked, median", statistics.median(crop), "ms"),
        Figure("frame 960×320 without a label, median", statistics.median(empty), "ms"),
        Figure("typed code on the page → booked, median", statistics.median(typed), "ms"),
    ]


class Handheld:
    """One device: keeps its connection and cookies, and starts each carton with an empty scene."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, requests.Session()
        page = self.session.get(address + "/receive/").text
        self.values = {"csrfmiddlewaretoken": found(r'csrfmiddlewaretoken" value="([^"]+)"', page), "station": "DOCK-1"}

    def frame(self, data: bytes, *, booked: bool = True) -> float:
        began = time.perf_counter()
        answer = self.session.post(
            self.address + "/receive/frame",
            self.values,
            files={"frame": ("f.jpg", data)},
            headers={"HX-Request": "true"},
        )
        took = 1000 * (time.perf_counter() - began)
        assert ("on hand" in answer.text) == booked, answer.text
        return took

    def typed(self, code: str) -> float:
        began = time.perf_counter()
        answer = self.session.post(
            self.address + "/receive/", self.values | {"code": code}, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 200, answer.text
        return 1000 * (time.perf_counter() - began)


@contextmanager
def running(var: str) -> Iterator[tuple[str, float]]:
    """The address of a fresh LineSync and the seconds until its first page."""
    port = free_port()
    environment = os.environ | {"LINESYNC_VAR": var, "PORT": str(port), "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "linesync.start.run"],
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    while True:
        try:
            requests.get(address + "/receive/", timeout=5).raise_for_status()
            break
        except requests.RequestException:
            assert server.poll() is None, "the server died at the start"
            time.sleep(0.05)
    try:
        yield address, time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(40)


def percentile_95(figures: list[float]) -> float:
    return statistics.quantiles(figures, n=20)[-1]


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]
