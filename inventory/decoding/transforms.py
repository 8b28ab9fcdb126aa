"""Other views of one picture: light flattened, contrast raised, enlarged, turned upright. Each knows the way back."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inventory.decoding.symbol import Corners, Gray, clockwise

Affine = npt.NDArray[np.float64]

strip_height_pixels = 220
thumbnail_pixels = 320
tilt_degrees_min = 6
enlarged_pixels_max = 3_000_000
shrunk_pixels_max = 2_000_000


@dataclass(frozen=True, slots=True)
class View:
    """Pixels to decode, and the 2×3 affine map from them to the picture's own pixels (None where they are the same)."""

    pixels: Gray
    to_picture: Affine | None = None

    def corners(self, points: npt.ArrayLike) -> Corners:
        """Four points of this view as corners in the picture."""
        here = np.asarray(points, dtype=np.float64).reshape(4, 2)
        return clockwise(here if self.to_picture is None else here @ self.to_picture[:, :2].T + self.to_picture[:, 2])

    def with_pixels(self, pixels: Gray) -> "View":
        """The same place with other pixels."""
        return View(pixels, self.to_picture)


def flat(view: View, *, window: int = 31) -> View:
    """Divided by its local mean (`window` pixels at quarter scale), so that no shadow edge is left."""
    gray = view.pixels
    height, width = gray.shape
    quarter = cv2.resize(gray, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    mean = cv2.resize(cv2.max(cv2.blur(quarter, (window, window)), 8), (width, height), interpolation=cv2.INTER_LINEAR)
    return view.with_pixels(cv2.divide(gray, mean, scale=128))


def contrasty(view: View) -> View:
    """Contrast raised tile by tile (CLAHE)."""
    return view.with_pixels(cv2.createCLAHE(2.0, (8, 8)).apply(view.pixels))


def inverted(view: View) -> View:
    """Light on dark turned into dark on light."""
    return view.with_pixels(255 - view.pixels)


def softened(view: View) -> View:
    """A little out of focus, which takes the dots of a coarse print together."""
    return view.with_pixels(cv2.GaussianBlur(view.pixels, (5, 5), 0))


def mended(view: View) -> Iterator[View]:
    """Dots of a coarse print grown together, specks and scratches taken away, each in a few sizes."""
    for reach in (3, 5, 9):
        square = np.ones((reach, reach), np.uint8)
        yield view.with_pixels(cv2.morphologyEx(view.pixels, cv2.MORPH_OPEN, square))
        yield view.with_pixels(cv2.morphologyEx(view.pixels, cv2.MORPH_CLOSE, square))
    for blur in (2.5, 3.5):
        yield view.with_pixels(cv2.GaussianBlur(view.pixels, (0, 0), blur))
    for side in (5, 7):
        yield view.with_pixels(cv2.medianBlur(view.pixels, side))


def sharpened(view: View, *, reach: float, amount: float) -> View:
    """Each pixel moved away from the mean of its neighbourhood (`reach` pixels) by `amount` times the difference."""
    blurred = cv2.GaussianBlur(view.pixels, (0, 0), reach)
    return view.with_pixels(cv2.addWeighted(view.pixels, 1 + amount, blurred, -amount, 0))


def smeared(view: View, *, rows: int) -> View:
    """Each pixel the mean of its column over `rows`: upright bars stay, noise and scratches go."""
    return view.with_pixels(cv2.blur(view.pixels, (1, rows)))


def sized(view: View, *, across: float, down: float | None = None, how: int = cv2.INTER_CUBIC) -> View:
    """`across` times as wide and `down` times as high (as wide, if not given)."""
    height, width = view.pixels.shape
    size = max(1, round(width * across)), max(1, round(height * (across if down is None else down)))
    x, y = width / size[0], height / size[1]
    matrix = np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2]])
    return View(cv2.resize(view.pixels, size, interpolation=how), _after(view, matrix))


def enlarged(view: View, *, factor: float = 2, how: int = cv2.INTER_CUBIC) -> View:
    """`factor` times as large, or as much as keeps it below `enlarged_pixels_max`."""
    bearable = float(np.sqrt(enlarged_pixels_max / view.pixels.size))
    return sized(view, across=max(1.0, min(factor, bearable)), how=how)


def shrunk(view: View) -> View:
    """No larger than `shrunk_pixels_max`, so that each of many attempts stays cheap."""
    scale = float(np.sqrt(shrunk_pixels_max / view.pixels.size))
    return view if scale >= 1 else sized(view, across=scale, how=cv2.INTER_AREA)


def banded(strip: View, *, bands: int = 16, widen: int = 3, repeat: int = 1) -> View:
    """A strip with upright bars as a few bands, each the mean of its rows, made wider and sharper across the bars."""
    averaged = sized(strip, across=1, down=bands / strip.pixels.shape[0], how=cv2.INTER_AREA)
    wide = sized(averaged, across=widen, down=repeat)
    blurred = cv2.GaussianBlur(wide.pixels, (0, 0), sigmaX=4 * widen / 3, sigmaY=0.01)
    return wide.with_pixels(cv2.addWeighted(wide.pixels, 2.5, blurred, -1.5, 0))


