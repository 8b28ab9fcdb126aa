from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.core.management import call_command

from inventory.decoding.symbol import Gray
from inventory.tests.drawing import LABEL, frame, middle, noisy, symbol

# Pictures or bytes by name: the code it ended with, the fields of each line, what it wrote of errors.
Run = Callable[..., tuple[str | int | None, list[list[str]], str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(**pictures: Gray | bytes) -> tuple[str | int | None, list[list[str]], str]:
        paths = []
        for name, picture in pictures.items():
            path = tmp_path / f"{name}.png"
            path.write_bytes(picture if isinstance(picture, bytes) else cv2.imencode(".png", picture)[1].tobytes())
            paths.append(str(path))
        try:
            call_command("read_labels", *paths)
            code: str | int | None = 0
        except SystemExit as ended:
            code = ended.code
        written = capsys.readouterr()
        return code, [line.split("\t") for line in written.out.splitlines()], written.err

    return run


def test_one_line_per_symbol(run: Run) -> None:
    both = frame((symbol(module=4), 20, 20), (symbol("4006381333931", "EAN13", module=3), 500, 60))
    code, lines, _ = run(both=both)
    assert code == 0
    assert {(line[1], line[2]) for line in lines} == {("QRCode", LABEL), ("EAN13", "4006381333931")}
    assert all(len(line) == 5 and line[0].endswith("both.png") and float(line[4]) > 0 for line in lines)


def test_control_characters_are_escaped(run: Run) -> None:
    _, lines, _ = run(tabs=middle(symbol("a\tb\nc\\d\x1d", "DataMatrix")))
    assert [line[1:3] for line in lines] == [["DataMatrix", "a\\tb\\nc\\\\d\\x1d"]]


def test_both_engines_are_named_where_both_read_it(run: Run) -> None:
    _, lines, _ = run(plain=middle(symbol()))
    assert lines[0][3] in ("pyzbar+zxing", "zxing")


def test_a_picture_without_a_symbol_says_none_and_why(run: Run) -> None:
    blurred = noisy(cv2.GaussianBlur(middle(symbol()), (0, 0), 8), sigma=1)
    code, lines, errors = run(blurred=blurred, empty=noisy(np.full((200, 300), 90, np.uint8)))
    assert code == 0
    assert [line[1:4] for line in lines] == [["NONE", "", ""], ["NONE", "", ""]]
    assert "blurred" in errors
    assert "nothing in it looks like a label" in errors


def test_a_file_that_is_no_picture_is_told_and_the_others_are_read(run: Run, tmp_path: Path) -> None:
    code, lines, errors = run(text=b"hello", good=middle(symbol()))
    assert code == 1
    assert [line[2] for line in lines] == [LABEL]
    assert "not a picture" in errors


def test_a_missing_file_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        call_command("read_labels", str(tmp_path / "nowhere.jpg"))
    assert "No such file" in capsys.readouterr().err
