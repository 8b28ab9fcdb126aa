"""A delivery's file becomes page pictures and the words printed in them: the door between foreign bytes and us.

The bytes are checked here by their first few and their number; everything that decodes them runs in a child process
(`pages_worker.py`) with limits on memory and time, one page at a time. No PDF library is loaded in this process.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self, cast

from linesync.ground.pictures import photo_bytes_max, photo_pixels_max

slip_bytes_max = photo_bytes_max
slip_pages_max = 30
page_pixels_max = 25_000_000
page_side_points_max = 14_400
page_seconds_max = 20
renderer_memory_bytes_max = 2 * 1024**3

_WORKER = Path(__file__).with_name("pages_worker.py")


class BadSlip(Exception):
    """This file cannot be read as a slip; the message is one sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class PageWord:
    """One printed word of a PDF's text layer; the box is x0, y0, x1, y1 as fractions of the page picture."""

    text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page: a JPEG (RGB, turned upright by EXIF or its text's direction) and the visible words of its text layer.

    `picture_share` is the largest embedded picture's share of the page (1 for a photo). `hidden_words` counts what the
    text layer says but the page does not show; it is never read.
    """

    number: int
    jpeg: bytes
    width: int
    height: int
    words: tuple[PageWord, ...]
    picture_share: float
    hidden_words: int


class Document:
    """An opened file, used in a `with` block: `page_count`, and `pages()` which yields one `PageSource` at a time.

    Errors: BadSlip, from opening and from each page.
    """

    def __init__(self, data: bytes, kind: str) -> None:
        self._renderer = _Renderer(data, kind)
        try:
            self.page_count = int(self._renderer.answer()["pages"])
            _check_page_count(self.page_count)
        except BaseException:
            self.close()
            raise

    def pages(self) -> Iterator[PageSource]:
        """Every page in order, rendered when asked for, so that memory is bounded by one page."""
        for number in range(self.page_count):
            yield self.page(number)

    def page(self, number: int) -> PageSource:
        """One page (0-based)."""
        self._renderer.ask(number)
        facts = self._renderer.answer()
        words = tuple(PageWord(text, (x0, y0, x1, y1)) for text, x0, y0, x1, y1 in facts["words"])
        jpeg = self._renderer.read(facts["jpeg_bytes"])
        return PageSource(
            number, jpeg, facts["width"], facts["height"], words, facts["picture_share"], facts["dropped_words"]
        )

    def close(self) -> None:
        self._renderer.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_document(data: bytes, name: str = "") -> Document:
    """The document in `data` (PDF, JPEG, PNG, WebP, GIF, TIFF or HEIC, told by its bytes and never by `name`).

    Errors: BadSlip with one sentence.
    """
    if not data:
        raise BadSlip(f"{_called(name)} is empty.")
    if len(data) > slip_bytes_max:
        raise BadSlip(f"{_called(name)} is larger than {slip_bytes_max // 1024**2} MB.")
    kind = _kind(data)
    if kind is None:
        raise BadSlip(f"{_called(name)} is neither a PDF nor a picture (JPEG, PNG, WebP, GIF, TIFF, HEIC).")
    return Document(data, kind)


def _called(name: str) -> str:
    return f"“{name[:80]}”" if name else "This file"


def _kind(data: bytes) -> str | None:
    """What the first bytes say it is; None if nothing that we take."""
    starts = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png", b"GIF87a": "gif", b"GIF89a": "gif"}
    starts |= {b"II*\0": "tiff", b"MM\0*": "tiff"}
    for start, kind in starts.items():
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"):
        return "heic"
    return "pdf" if b"%PDF-" in data[:1024] else None


def _check_page_count(pages: int) -> None:
    if pages < 1:
        raise BadSlip("This PDF has no pages.")
    if pages > slip_pages_max:
        raise BadSlip(f"This file has {pages} pages; a slip may have {slip_pages_max}.")


_SENTENCES = {
    "not-a-slip": "This file is neither a PDF nor a picture.",
    "password": "This PDF needs a password to open; save it without one and send it again.",
    "broken": "This file is damaged and cannot be shown.",
    "memory": "This file made the page renderer stop: it needs too much memory. Nothing else is affected.",
    "pixels": f"This picture is larger than {photo_pixels_max // 1_000_000} megapixels.",
    "page-side": f"A page of this PDF is larger than {page_side_points_max // 72} inches.",
    "no-heic": "HEIC pictures cannot be opened here; send a JPEG.",
    "hung": f"This file made the page renderer stop: a page took more than {page_seconds_max} seconds. "
    "Nothing else is affected.",
    "crashed": "This file made the page renderer stop. Nothing else is affected.",
}


class _Waiting:
    """One renderer started ahead, since starting takes longer than a page. It ends when this process does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def take(self) -> subprocess.Popen[bytes]:
        """A renderer that has seen no file yet; another one is started to wait in its place."""
        with self._lock:
            ours = self._owner == os.getpid()  # a forked child must not use its parent's
            spare, self._spare, self._owner = (self._spare if ours else None), _started(), os.getpid()
        return spare if spare is not None and spare.poll() is None else _started()


_waiting = _Waiting()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", str(_WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )


class _Renderer:
    """The child process that decodes one file."""

    def __init__(self, data: bytes, kind: str) -> None:
        self._process = _waiting.take()
        self._stdin, self._stdout = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        self._pending = b""
        self._deadline = time.monotonic() + page_seconds_max
        order = {"kind": kind, "bytes": len(data), "memory_bytes_max": renderer_memory_bytes_max}
        order |= {"page_pixels_max": page_pixels_max, "photo_pixels_max": photo_pixels_max}
        order |= {"page_side_points_max": page_side_points_max, "page_seconds_max": page_seconds_max}
        self._send(json.dumps(order).encode() + b"\n" + data)

    def ask(self, number: int) -> None:
        self._deadline = time.monotonic() + page_seconds_max
        self._send(b"%d\n" % number)

    def answer(self) -> dict[str, Any]:
        """The next answer; its JPEG, if any, is still to be `read`."""
        while b"\n" not in self._pending:
            self._fill()
        line, self._pending = self._pending.split(b"\n", 1)
        facts: dict[str, Any] = json.loads(line)
        if "bad" in facts:
            raise BadSlip(_SENTENCES[facts["bad"]])
        return facts

    def read(self, length: int) -> bytes:
        while len(self._pending) < length:
            self._fill()
        taken, self._pending = self._pending[:length], self._pending[length:]
        return taken

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[self._stdin.write(view) or 0 :]
        except BrokenPipeError:
            pass  # it ended; `answer` finds out and says so

    def _fill(self) -> None:
        ready, _, _ = select.select([self._stdout], [], [], max(0.0, self._deadline - time.monotonic()))
        if not ready:
            raise BadSlip(_SENTENCES["hung"])
        got = os.read(self._stdout.fileno(), 1 << 20)
        if not got:
            raise BadSlip(_SENTENCES["crashed"])
        self._pending += got
