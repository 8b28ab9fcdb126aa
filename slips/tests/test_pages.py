"""A file becomes page pictures, or one sentence that says why not; what it does reaches no further than its child."""

import contextlib
import io
import os
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from slips.paper import pages
from slips.paper.pages import BadSlip, PageSource, open_document
from slips.tests import drawings


def opened(data: bytes, name: str = "") -> list[PageSource]:
    with open_document(data, name) as document:
        return list(document.pages())


def shown(page: PageSource) -> Image.Image:
    return Image.open(io.BytesIO(page.jpeg))


def color(page: PageSource, x: int, y: int) -> tuple[int, ...]:
    """Red, green and blue there."""
    return tuple(shown(page).crop((x, y, x + 1, y + 1)).tobytes())


def refused(data: bytes, name: str = "") -> str:
    with pytest.raises(BadSlip) as caught:
        opened(data, name)
    return str(caught.value)


def test_a_pdf_page_is_shown_at_twice_its_size_with_its_words() -> None:
    (page,) = opened(drawings.pdf([(100, 200, "AB-100 bolt")]))
    assert (page.width, page.height) == (1224, 1584) == shown(page).size
    assert [word.text for word in page.words] == ["AB-100", "bolt"]
    x0, y0, x1, y1 = page.words[0].box
    assert x0 == pytest.approx(100 / 612, abs=0.01)
    assert y0 < 200 / 792 < y1 + 0.01
    assert x1 < 0.3


def test_pages_come_one_at_a_time() -> None:
    with open_document(drawings.pdf(*[[(50, 50, f"page {n}")] for n in range(5)])) as document:
        assert document.page_count == 5
        each = document.pages()
        assert next(each).words[1].text == "0"
        assert document.page(4).words[1].text == "4"


def test_memory_is_bounded_by_the_page_not_the_file() -> None:
    def peak(count: int) -> int:
        with open_document(drawings.pdf(*[[(50, 50, "word")]] * count, size=(1700, 1700))) as document:
            for _ in document.pages():
                pass
            with open(f"/proc/{document._renderer._process.pid}/status") as status:
                return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    assert peak(8) < peak(2) + 40_000


def test_pages_up_to_the_limit_are_taken_and_one_more_is_not() -> None:
    assert len(opened(drawings.pdf(*[[(50, 50, "x")]] * pages.slip_pages_max))) == pages.slip_pages_max
    assert "31 pages" in refused(drawings.pdf(*[[(50, 50, "x")]] * (pages.slip_pages_max + 1)))


def test_bytes_up_to_the_limit_are_taken_and_one_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawings.pdf([(50, 50, "x")])
    monkeypatch.setattr(pages, "slip_bytes_max", len(data))
    assert opened(data)
    assert "larger than" in refused(data + b"\n")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"hello, I am a text", "neither a PDF nor a picture"),
        (b"<html><body>Qty 9999</body></html>", "neither a PDF nor a picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "neither a PDF nor a picture"),
        (b"PK\x03\x04 a zip or a spreadsheet", "neither a PDF nor a picture"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n" + b"garbage " * 400, "damaged"),
        (b"\xff\xd8\xff\xe0 cut off", "damaged"),
        (b"\x89PNG\r\n\x1a\n nothing more", "damaged"),
    ],
)
def test_what_is_no_slip_is_told_in_a_sentence(data: bytes, sentence: str) -> None:
    assert sentence in refused(data, "slip.pdf")


def test_html_that_begins_like_a_pdf_is_not_shown() -> None:
    assert "damaged" in refused(b"<!-- %PDF-1.7 --><html><body><h1>Qty 9999</h1></body></html>", "slip.pdf")


def test_a_locked_pdf_asks_for_one_without_a_password() -> None:
    assert "needs a password" in refused(drawings.locked_pdf())


def test_a_pdf_without_pages_says_so() -> None:
    empty = drawings.bare_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")
    assert refused(empty) in ("This PDF has no pages.", "This file is damaged and cannot be shown.")


def test_a_page_tree_that_bites_its_tail_is_damaged() -> None:
    loop = drawings.bare_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"
    )
    assert refused(loop)


