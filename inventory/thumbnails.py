"""Whether a counted label still lies where it was read, though this frame cannot be read: blurred, dim or glaring.

Without this a label left under a hunting autofocus would look taken away, and count again when it is sharp.
"""

import cv2
import numpy as np

from inventory.decoding.symbol import Gray, Symbol

PixelBox = tuple[int, int, int, int]
side_pixels = 8
margin_part = 0.25
correlation_min = 0.8
# Of the contrast that the label had: a plain wall correlates with nothing but must not divide by its own noise.
contrast_part_min = 0.1


def box_of(symbol: Symbol) -> PixelBox:
    """The symbol's upright box with its quiet zone: left, top, right, bottom in pixels of the frame."""
    xs, ys = zip(*symbol.corners, strict=True)
    margin = margin_part * max(max(xs) - min(xs), max(ys) - min(ys)) / 2
    return int(min(xs) - margin), int(min(ys) - margin), int(max(xs) + margin), int(max(ys) + margin)


def thumbnail(gray: Gray, box: PixelBox) -> bytes:
    """What stands in the box, as 8×8 gray values; empty when the box lies outside of the frame."""
    left, top, right, bottom = (max(0, edge) for edge in box)
    part = gray[top:bottom, left:right]
    if min(part.shape) < side_pixels:
        return b""
    return bytes(cv2.resize(part, (side_pixels, side_pixels), interpolation=cv2.INTER_AREA).tobytes())


def alike(before: bytes, now: bytes) -> bool:
    """Whether two thumbnails show the same thing, whatever the light."""
    if not before or len(before) != len(now):
        return False
    a, b = (np.frombuffer(each, np.uint8).astype(np.float32) for each in (before, now))
    a, b = a - a.mean(), b - b.mean()
    contrast_before, contrast_now = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    if contrast_now < max(contrast_part_min * contrast_before, 1.0):
        return False
    return float(a @ b) / (contrast_before * contrast_now) >= correlation_min
