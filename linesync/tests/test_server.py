"""The processes of a running LineSync: started together, the job worker started again, all stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linesync.start.ports import free_port
from linesync.tests.fake_lakebase import root

script = """
import sys
from linesync.start import parts, server
parts.restart_seconds = (0.1,)
jobs = ["sh", "-c", "echo worked >> {log}; exit 1"] if "{ends}" else ["sleep", "600"]
sys.exit(server.serve({port}, lambda sentence: print(sentence, flush=True), lambda: print("up", flush=True),
                      web={web}, jobs=jobs))
"""


def web_server(port: int) -> list[str]:
    return ["sh", "-c", f"exec {sys.executable} -m http.server --bind 127.0.0.1 {port} > /dev/null 2>&1"]


@pytest.fixture
def serve() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(web: list[str], port: int, log: Path, *, ends: bool = False) -> subprocess.Popen[str]:
        code = script.format(log=log, ends="yes" if ends else "", port=port, web=web)
        started.append(subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(60)


def test_it_announces_when_it_answers_and_stops_on_sigterm(
    serve: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    port = free_port()
    running = serve(web_server(port), port, tmp_path / "log")
    assert running.stdout is not None
    assert running.stdout.readline() == "up\n"
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate(timeout=60)
    assert said == "Finishing what is in flight …\n"
    assert running.returncode == 0


def test_a_job_worker_that_ends_is_started_again_while_pages_go_on(
    serve: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    running = serve(web_server(port), port, log, ends=True)
    deadline = time.monotonic() + 60
    while not log.exists() or len(log.read_text().splitlines()) < 3:
        assert time.monotonic() < deadline
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert "The job worker ended (1); it starts again in 0.1 s." in said
    assert running.returncode == 0


def test_a_web_server_that_dies_ends_everything(serve: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    running = serve(["false"], free_port(), tmp_path / "log")
    said, _ = running.communicate(timeout=60)
    assert "The web server died" in said
    assert running.returncode == 1


def test_a_web_server_that_was_killed_once_it_answered_is_started_again(
    serve: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    port = free_port()
    # As some do, its head leaves the one that holds the port behind.
    web = ["sh", "-c", f"{sys.executable} -m http.server --bind 127.0.0.1 {port} > /dev/null 2>&1 & echo $$; wait"]
    running = serve(web, port, tmp_path / "log")
    assert running.stdout is not None
    head = int(running.stdout.readline())
    assert running.stdout.readline() == "up\n"
    os.kill(head, signal.SIGKILL)
    assert running.stdout.readline() == "The web server ended (signal 9); it starts again in 0.1 s.\n"
    assert int(running.stdout.readline()) != head
    deadline = time.monotonic() + 60
    while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0


def test_nothing_is_left_behind_when_nobody_listens_any_more(
    serve: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    port = free_port()
    running = serve(web_server(port), port, tmp_path / "log")
    assert running.stdout
    assert running.stdout.readline() == "up\n"
    running.stdout.close()
    running.send_signal(signal.SIGTERM)
    running.wait(60)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
