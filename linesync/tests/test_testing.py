"""The test plugin itself: how a run ends, and what is left of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from linesync.tests.fake_lakebase import root
from linesync.tests.leftovers import clear_after_killed_runs, mark, marked

pytestmark = pytest.mark.long

wait_seconds_max = 120

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


# With what a test starts: a database, a browser, a process of its own that heeds no Ctrl-C.
unfinished = """
import os, subprocess, tempfile, time
from pathlib import Path

def test_goes_on(open_browser):
    open_browser().goto("about:blank")
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    tempfile.mkdtemp(prefix="forgotten-")
    Path(__file__).with_name("started").write_text(f"{os.environ['LINESYNC_TEST_RUN']} {os.getpid()}")
    time.sleep(600)
"""


def command_of(tmp_path: Path, text: str, *options: str) -> list[str]:
    file = tmp_path / "test_forgetful.py"
    file.write_text(text)
    configured = ["-c", str(root / "pyproject.toml"), "--rootdir", str(root)]
    # Two seconds of a processor for each process that loads it.
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:schemathesis", *configured, *options, str(file)]


def own_environment() -> dict[str, str]:
    """With a server of its own, as if a person had started it: two runs cannot share one test database."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("DATABASE_URL") and not name.startswith("PYTEST_")
    }


def run_of(tmp_path: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = command_of(tmp_path, text, *options)
    return subprocess.run(
        command, cwd=root, env=own_environment(), capture_output=True, text=True, timeout=240, check=False
    )


def test_a_run_ends_as_its_tests_did_and_names_the_thread_that_was_left(tmp_path: Path) -> None:
    ended = run_of(tmp_path, forgetful, "-p", "no:django")
    assert ended.returncode == 1
    assert "still running: forgotten" in ended.stderr
    assert "in go_on_for_ever" in ended.stderr


def test_a_run_that_left_nothing_says_nothing(tmp_path: Path) -> None:
    ended = run_of(tmp_path, "def test_is_tidy():\n    pass\n", "-p", "no:django")
    assert ended.returncode == 0
    assert "Left behind" not in ended.stderr


def test_a_browsers_test_leaves_no_connection_that_keeps_the_test_database(tmp_path: Path) -> None:
    ended = run_of(tmp_path, browsing)
    assert ended.returncode == 0, ended.stdout
    assert "teardown test databases" not in ended.stdout


def wait_until(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def started(tmp_path: Path, processes: str) -> tuple[subprocess.Popen[bytes], Path, int]:
    """A run in the middle of a test: its process, its folder, the process that runs the test."""
    # It asks Django for nothing but its settings.
    command = command_of(tmp_path, unfinished, "-n", processes, "-p", "no:django")
    environment = own_environment() | {"DJANGO_SETTINGS_MODULE": "linesync.settings"}
    with (tmp_path / "log").open("wb") as log:
        run = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log, start_new_session=True)
    told = tmp_path / "started"
    wait_until(lambda: run.poll() is not None or (told.exists() and " " in told.read_text()))
    assert run.poll() is None, (tmp_path / "log").read_text()
    folder, worker = (tmp_path / "started").read_text().split()
    names = " ".join(words for _, words in marked(Path(folder)))
    assert all(name in names for name in ("chromium", "postgres", "sleep 600")), names
    return run, Path(folder), int(worker)


def ctrl_c(run: subprocess.Popen[bytes], worker: int) -> None:
    os.killpg(run.pid, signal.SIGINT)


def terminated(run: subprocess.Popen[bytes], worker: int) -> None:
    run.terminate()


def killed(run: subprocess.Popen[bytes], worker: int) -> None:
    run.kill()


def a_worker_killed(run: subprocess.Popen[bytes], worker: int) -> None:
    os.kill(worker, signal.SIGKILL)
    # Another one takes its place and its tests.
    run.terminate()


@pytest.mark.parametrize(
    ("processes", "stop"), [("2", ctrl_c), ("0", terminated), ("2", killed), ("2", a_worker_killed)]
)
def test_a_run_that_is_stopped_leaves_no_process_and_no_folder(
    tmp_path: Path, processes: str, stop: Callable[[subprocess.Popen[bytes], int], None]
) -> None:
    run, folder, worker = started(tmp_path, processes)
    stop(run, worker)
    run.wait(wait_seconds_max)
    wait_until(lambda: not folder.exists())
    assert list(marked(folder)) == []


watched = """
from linesync.tests.leftovers import Watched
run = Watched()
print(run.folder, run.watcher.pid, flush=True)
input()
"""


def test_what_a_run_left_whose_watcher_was_killed_too_is_cleared_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with subprocess.Popen(
        [sys.executable, "-c", watched], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        folder, watcher = run.stdout.readline().split()
        sleeper = subprocess.Popen(["sleep", "600"], env=os.environ | {mark: folder})

        def is_cleared() -> bool:
            clear_after_killed_runs()
            return not Path(folder).exists()

        try:
            clear_after_killed_runs()
            assert (Path(folder).exists(), sleeper.poll()) == (True, None), "while it runs it is left alone"
            os.kill(int(watcher), signal.SIGKILL)
            run.kill()
            wait_until(is_cleared)
            assert sleeper.wait(wait_seconds_max) == -signal.SIGKILL
        finally:
            sleeper.kill()
