"""Pictures of labels, drawn for the tests."""

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from inventory.decoding.symbol import Gray

LABEL = "ITEM=PART-88219;QTY=24"


def symbol(text: str = LABEL, form: str = "QRCode", *, module: int = 5, height: int = 60) -> Gray:
    """One symbol with its quiet zone, dark on white; `module` and `height` (of linear symbols) in pixels."""
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, form))
    modules = np.array(code.to_image(scale=1, add_quiet_zones=False))
    if form in ("Code128", "Code39", "EAN13", "UPCA", "ITF"):
        modules = np.repeat(modules[modules.shape[0] // 2][None], -(-height // module), axis=0)
    quiet = np.pad(modules, 10, constant_values=255)
    return np.kron(quiet, np.ones((module, module), np.uint8))


def frame(*placed: tuple[Gray, int, int], width: int = 960, height: int = 320, level: int = 120) -> Gray:
    """A gray frame with symbols pasted at (picture, left, top)."""
    gray = np.full((height, width), level, np.uint8)
    for picture, left, top in placed:
        gray[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return gray


def middle(picture: Gray, **size: int) -> Gray:
    """A frame with the symbol in its middle."""
    gray = frame(**size)
    top, left = (gray.shape[0] - picture.shape[0]) // 2, (gray.shape[1] - picture.shape[1]) // 2
    return frame((picture, left, top), **size)


def turned(gray: Gray, degrees: float) -> tuple[Gray, npt.NDArray[np.float64]]:
    """The frame turned about its middle, and the 2×3 matrix that turned it."""
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(gray, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=120), matrix


def shadowed(gray: Gray, *, left: float = 1.0, right: float = 0.25) -> Gray:
    """A hard shadow over the right half."""
    lit = gray.astype(np.float32)
    lit[:, : gray.shape[1] // 2] *= left
    lit[:, gray.shape[1] // 2 :] *= right
    return lit.astype(np.uint8)


def noisy(gray: Gray, *, sigma: float = 4, seed: int = 1) -> Gray:
    """Sensor noise of `sigma` levels."""
    noise = np.random.default_rng(seed).normal(0, sigma, gray.shape)
    return np.clip(gray + noise, 0, 255).astype(np.uint8)
