import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inventory.pictures import (
    BadPicture,
    frame_bytes_max,
    picture_side_pixels_max,
    picture_side_pixels_min,
    read_gray,
    read_photo,
)
from linesync.ground.pictures import photo_pixels_max

RAMP = Image.fromarray(np.tile(np.arange(0, 240, dtype=np.uint8), (80, 1)))


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    output = BytesIO()
    image.save(output, form, **options)
    return output.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size, with next to no data: what a bomb looks like before it goes off."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (body, data))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_the_usual_formats_become_gray(form: str) -> None:
    gray = read_gray(encoded(RAMP.convert("RGB"), form))
    assert gray.dtype == np.uint8
    assert gray.shape == (80, 240)
    assert np.abs(gray.astype(int) - np.asarray(RAMP)).mean() < 3


def test_a_photo_may_be_heic_and_a_frame_may_not() -> None:
    heic = encoded(RAMP.convert("RGB"), "HEIF")
    assert read_photo(heic).shape == (80, 240)
    with pytest.raises(BadPicture, match="not a picture"):
        read_gray(heic)


def test_a_picture_stands_upright_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    gray = read_gray(encoded(RAMP.convert("RGB"), "JPEG", exif=exif))
    assert gray.shape == (240, 80)
    assert gray[0].mean() < 20 < 200 < gray[-1].mean()


def test_transparent_is_white() -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert read_gray(encoded(clear)).min() == 255
    palette = Image.new("P", (40, 40), 1)
    palette.putpalette([255, 255, 255, 0, 0, 0])
    assert read_gray(encoded(palette)).max() == 0
    assert read_gray(encoded(palette, transparency=1)).min() == 255


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    deep = Image.fromarray(np.full((40, 40), 32768, np.uint16))
    assert abs(int(read_gray(encoded(deep)).mean()) - 128) <= 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"hello, this is text", "not a picture"),
        (b"%PDF-1.7 and so on", "not a picture"),
        (b"\xff\xd8\xff", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (encoded(RAMP, "TIFF"), "not a picture"),
        (encoded(RAMP, "JPEG")[:-200], "damaged"),
        (encoded(RAMP.convert("RGB"), "PNG")[:-60], "damaged"),
        (png_header(1000, 1000), "damaged"),
        (png_header(30_000, 30_000), "megapixels"),
        (png_header(5_000, 5_000), "megapixels"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(BadPicture, match=why):
        read_gray(data)


def test_the_byte_limit_holds_on_both_sides() -> None:
    picture = encoded(RAMP, "BMP")
    assert read_gray(picture + b"\0" * (frame_bytes_max - len(picture))).shape == (80, 240)
    with pytest.raises(BadPicture, match="2 MB"):
        read_gray(picture + b"\0" * (frame_bytes_max - len(picture) + 1))


def test_the_pixel_limit_holds_on_both_sides() -> None:
    picture = encoded(RAMP)
    assert read_gray(picture, pixels_max=240 * 80).shape == (80, 240)
    with pytest.raises(BadPicture, match="too many pixels"):
        read_gray(picture, pixels_max=240 * 80 - 1)


def test_a_photo_may_have_more_pixels_than_a_frame_but_not_any_number() -> None:
    large = encoded(Image.new("L", (5_000, 2_500)))
    assert read_photo(large).shape == (2_500, 5_000)
    with pytest.raises(BadPicture, match="12 megapixels"):
        read_gray(large)
    with pytest.raises(BadPicture, match="50 megapixels"):
        read_photo(png_header(photo_pixels_max // 5_000 + 1, 5_000))


def test_the_side_limits_hold_on_both_sides() -> None:
    least, most = picture_side_pixels_min, picture_side_pixels_max
    assert read_gray(encoded(Image.new("L", (most, least)))).shape == (least, most)
    with pytest.raises(BadPicture, match="too many pixels"):
        read_gray(encoded(Image.new("L", (most + 1, least))))
    with pytest.raises(BadPicture, match="only"):
        read_gray(encoded(Image.new("L", (100, least - 1))))


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_picture_is_read_or_refused_and_never_crashes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = bytearray(encoded(RAMP.convert("RGB"), ["JPEG", "PNG", "WEBP", "GIF"][seed % 4]))
    for place in rng.integers(4, len(data), 12):
        data[place] = rng.integers(0, 256)
    try:
        assert read_gray(bytes(data)).ndim == 2
    except BadPicture as refused:
        assert str(refused).endswith((".", ")."))  # noqa: PT017
