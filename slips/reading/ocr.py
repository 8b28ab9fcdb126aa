"""Pictures of text become words with boxes: the one place that knows RapidOCR, whose weights come inside its wheel.

One engine per process, about 1 GB when warm, behind a lock. Never to be called in a web worker.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

side_pixels_max = 2000
threads_max = 2
turned_score_max = 0.85
"""A page whose lines score less on average may be upside down: it is tried the other way round."""

Picture = npt.NDArray[np.uint8]
"""Height × width × 3, RGB."""

Corners = npt.NDArray[np.float64]
"""4 × 2, clockwise from the text's upper left, in pixels."""

_lock = threading.Lock()


@dataclass(slots=True)
class OcrLine:
    text: str
    score: float
    corners: Corners
    words: list[tuple[str, Corners]]


@dataclass(slots=True)
class OcrPage:
    """Lines on the upright picture; `turns` is how many quarter turns against the clock made it upright."""

    lines: list[OcrLine]
    picture: Picture
    turns: int


def read(picture: Picture) -> OcrPage:
    """The text lines of a page, whichever way it lies."""
    with _lock:
        lines, turns = _recognized(picture), 0
        if _share_of_tall(lines) > 0.5:
            turns = 1
            lines = _recognized(np.rot90(picture))
        if lines and _mean_score(lines) < turned_score_max and _is_upside_down(np.rot90(picture, turns), lines):
            turns += 2
            lines = _recognized(np.rot90(picture, turns))
    return OcrPage(lines, np.ascontiguousarray(np.rot90(picture, turns)), turns)


def read_cell(picture: Picture) -> tuple[str, float]:
    """The text of one cut-out cell and its score; for what the detector overlooked."""
    with _lock:
        result = _engine()(_bgr(picture), use_det=False, use_cls=False, use_rec=True)
    if not getattr(result, "txts", None):
        return "", 0.0
    return str(result.txts[0]).strip(), float(result.scores[0])


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": side_pixels_max,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads_max,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _bgr(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[:, :, ::-1])


def _recognized(picture: Picture) -> list[OcrLine]:
    # The engine's own line turner makes an epsilon of a lone 3, so pages are turned here, whole.
    result = _engine()(_bgr(picture), use_det=True, use_cls=False, use_rec=True, return_word_box=True)
    if getattr(result, "boxes", None) is None:
        return []
    lines = []
    for place, (corners, text, score) in enumerate(zip(result.boxes, result.txts, result.scores, strict=True)):
        cut = result.word_results[place] if result.word_results and place < len(result.word_results) else ()
        words = [(str(word), np.asarray(box, dtype=np.float64)) for word, _, box in cut if word and box is not None]
        lines.append(OcrLine(text, float(score), np.asarray(corners, dtype=np.float64), words))
    return lines


def _share_of_tall(lines: list[OcrLine]) -> float:
    long = [line for line in lines if len(line.text) >= 4]
    tall = [line for line in long if np.ptp(line.corners[:, 1]) > np.ptp(line.corners[:, 0])]
    return len(tall) / len(long) if long else 0.0


def _mean_score(lines: list[OcrLine]) -> float:
    return float(np.mean([line.score for line in lines]))


def _is_upside_down(picture: Picture, lines: list[OcrLine]) -> bool:
    """Whether the longest lines read better turned by half."""
    longest = sorted(lines, key=lambda line: -len(line.text))[:8]
    turned = []
    for line in longest:
        (x0, y0), (x1, y1) = line.corners.min(axis=0).astype(int), line.corners.max(axis=0).astype(int) + 1
        cut = picture[max(0, y0) : y1, max(0, x0) : x1]
        result = _engine()(_bgr(np.rot90(cut, 2)), use_det=False, use_cls=False, use_rec=True)
        turned.append(float(result.scores[0]) if getattr(result, "scores", None) else 0.0)
    return float(np.mean(turned)) > _mean_score(longest) + 0.05
