"""Draws what a camera would see: frames with QR labels on a plain ground, and stills for a browser's fake camera."""

from io import BytesIO

import numpy as np
import segno
from PIL import Image

size = (1280, 720)
still_bytes = 100_000
_comment = b"\xff\xfe"
# A payload in the middle, or one with its centre.
Placed = str | tuple[str, tuple[int, int]]


def qr(payload: str, module_pixels: int = 6) -> Image.Image:
    """A QR label as a gray picture, quiet zone included."""
    buffer = BytesIO()
    segno.make(payload, error="m", micro=False).save(buffer, kind="png", scale=module_pixels, border=4)
    return Image.open(buffer).convert("L")


def picture(*placed: Placed, size: tuple[int, int] = size, ground: int = 120) -> Image.Image:
    """A gray picture with labels on it. `placed`: payloads in the middle, or (payload, (x, y)) of its centre."""
    image = Image.new("L", size, ground)
    for each in placed:
        payload, centre = each if isinstance(each, tuple) else (each, (size[0] // 2, size[1] // 2))
        label = qr(payload)
        image.paste(label, (centre[0] - label.width // 2, centre[1] - label.height // 2))
    return image


def jpeg(image: Image.Image, quality: int = 80) -> bytes:
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def frame(*placed: Placed) -> bytes:
    """The JPEG of one guide box, 960×320, with these labels on it."""
    return jpeg(picture(*placed, size=(960, 320)))


def still(*placed: Placed) -> bytes:
    """One picture of `still_bytes` bytes for Chromium's fake camera, which plays it until another takes its place."""
    # A little noise, as every camera has.
    noise = np.random.default_rng(7).integers(-4, 5, (size[1], size[0]))
    shot = np.clip(np.asarray(picture(*placed)) + noise, 0, 255)
    return _padded(jpeg(Image.fromarray(shot.astype(np.uint8))))


def _padded(data: bytes) -> bytes:
    """A JPEG with a comment before its end that makes it `still_bytes` long."""
    missing = still_bytes - len(data)
    length = missing - len(_comment)
    return data[:-2] + _comment + length.to_bytes(2, "big") + bytes(length - 2) + data[-2:]
