"""Foreign bytes to a gray picture. Nothing is decoded before its size in bytes and pixels is known to be bearable."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from inventory.decoding.symbol import Gray
from linesync.ground.pictures import photo_bytes_max, photo_pixels_max

frame_bytes_max = 2 * 1024 * 1024
frame_pixels_max = 12_000_000
picture_side_pixels_min = 8
picture_side_pixels_max = 20_000

_frame_formats = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_photo_formats = (*_frame_formats, "HEIF")

register_heif_opener()


class BadPicture(ValueError):
    """Bytes that are no picture we can read; the message is a sentence for the person at the dock."""


def read_gray(data: bytes, *, bytes_max: int = frame_bytes_max, pixels_max: int = frame_pixels_max) -> Gray:
    """A camera frame as rows × columns of uint8, upright as its EXIF says, transparency laid on white.

    BadPicture where the bytes are empty, too many, no picture, a damaged one, or one with too many pixels.
    """
    return _read(data, bytes_max, pixels_max, _frame_formats)


def read_photo(data: bytes) -> Gray:
    """The same for a still photo, which may be larger, and HEIC as phones take it."""
    return _read(data, photo_bytes_max, photo_pixels_max, _photo_formats)


def _read(data: bytes, bytes_max: int, pixels_max: int, formats: tuple[str, ...]) -> Gray:
    if not data:
        raise BadPicture("The picture is empty. Take it again.")
    if len(data) > bytes_max:
        raise BadPicture(
            f"The picture is larger than {bytes_max / 2**20:g} MB. Choose a lower camera resolution and take it again."
        )
    return _decoded(_opened(data, pixels_max, formats))


def _opened(data: bytes, pixels_max: int, formats: tuple[str, ...]) -> Image.Image:
    """The picture's header, its size checked; no pixel is decoded yet."""
    try:
        image = Image.open(BytesIO(data), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture(_too_many_pixels(pixels_max)) from None
    except Exception:  # a hostile header may trip Pillow's parsers in any way
        raise BadPicture("This is not a picture. Take a photo of the label (JPEG, PNG or WebP).") from None
    if image.width * image.height > pixels_max or max(image.size) > picture_side_pixels_max:
        raise BadPicture(_too_many_pixels(pixels_max))
    # Laying a transparent picture on white takes several copies of four bytes a pixel: a small file, a large memory.
    if image.has_transparency_data and image.width * image.height > frame_pixels_max:
        raise BadPicture(_too_many_pixels(frame_pixels_max))
    if min(image.size) < picture_side_pixels_min:
        raise BadPicture(f"The picture is only {image.width}×{image.height} pixels. Take a larger one.")
    return image


def _too_many_pixels(pixels_max: int) -> str:
    return (
        f"The picture has too many pixels; at most {pixels_max / 1e6:g} megapixels are accepted. "
        "Choose a lower camera resolution and take it again."
    )


def _decoded(image: Image.Image) -> Gray:
    try:
        image.draft("L", image.size)
        upright = ImageOps.exif_transpose(image)
        return np.asarray(_eight_bits(_on_white(upright)))
    except Exception:  # whatever a damaged file trips in a decoder, the person can only take it again
        raise BadPicture("The picture is damaged or was cut short on the way. Take it again.") from None


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    colour = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", colour.size, (255, 255, 255, 255)), colour)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Gray of 8 bits; Pillow would clip the 16 bits of a scanner's PNG instead of scaling them."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda level: level * (1 / 256))
    return image.convert("L")
