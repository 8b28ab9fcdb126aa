"""Foreign bytes to a gray picture. Nothing is decoded before its size in bytes and pixels is known to be bearable."""

import warnings
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from inventory.decoding.symbol import Gray

frame_bytes_max = 2 * 1024 * 1024
frame_pixels_max = 12_000_000
photo_bytes_max = 20 * 1024 * 1024
photo_pixels_max = 50_000_000
picture_side_pixels_min = 8
picture_side_pixels_max = 20_000

_formats = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


class BadPicture(ValueError):
    """Bytes that are no picture we can read; the message is a sentence for the person at the dock."""


def read_gray(data: bytes, *, bytes_max: int = frame_bytes_max, pixels_max: int = frame_pixels_max) -> Gray:
    """The picture as rows × columns of uint8, upright as its EXIF says, transparency laid on white.

    BadPicture where the bytes are empty, too many, no picture, a damaged one, or one with too many pixels.
    """
    if not data:
        raise BadPicture("The picture is empty. Take it again.")
    if len(data) > bytes_max:
        raise BadPicture(
            f"The picture has {len(data) / 1e6:.1f} MB; at most {bytes_max / 1e6:.1f} MB are accepted. "
            "Choose a lower camera resolution."
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _decoded(_opened(data, pixels_max))


def _opened(data: bytes, pixels_max: int) -> Image.Image:
    """The picture's header, its size checked; no pixel is decoded yet."""
    try:
        image = Image.open(BytesIO(data), formats=_formats)
    except Image.DecompressionBombError:
        raise BadPicture(_too_many_pixels(pixels_max)) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise BadPicture("This is not a picture. Take a photo of the label (JPEG, PNG or WebP).") from None
    if image.width * image.height > pixels_max or max(image.size) > picture_side_pixels_max:
        raise BadPicture(_too_many_pixels(pixels_max))
    if min(image.size) < picture_side_pixels_min:
        raise BadPicture(f"The picture is only {image.width}×{image.height} pixels. Take a larger one.")
    return image


def _too_many_pixels(pixels_max: int) -> str:
    return (
        f"The picture has too many pixels; at most {pixels_max / 1e6:g} megapixels are accepted. "
        "Choose a lower camera resolution."
    )


def _decoded(image: Image.Image) -> Gray:
    try:
        image.draft("L", image.size)
        upright = ImageOps.exif_transpose(image)
        return np.asarray(_on_white(upright).convert("L"))
    except (OSError, ValueError, SyntaxError, IndexError, EOFError, Image.DecompressionBombError):
        raise BadPicture("The picture is damaged or was cut short on the way. Take it again.") from None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA", "PA", "La", "RGBa") and "transparency" not in image.info:
        return image
    colour = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", colour.size, (255, 255, 255, 255)), colour)
