"""The test plugin itself: how a run ends."""

import subprocess
import sys

from linesync.tests.house import root

forgetful = """
import threading, time

def go_on_for_ever():
    while True:
        time.sleep(0.1)

def test_forgets_a_thread():
    threading.Thread(target=go_on_for_ever, name="forgotten").start()
    assert False
"""


def run_of(tmp_path, text):
    file = tmp_path / "test_forgetful.py"
    file.write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        str(root / "pyproject.toml"),
        "--rootdir",
        str(root),
        str(file),
    ]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)


def test_a_run_ends_as_its_tests_did_and_names_the_thread_that_was_left(tmp_path):
    ended = run_of(tmp_path, forgetful)
    assert ended.returncode == 1
    assert "still running: forgotten" in ended.stderr
    assert "in go_on_for_ever" in ended.stderr


def test_a_run_that_left_nothing_says_nothing(tmp_path):
    ended = run_of(tmp_path, "def test_is_tidy():\n    pass\n")
    assert ended.returncode == 0
    assert "Left behind" not in ended.stderr
