"""The page renderer: a lean program that `pages.py` runs as a child process; the only place that knows PyMuPDF.

It is run by its path, imports neither Django nor an OCR engine, reads one file from stdin and answers page by page.
A hang, a crash or a memory bomb in a C library ends this process and nothing else.

In:  one JSON line {kind, bytes, limits…} + the file's bytes, then one line with a page number (0-based) per page.
Out: one JSON line {pages} or {bad}, then per page one JSON line {width, height, jpeg_bytes, words, …} + the JPEG.
"""

from __future__ import annotations

import io
import json
import math
import re
import resource
import sys
from collections import Counter
from typing import Any, BinaryIO

from PIL import Image, ImageOps

JPEG_QUALITY = 85
PHOTO_JPEG_QUALITY = 93
"""A photo has been through one JPEG already; its small print does not bear a second at the usual quality."""
CONTRAST_MIN = 24
"""Gray levels between ink and ground below which a person sees nothing."""

Words = list[tuple[str, float, float, float, float]]


class Bad(Exception):
    """The file cannot be shown; the argument is the code that `slips.paper.pages` has a sentence for."""


def main(stdin: BinaryIO, stdout: BinaryIO) -> None:
    pymupdf = _pymupdf()  # before the order comes, so that a waiting renderer is a ready one
    line = stdin.readline()
    if not line:
        return
    order = json.loads(line)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (order["memory_bytes_max"], order["memory_bytes_max"]))
    _allow_seconds(order["page_seconds_max"])
    data = stdin.read(order["bytes"])
    try:
        document = _Pdf(data, order, pymupdf) if order["kind"] == "pdf" else _Photo(data, order)
        _say(stdout, {"pages": document.page_count})
        for line in stdin:
            _allow_seconds(order["page_seconds_max"])
            facts, jpeg = document.page(int(line))
            _say(stdout, {**facts, "jpeg_bytes": len(jpeg)}, jpeg)
    except Bad as bad:
        _say(stdout, {"bad": str(bad)})
    except MemoryError:
        _say(stdout, {"bad": "memory"})
    except Exception as error:
        _say(stdout, {"bad": "broken", "why": f"{type(error).__name__}: {error}"[:300]})


def _allow_seconds(seconds: int) -> None:
    """The kernel ends us when this page takes more processor time than allowed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY)
    )


def _say(stdout: BinaryIO, answer: dict[str, Any], more: bytes = b"") -> None:
    stdout.write(json.dumps(answer).encode() + b"\n" + more)
    stdout.flush()


def _jpeg(picture: Image.Image, quality: int = JPEG_QUALITY) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


class _Photo:
    """A picture file: the first frame, or every page of a TIFF."""

    def __init__(self, data: bytes, order: dict[str, Any]) -> None:
        self.pixels_max: int = order["photo_pixels_max"]
        Image.MAX_IMAGE_PIXELS = 2 * self.pixels_max  # our own check below says it first, in words
        if order["kind"] == "heic":
            _register_heif()
        self.image = Image.open(io.BytesIO(data))
        self.page_count: int = getattr(self.image, "n_frames", 1) if order["kind"] == "tiff" else 1
        if order["kind"] != "tiff":
            self._check_size(self.image)

    def page(self, number: int) -> tuple[dict[str, Any], bytes]:
        self.image.seek(number) if self.page_count > 1 else None
        self._check_size(self.image)
        picture = _on_white(ImageOps.exif_transpose(self.image))
        facts = {
            "width": picture.width,
            "height": picture.height,
            "words": [],
            "picture_share": 1.0,
            "dropped_words": 0,
        }
        return facts, _jpeg(picture, PHOTO_JPEG_QUALITY)

    def _check_size(self, image: Image.Image) -> None:
        if image.width * image.height > self.pixels_max:
            raise Bad("pixels")


def _register_heif() -> None:
    try:
        import pillow_heif
    except ImportError:
        raise Bad("no-heic") from None
    pillow_heif.register_heif_opener()


def _on_white(image: Image.Image) -> Image.Image:
    """RGB, transparent parts white, 16-bit gray brought down to 8."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        over = image.convert("RGBA")
        ground = Image.new("RGBA", over.size, "white")
        ground.alpha_composite(over)
        return ground.convert("RGB")
    if image.mode.startswith("I"):
        return image.point(lambda level: level * (1 / 257)).convert("L").convert("RGB")
    return image.convert("RGB")


class _Pdf:
    """A PDF: page pictures at twice the size, and the words that a person could see on them."""

    def __init__(self, data: bytes, order: dict[str, Any], pymupdf: Any) -> None:
        self.pymupdf = pymupdf
        self.pixels_max: int = order["page_pixels_max"]
        self.side_max: int = order["page_side_points_max"]
        self.document = self.pymupdf.open(stream=data, filetype="pdf")
        if not self.document.is_pdf:
            raise Bad("not-a-slip")
        if self.document.needs_pass:
            raise Bad("password")
        self.page_count: int = self.document.page_count

    def page(self, number: int) -> tuple[dict[str, Any], bytes]:
        page = self.document[number]
        turned = page.rotation // 90
        page.set_rotation(0)  # which way is up is for the words to say, and for the file where there are none
        if max(page.rect.width, page.rect.height) > self.side_max:
            raise Bad("page-side")
        words, dropped = _printed_words(page)
        quarter = _quarter_turns(words, -turned % 4)
        picture = self._render(page).rotate(90 * quarter, expand=True)
        boxes = [_turned(word, page.rect.width, page.rect.height, quarter) for word in words if word[5] == quarter]
        seen = [box for box in boxes if _is_visible(box, picture)]
        facts = {
            "width": picture.width,
            "height": picture.height,
            "words": [(text, *(round(value, 5) for value in box)) for text, *box in seen],
            "dropped_words": dropped + len(words) - len(seen),
            "picture_share": _picture_share(page),
        }
        return facts, _jpeg(picture)

    def _render(self, page: Any) -> Image.Image:
        area = max(1.0, page.rect.width * page.rect.height)
        scale = min(2.0, math.sqrt(self.pixels_max / area))
        pix = page.get_pixmap(matrix=self.pymupdf.Matrix(scale, scale), colorspace=self.pymupdf.csRGB, alpha=False)
        return Image.frombytes("RGB", (pix.width, pix.height), pix.samples)


