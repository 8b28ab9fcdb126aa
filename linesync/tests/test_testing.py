"""The test plugin itself: how a run ends."""

import os
import subprocess
import sys

from linesync.tests.fake_lakebase import root

forgetful = """
import threading, time

def go_on_for_ever():
    while True:
        time.sleep(0.1)

def test_forgets_a_thread():
    threading.Thread(target=go_on_for_ever, name="forgotten").start()
    assert False
"""

browsing = """
from inventory.models import ScanEvent

def test_looks_at_the_stock(ledger, live_server, open_browser):
    open_browser().goto(live_server.url + "/stock/")
    assert ScanEvent.objects.count() == 0
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
    # With a server of its own: two runs cannot share one test database.
    environment = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=240, check=False)


def test_a_run_ends_as_its_tests_did_and_names_the_thread_that_was_left(tmp_path):
    ended = run_of(tmp_path, forgetful)
    assert ended.returncode == 1
    assert "still running: forgotten" in ended.stderr
    assert "in go_on_for_ever" in ended.stderr


def test_a_run_that_left_nothing_says_nothing(tmp_path):
    ended = run_of(tmp_path, "def test_is_tidy():\n    pass\n")
    assert ended.returncode == 0
    assert "Left behind" not in ended.stderr


def test_a_browsers_test_leaves_no_connection_that_keeps_the_test_database(tmp_path):
    ended = run_of(tmp_path, browsing)
    assert ended.returncode == 0, ended.stdout
    assert "teardown test databases" not in ended.stdout
