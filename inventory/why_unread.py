"""Why a frame did not read, in a phrase for the person who holds the camera."""

from dataclasses import dataclass

import cv2
import numpy as np

from inventory.decoding.symbol import Gray

too_dark = "too dark: switch on a light or the torch"
too_bright = "too bright: turn the label away from the lamp"
blurred = "blurred: hold still, or a little further away"
too_far = "too far: move closer"
tilted = "tilted: turn the label level"

dark_level_max = 40  # of 255, the brightest 2 % of the frame
glare_level_min = 250
glare_share_max = 0.45
contrast_levels_min = 45  # between the dark and the bright parts of the finest spot; noise alone stays below
picture_pixels_max = 1_000_000
spot_width_pixels = 64
spot_height_pixels = 48


def why_unread(gray: Gray) -> str | None:
    """The likeliest reason why nothing was read in a gray frame; None where nothing in it looks like a label.

    It judges the frame's light, and then the spot of finest detail near the middle, where the guide box is.
    """
    gray = _bearable(gray)
    if np.percentile(gray[::4, ::4], 98) < dark_level_max:
        return too_dark
    if float((gray[::4, ::4] >= glare_level_min).mean()) > glare_share_max:
        return too_bright
    spot = _spot(_finest_spot(gray))
    if spot.contrast < contrast_levels_min:
        return None
    return _judged(spot)


@dataclass(frozen=True, slots=True)
class _Spot:
    contrast: float  # levels between its dark and its bright parts
    sharpness: float  # steepest steps from pixel to pixel, as a share of the contrast
    fineness: float  # share of its detail that is finer than about 3 pixels
    one_way: float  # 0 where edges run everywhere, 1 where all run in one direction: bars
    slant_degrees: float  # 0 to 45, between the bars and the frame
    edges: float  # black-to-white changes per pixel, along the busier axis


def _judged(spot: _Spot) -> str | None:
    """The bars of a Code 128 change every 1.8 modules, those of a QR every 2: below 2 pixels a module nothing reads."""
    if spot.sharpness < 0.33 or (spot.sharpness < 0.42 and spot.one_way > 0.6):
        return blurred
    is_bars, is_squares = spot.one_way > 0.85, spot.one_way < 0.3
    if (
        spot.fineness > 0.55
        or (is_bars and spot.edges > 0.28)
        or (is_squares and spot.fineness > 0.46 and spot.edges > 0.15)
    ):
        return too_far
    return tilted if is_bars and spot.slant_degrees > 10 else None


def _bearable(gray: Gray) -> Gray:
    """A still photo's middle, so that a look at it costs no more than a look at a frame."""
    if gray.size <= picture_pixels_max:
        return gray
    height, width = gray.shape
    share = float(np.sqrt(picture_pixels_max / gray.size))
    top, left = int(height * (1 - share) / 2), int(width * (1 - share) / 2)
    return gray[top : height - top, left : width - left]


def _finest_spot(gray: Gray) -> Gray:
    """The 64×48 pixels with the most fine detail; what lies near the middle counts up to three times."""
    detail = cv2.absdiff(gray, cv2.GaussianBlur(gray, (7, 7), 1.5))
    height, width = max(1, gray.shape[0] // 8), max(1, gray.shape[1] // 8)
    map_ = cv2.resize(detail, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    map_ = cv2.blur(map_, (7, 5), borderType=cv2.BORDER_CONSTANT)
    across, down = np.linspace(-1, 1, width)[None], np.linspace(-1, 1, height)[:, None]
    y, x = np.unravel_index(int(np.argmax(map_ / (1 + across**2 + down**2))), map_.shape)
    top = max(0, int(y) * 8 + 4 - spot_height_pixels // 2)
    left = max(0, int(x) * 8 + 4 - spot_width_pixels // 2)
    return gray[top : top + spot_height_pixels, left : left + spot_width_pixels]


def _spot(pixels: Gray) -> _Spot:
    low, high = np.percentile(pixels, [5, 95])
    contrast = max(1.0, float(high - low))
    levels = pixels.astype(np.int16)
    steps = [np.abs(np.diff(levels, axis=axis)) for axis in (0, 1)]
    coarse = float(cv2.absdiff(pixels, cv2.blur(pixels, (21, 21))).mean())
    one_way, slant = _direction(pixels)
    is_bright = pixels > cv2.blur(pixels, (25, 25))
    return _Spot(
        contrast=float(high - low),
        sharpness=max(float(np.percentile(step, 97)) for step in steps) / contrast,
        fineness=float(cv2.absdiff(pixels, cv2.GaussianBlur(pixels, (0, 0), 1.5)).mean()) / max(1.0, coarse),
        one_way=one_way,
        slant_degrees=slant,
        edges=max(float(np.diff(is_bright, axis=axis).mean()) for axis in (0, 1)),
    )


def _direction(pixels: Gray) -> tuple[float, float]:
    """(how much the edges share one direction, how far that is from the frame's axes in degrees)."""
    across, down = cv2.Sobel(pixels, cv2.CV_32F, 1, 0), cv2.Sobel(pixels, cv2.CV_32F, 0, 1)
    xx, yy, xy = (float((p * q).mean()) for p, q in ((across, across), (down, down), (across, down)))
    angle = np.degrees(0.5 * np.arctan2(2 * xy, xx - yy))
    return float(np.hypot(xx - yy, 2 * xy)) / (xx + yy + 1e-6), abs(float((angle + 45) % 90 - 45))