def _pymupdf() -> Any:
    # PyMuPDF 2 loads a layout model with its runtime at import; without them it starts in a third of the time.
    for unwanted in ("pymupdf.layout", "pymupdf4llm"):
        sys.modules[unwanted] = None  # type: ignore[assignment]
    import pymupdf

    tools: Any = pymupdf.TOOLS
    tools.mupdf_display_errors(False)
    tools.mupdf_display_warnings(False)
    return pymupdf


Word = tuple[str, float, float, float, float, int]
"""Text, box in points as shown, and in which of four directions it runs: 0 left to right, 1 downwards, 2, 3 upwards."""

FILLED_OR_STROKED = 16 | 32


def _printed_words(page: Any) -> tuple[list[Word], int]:
    """The words that are painted, and how many characters were there that are not (an invisible layer)."""
    words: list[Word] = []
    dropped = 0
    for block in page.get_text("rawdict", flags=2 | 64)["blocks"]:  # keep white space, give up on unknown glyphs
        for line in block.get("lines", ()):
            direction = _direction(line["dir"])
            chars: list[tuple[str, Any]] = []
            for span in line["spans"]:
                if span.get("alpha", 255) == 0 or not span.get("char_flags", 16) & FILLED_OR_STROKED:
                    dropped += len(span["chars"])
                    continue
                chars += [(char["c"], char["bbox"]) for char in span["chars"]]
            words += _words_of_line(chars, direction)
    if _is_covered(page):
        return [], dropped + len(words)
    return words, dropped


def _direction(cosine_sine: tuple[float, float]) -> int:
    return round(math.atan2(cosine_sine[1], cosine_sine[0]) / (math.pi / 2)) % 4


def _words_of_line(chars: list[tuple[str, Any]], direction: int) -> list[Word]:
    words: list[Word] = []
    run: list[tuple[str, Any]] = []
    for char, box in [*chars, (" ", None)]:
        if not char.isspace():
            run.append((char, box))
        elif run:
            boxes = [one for _, one in run]
            edges = (
                min(b[0] for b in boxes),
                min(b[1] for b in boxes),
                max(b[2] for b in boxes),
                max(b[3] for b in boxes),
            )
            words.append(("".join(one for one, _ in run), *edges, direction))
            run = []
    return words


def _is_covered(page: Any) -> bool:
    """Whether a picture as large as the page was painted over text: what one reads then is the picture."""
    text_before = False
    for kind, box in page.get_bboxlog():
        if kind in ("fill-text", "stroke-text"):
            text_before = True
        if text_before and kind == "fill-image" and page.rect.width * page.rect.height * 0.6 < _area(box, page.rect):
            return True
    return False


def _area(box: tuple[float, float, float, float], rect: Any) -> float:
    width = min(box[2], rect.width) - max(box[0], 0)
    return float(max(0.0, width) * max(0.0, min(box[3], rect.height) - max(box[1], 0)))


def _picture_share(page: Any) -> float:
    """The largest picture's share of the page, 0..1."""
    page_area = max(1.0, page.rect.width * page.rect.height)
    largest = max((_area(box, page.rect) for kind, box in page.get_bboxlog() if kind == "fill-image"), default=0.0)
    return float(round(min(1.0, largest / page_area), 3))


def _quarter_turns(words: list[Word], otherwise: int) -> int:
    """How many quarter turns against the clock make most of the words upright; `otherwise` without words."""
    letters: Counter[int] = Counter()
    for text, *_, direction in words:
        letters[direction] += len(re.sub(r"\W", "", text))
    return letters.most_common(1)[0][0] if letters else otherwise


def _turned(word: Word, width: float, height: float, quarter: int) -> tuple[str, float, float, float, float]:
    """The word with its box as fractions of the upright page."""
    text, x0, y0, x1, y1, _ = word
    left, top, right, bottom = x0 / width, y0 / height, x1 / width, y1 / height
    for _ in range(quarter):
        left, top, right, bottom = top, 1 - right, bottom, 1 - left
    return text, left, top, right, bottom


def _is_visible(box: tuple[str, float, float, float, float], picture: Image.Image) -> bool:
    """Whether the picture shows any ink there: not off the page, not white on white, not covered."""
    _, left, top, right, bottom = box
    if right <= 0 or bottom <= 0 or left >= 1 or top >= 1:
        return False
    pixels = (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
    x0, y0 = max(0, int(pixels[0])), max(0, int(pixels[1]))
    x1, y1 = (
        min(picture.width, max(x0 + 1, math.ceil(pixels[2]))),
        min(picture.height, max(y0 + 1, math.ceil(pixels[3]))),
    )
    low, high = picture.crop((x0, y0, x1, y1)).convert("L").getextrema()
    return bool(high - low >= CONTRAST_MIN)  # type: ignore[operator]


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