def strips(view: View, *, count: int, height: int = strip_height_pixels, tilted_only: bool = False) -> Iterator[View]:
    """The places that look most like bars, each turned so that its bars stand upright, strongest first.

    `tilted_only` leaves out bars that already stand along the rows or columns: the plain passes saw those.
    """
    for angle, x, y in _striped_places(view.pixels, count):
        if not tilted_only or abs((angle + 45) % 90 - 45) >= tilt_degrees_min:
            yield _turned(view, angle, (x, y), height)


def crossings(view: View, *, height: int) -> Iterator[View]:
    """Strips across the picture and down it, from its middle outwards, and along what looks most like bars."""
    rows, columns = view.pixels.shape
    for part in (0.5, 0.35, 0.65):
        yield _turned(view, 0, (columns / 2, part * rows), height)
    yield from strips(view, count=2, height=height)
    for part in (0.5, 0.35, 0.65):
        yield _turned(view, 90, (part * columns, rows / 2), height)


def cut_out(gray: Gray, angle: float, centre: tuple[float, float], *, width: int, height: int) -> View:
    """`width` × `height` pixels about `centre`, along the direction `angle` (degrees, clockwise on the screen)."""
    matrix = cv2.getRotationMatrix2D(centre, angle, 1.0)
    matrix[:, 2] += width / 2 - centre[0], height / 2 - centre[1]
    pixels = cv2.warpAffine(gray, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    return View(pixels, cv2.invertAffineTransform(matrix))


def turned(gray: Gray, angle: float, centre: tuple[float, float], *, height: int) -> View:
    """The whole strip of `height` pixels through `centre`, along the direction `angle`, as far as the picture goes."""
    picture_height, picture_width = gray.shape
    length = int(1.05 * float(np.hypot(picture_width, picture_height)))
    matrix = cv2.getRotationMatrix2D(centre, angle, 1.0)
    matrix[:, 2] += length / 2 - centre[0], height / 2 - centre[1]
    outline = np.array([[0, 0], [picture_width, 0], [picture_width, picture_height], [0, picture_height]])
    across = outline @ matrix[0, :2] + matrix[0, 2]
    left, right = max(0, int(across.min())), min(length, int(across.max()) + 1)
    matrix[0, 2] -= left
    pixels = cv2.warpAffine(gray, matrix, (max(1, right - left), height), flags=cv2.INTER_LINEAR, borderValue=255)
    return View(pixels, cv2.invertAffineTransform(matrix))


def _turned(view: View, angle: float, centre: tuple[float, float], height: int) -> View:
    strip = turned(view.pixels, angle, centre, height=height)
    return View(strip.pixels, None if strip.to_picture is None else _after(view, strip.to_picture))


def _after(view: View, matrix: Affine) -> Affine:
    """The map `matrix` (to this view's pixels), followed by the view's own map to the picture."""
    if view.to_picture is None:
        return matrix
    both: Affine = np.vstack([view.to_picture, [0, 0, 1]]) @ np.vstack([matrix, [0, 0, 1]])
    return both[:2]


def _striped_places(gray: Gray, count: int) -> Iterator[tuple[float, float, float]]:
    """Up to `count` places (angle across the bars in degrees, x, y) where the gradients run in one direction."""
    scale = min(1.0, thumbnail_pixels / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else gray
    window = max(9, int(0.08 * max(small.shape)) | 1)
    along, cross = _gradient_tensor(small, window)
    strength = np.hypot(along[0], cross)
    score = strength * strength / (along[1] + 1e3)
    rows, columns = np.mgrid[: score.shape[0], : score.shape[1]]
    for _ in range(count):
        y, x = np.unravel_index(int(np.argmax(score)), score.shape)
        if score[y, x] <= 0:
            return
        angle = 0.5 * float(np.arctan2(cross[y, x], along[0][y, x]))
        yield float(np.degrees(angle)), float(x) / scale, float(y) / scale
        # A label is long across its bars: what lies along that line belongs to the same place.
        u = (columns - x) * np.cos(angle) + (rows - y) * np.sin(angle)
        v = (rows - y) * np.cos(angle) - (columns - x) * np.sin(angle)
        score[(np.abs(v) < window) & (np.abs(u) < 4 * window)] = 0


def _gradient_tensor(
    small: Gray, window: int
) -> tuple[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]], npt.NDArray[np.float32]]:
    """((xx − yy, xx + yy), 2·xy) of the gradients, summed over a window, on a picture with flattened light."""
    even = cv2.divide(small.astype(np.float32), cv2.max(cv2.blur(small.astype(np.float32), (31, 31)), 8), scale=128)
    across, down = cv2.Sobel(even, cv2.CV_32F, 1, 0), cv2.Sobel(even, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.boxFilter(p, -1, (window, window)) for p in (across * across, down * down, across * down))
    return (xx - yy, xx + yy), 2 * xy
