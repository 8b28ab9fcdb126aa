"""How many real pictures read, and what a camera frame costs.

The corpus folder holds `images/`, `expected.tsv` (file, format, text) and `also_ok.tsv` (file, other texts that are
right). Times are CPU milliseconds of one thread, so that other work on the machine does not count.
"""

import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from bench.table import Figure
from inventory.decoding.symbol import Gray
from inventory.labels import BadLabel, parse
from inventory.pictures import read_gray, read_photo
from inventory.symbols import DOCK_FORMATS, confirm, read_foreign, read_symbols
from inventory.tests.drawing import LABEL, middle, noisy, shadowed, symbol, turned
from inventory.why_unread import why_unread

Input = TypeVar("Input")

right_percent_min = 92.0
frame_milliseconds_max = 16.0
photo_milliseconds_max = 3000.0  # the slowest: a still photo that shows nothing is looked at longest


@dataclass
class Tally:
    """What came of the pictures; `booked_wrong` are wrong texts that would pass as one of our labels."""

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    booked_wrong: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


def rows() -> Iterator[Figure]:
    """The corpus beside this checkout (BENCH_BARCODES names another one), then drawn frames."""
    corpus = Path(os.environ.get("BENCH_BARCODES", "../shared/corpus/barcodes"))
    if (corpus / "expected.tsv").exists():
        yield from corpus_rows(corpus)
    yield from frame_rows()


def corpus_rows(corpus: Path) -> Iterator[Figure]:
    tally = tallied(corpus)
    asked, right = (sum(n for form, n in counts.items() if form != "NONE") for counts in (tally.asked, tally.right))
    yield Figure("pictures decoded right", 100 * right / asked, "%", right_percent_min, at_most=False)
    yield Figure("wrong texts that would be booked", len(tally.booked_wrong), "", 0)
    yield Figure("pictures with a wrong text", len(tally.wrong), "")
    for form in sorted(tally.asked):
        yield Figure(f"  {form}: right of {tally.asked[form]}", tally.right[form], "")
    yield Figure("a photo, median", statistics.median(tally.milliseconds), "ms CPU")
    yield Figure("a photo, p95", statistics.quantiles(tally.milliseconds, n=20)[-1], "ms CPU")
    yield Figure("a photo, slowest", max(tally.milliseconds), "ms CPU", photo_milliseconds_max)


def tallied(corpus: Path) -> Tally:
    """Each picture counts once, right when one of its texts is read (all pictures of NONE: when no other text is)."""
    tally = Tally()
    for name, (form, good) in expected(corpus).items():
        gray = read_photo((corpus / name).read_bytes())
        start = time.thread_time()
        texts = {symbol.text for symbol in read_symbols(gray, formats=DOCK_FORMATS, thorough=True)}
        tally.milliseconds.append((time.thread_time() - start) * 1000)
        wrong = {text for text in texts if comparable(text) not in good}
        tally.asked[form] += 1
        tally.right[form] += not wrong if form == "NONE" else len(wrong) < len(texts)
        tally.wrong += [f"{name}: {text!r}" for text in wrong]
        tally.booked_wrong += [f"{name}: {text!r}" for text in wrong if is_label(text)]
    return tally


def expected(corpus: Path) -> dict[str, tuple[str, set[str]]]:
    """file → (format, the texts that are right, made comparable)."""
    texts: dict[str, tuple[str, set[str]]] = {}
    for name, form, text in lines(corpus / "expected.tsv"):
        texts.setdefault(name, (form, set()))[1].add(comparable(unescaped(text)))
    for name, text in lines(corpus / "also_ok.tsv"):
        if name in texts:
            texts[name][1].add(comparable(unescaped(text)))
    return texts


def lines(path: Path) -> Iterable[list[str]]:
    return (line.split("\t") for line in path.read_text("utf-8").split("\n")[1:] if line)


def unescaped(text: str) -> str:
    short = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(x[0-9a-f]{2}|[ntr\\])", lambda m: short.get(m[1]) or chr(int(m[1][1:], 16)), text)


def comparable(text: str) -> str:
    """A GTIN has any number of leading zeros, and the engines disagree about separators in a Code 128."""
    return text.replace("\r\n", "\n").rstrip("\n").replace("\x1d", "").lstrip("0")


def is_label(text: str) -> bool:
    try:
        parse(text)
    except BadLabel:
        return False
    return True


def frame_rows() -> Iterator[Figure]:
    code = symbol(LABEL, "Code128", module=2, height=110)
    crop, full = {"width": 960, "height": 320}, {"width": 1280, "height": 720}
    bare = [clutter(n, **crop) for n in range(40)]
    found = [noisy(middle(symbol(module=4), **crop), seed=n) for n in range(20)]
    shady = [noisy(shadowed(middle(code, **crop)), seed=n) for n in range(20)]
    tilted = [noisy(turned(middle(code, **full), 15)[0], seed=n)[200:520, 160:1120].copy() for n in range(20)]
    bar = frame_milliseconds_max
    yield timed("guide box 960×320, nothing in it, all steps", look_in_vain, bare, bar)
    yield timed("guide box, a QR in it", look_and_confirm, found, bar)
    yield timed("guide box, a shadowed Code 128", look_and_confirm, shady, bar)
    yield timed("guide box, a tilted Code 128", look_and_confirm, tilted, bar)
    yield timed("guide box, JPEG to gray", read_gray, [jpeg(gray) for gray in found])
    yield timed("whole frame 1280×720, nothing in it", look_in_vain, [clutter(n, **full) for n in range(20)])
    yield timed("whole frame, JPEG to gray", read_gray, [jpeg(clutter(n, **full)) for n in range(20)])


def look_in_vain(gray: Gray) -> None:
    """All that is done to a frame without a label."""
    read_symbols(gray) or read_foreign(gray) or why_unread(gray)


def look_and_confirm(gray: Gray) -> None:
    found = read_symbols(gray)
    assert [one.text for one in found] == [LABEL]
    confirm(gray, found[0])


def clutter(seed: int, *, width: int, height: int) -> Gray:
    """A shelf without a label: cartons, words, slats and noise."""
    rng = np.random.default_rng(seed)
    gray = np.full((height, width), int(rng.integers(60, 180)), np.uint8)
    for _ in range(width * height // 25_000):
        left, top, right, bottom = (int(n) for n in rng.integers(0, [width, height, width, height]))
        cv2.rectangle(gray, (left, top), (right, bottom), int(rng.integers(10, 250)), int(rng.choice([-1, 1, 4])))
        words = " ".join(rng.choice(["FRAGILE", "LOT 4417", "THIS SIDE UP", "24.5 KG"], 3))
        cv2.putText(
            gray, words, (right, top), cv2.FONT_HERSHEY_SIMPLEX, float(rng.uniform(0.4, 1.4)), int(rng.integers(255)), 2
        )
        slats = gray[top : top + 60, left : left + 160]
        slats[:, :: int(rng.integers(3, 20))] = int(rng.integers(255))
    return noisy(cv2.GaussianBlur(gray, (0, 0), 0.7), seed=seed)


def jpeg(gray: Gray) -> bytes:
    return bytes(cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, 70])[1])


def timed(what: str, work: Callable[[Input], object], inputs: list[Input], bar: float | None = None) -> Figure:
    """The median CPU time of the work over the inputs, after one run to warm up."""
    work(inputs[0])
    times = []
    for one in inputs:
        start = time.thread_time()
        work(one)
        times.append((time.thread_time() - start) * 1000)
    return Figure(what, statistics.median(times), "ms CPU", bar)