def test_half_a_pdf_is_repaired_or_refused() -> None:
    whole = drawings.pdf([(50, 50, "AB-100")])
    with contextlib.suppress(BadSlip):
        assert len(opened(whole[: len(whole) * 2 // 3])) <= 1


def test_a_large_page_is_scaled_down_and_a_huge_one_refused() -> None:
    (page,) = opened(drawings.sized_pdf(14_400, 14_400))
    assert page.width * page.height <= pages.page_pixels_max * 1.01
    assert "200 inches" in refused(drawings.sized_pdf(14_500, 600))


def test_javascript_in_a_pdf_is_never_run() -> None:
    (page,) = opened(drawings.script_pdf())
    assert [word.text for word in page.words] == ["as", "it", "was", "printed"]


def test_an_endless_pdf_stops_its_renderer_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "page_seconds_max", 1)
    assert refused(drawings.endless_pdf()).startswith("This file made the page renderer stop")
    monkeypatch.undo()
    assert len(opened(drawings.pdf([(50, 50, "the next slip")]))) == 1


def test_a_renderer_that_eats_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "renderer_memory_bytes_max", 400 * 1024**2)
    photo = drawings.encoded(Image.new("RGB", (6900, 7000), "white"), "PNG")
    assert refused(photo) == (
        "This file made the page renderer stop: it needs too much memory. Nothing else is affected."
    )


def test_a_crashed_renderer_is_that_files_error() -> None:
    with open_document(drawings.pdf([(50, 50, "x")], [(50, 50, "y")])) as document:
        document.page(0)
        os.kill(document._renderer._process.pid, 11)
        with pytest.raises(BadSlip, match=r"made the page renderer stop\. Nothing else is affected"):
            document.page(1)


def test_no_renderer_outlives_its_document() -> None:
    with open_document(drawings.pdf([(50, 50, "x")])) as document:
        process = document._renderer._process
    assert process.poll() is not None


def test_a_photo_up_to_the_limit_of_pixels_is_taken_and_a_larger_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = drawings.encoded(Image.new("L", (1000, 500), "white"), "PNG")
    monkeypatch.setattr(pages, "photo_pixels_max", 500_000)
    assert opened(photo)
    monkeypatch.setattr(pages, "photo_pixels_max", 499_999)
    assert "megapixels" in refused(photo)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_every_kind_of_picture_is_one_page(kind: str) -> None:
    (page,) = opened(drawings.encoded(drawings.picture([(100, 100, "AB-100")]), kind))
    assert (page.width, page.height, page.words, page.picture_share) == (1240, 1754, (), 1.0)


def test_a_heic_photo_is_read() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (640, 480), "red")).save(out)
    (page,) = opened(out.getvalue(), "IMG_0001.HEIC")
    assert shown(page).size == (640, 480)
    red, green, _ = color(page, 300, 200)
    assert red > 200 > 60 > green


def test_a_photo_is_turned_upright_by_its_exif() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn a quarter clockwise
    image = Image.new("RGB", (800, 600), "white")
    image.paste("black", (0, 0, 100, 100))
    (page,) = opened(drawings.encoded(image, "JPEG", exif=exif))
    assert shown(page).size == (600, 800)
    assert max(color(page, 550, 50)) < 60


def test_each_page_of_a_tiff_is_a_page() -> None:
    sheets = [Image.new("1", (300, 400 + 10 * n), 1) for n in range(3)]
    data = drawings.encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])
    assert [(page.number, page.height) for page in opened(data)] == [(0, 400), (1, 410), (2, 420)]


def test_only_the_first_frame_of_an_animation_is_shown() -> None:
    frames = [Image.new("L", (200, 200), shade) for shade in (255, 0)]
    data = drawings.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert len(opened(data)) == 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "CMYK", "I;16"])
def test_every_mode_of_picture_is_white_where_the_paper_is(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    blank: Any = {"RGBA": (0, 0, 0, 0), "LA": (0, 0), "CMYK": (0, 0, 0, 0), "I;16": 65535, "1": 1}.get(mode, 255)
    image = Image.new("L", (60, 60), 255).convert("P") if mode == "P" else Image.new(mode, (60, 60), blank)
    (page,) = opened(drawings.encoded(image, kind))
    assert min(color(page, 30, 30)) > 245


def test_text_that_nobody_can_see_is_not_among_the_words() -> None:
    def hidden(sheet: Canvas) -> None:
        sheet.setFillColorRGB(1, 1, 1)
        sheet.drawString(50, 400, "WHITE-9999 on white")
        sheet.saveState()
        text = sheet.beginText(50, 380)
        text.setTextRenderMode(3)
        text.textOut("INVISIBLE-9999 layer")
        sheet.drawText(text)
        sheet.restoreState()
        sheet.drawString(-300, 300, "OFF-9999")
        sheet.setFillColorRGB(0, 0, 0)
        sheet.rect(40, 500, 300, 30, fill=1)
        sheet.setFillColorRGB(1, 1, 1)
        sheet.drawString(50, 510, "WHITE-ON-BLACK")
        sheet.setFillColorRGB(0, 0, 0)

    (page,) = opened(drawings.pdf([(50, 50, "AB-100")], prepare=hidden))
    assert sorted(word.text for word in page.words) == ["AB-100", "WHITE-ON-BLACK"]
    assert page.hidden_words > 0


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_stood_up_by_its_words(turn: int) -> None:
    lying = drawings.turned_pdf(drawings.pdf([(100, 100, "AB-100"), (100, 120, "Hex bolt")]), turn)
    (page,) = opened(lying)
    assert (page.width, page.height) == (1224, 1584)
    assert page.words[0].box[:2] == pytest.approx((100 / 612, 100 / 792), abs=0.02)


def test_no_pdf_library_is_loaded_into_the_web_process() -> None:
    code = (
        "import sys, slips.paper.pages;"
        "print([n for n in ('pymupdf', 'rapidocr', 'cv2', 'onnxruntime') if n in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_renderer_loads_neither_django_nor_an_ocr_engine() -> None:
    from slips.paper.pages import _WORKER

    source = _WORKER.read_text()
    assert "import django" not in source
    assert "rapidocr" not in source
