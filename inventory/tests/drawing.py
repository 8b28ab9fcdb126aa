"""Pictures of labels, drawn for the tests."""

import cv2
import numpy as np
import zxingcpp

LABEL = "ITEM=PART-88219;QTY=24"


def symbol(text=LABEL, form="QRCode", *, module=5, height=60):
    """One symbol with its quiet zone, dark on white; `module` and `height` (of linear symbols) in pixels."""
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, form))
    modules = np.array(code.to_image(scale=1, add_quiet_zones=False))
    if form in ("Code128", "Code39", "EAN13", "UPCA", "ITF"):
        modules = np.repeat(modules[modules.shape[0] // 2][None], -(-height // module), axis=0)
    quiet = np.pad(modules, 10, constant_values=255)
    return np.kron(quiet, np.ones((module, module), np.uint8))


def frame(*placed, width=960, height=320, level=120):
    """A gray frame with symbols pasted at (picture, left, top)."""
    gray = np.full((height, width), level, np.uint8)
    for picture, left, top in placed:
        gray[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return gray


def middle(picture, **size):
    """A frame with the symbol in its middle."""
    gray = frame(**size)
    top, left = (gray.shape[0] - picture.shape[0]) // 2, (gray.shape[1] - picture.shape[1]) // 2
    return frame((picture, left, top), **size)


def turned(gray, degrees):
    """The frame turned about its middle, and the 2×3 matrix that turned it."""
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(gray, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=120), matrix


def shadowed(gray, *, left=1.0, right=0.25):
    """A hard shadow over the right half."""
    lit = gray.astype(np.float32)
    lit[:, : gray.shape[1] // 2] *= left
    lit[:, gray.shape[1] // 2 :] *= right
    return lit.astype(np.uint8)


def noisy(gray, *, sigma=4, seed=1):
    """Sensor noise of `sigma` levels."""
    noise = np.random.default_rng(seed).normal(0, sigma, gray.shape)
    return np.clip(gray + noise, 0, 255).astype(np.uint8)
