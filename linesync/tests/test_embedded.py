"""The laptop's Postgres: a kill -9 of it, files that were lost, programs that took its number or its port."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from linesync.start import embedded, processes
from linesync.start.cluster import EmbeddedProblem
from linesync.start.embedded import Embedded
from linesync.tests.fake_lakebase import root

pytestmark = pytest.mark.timeout(240)
wait_seconds_max = 60


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """One server for all of these tests."""
    server = Embedded(tmp_path_factory.mktemp("kept") / "postgres")
    with psycopg.connect(server.start(), autocommit=True) as connection:
        connection.execute("CREATE TABLE told (words text)")
    yield server
    assert server.stop()


@pytest.fixture
def server(kept: Embedded, request: pytest.FixtureRequest) -> Iterator[Embedded]:
    """Running, with a row that has to outlive the test."""
    with psycopg.connect(kept.start(), autocommit=True) as connection:
        connection.execute("INSERT INTO told VALUES (%s)", [request.node.name])
    yield kept
    with psycopg.connect(kept.start()) as connection:
        found = connection.execute("SELECT count(*) FROM told WHERE words = %s", [request.node.name]).fetchone()
    assert found == (1,)


def wait_until(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill(server: Embedded) -> int:
    """kill -9 of the postmaster, while a backend of it is at work and cannot hear that it died."""
    busy = psycopg.connect(server.start())
    backend = busy.info.backend_pid
    os.kill(backend, signal.SIGSTOP)
    assert server.process
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    return backend


def test_killed_with_its_shared_memory_held_it_comes_back_on_its_port(server: Embedded) -> None:
    port, backend = server.port, kill(server)
    assert processes.is_working_in(backend, server.data)
    server.launch_again()
    wait_until(server.running_url)
    assert server.port == port
    assert not processes.is_working_in(backend, server.data)


def test_a_port_that_was_taken_meanwhile_is_waited_for_and_then_left(
    server: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.port
    kill(server)
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", port))
        taker.listen()
        with pytest.raises(EmbeddedProblem, match=f"its port {port} is taken by another program"):
            server.launch_again()
        monkeypatch.setattr(embedded, "same_port_seconds_max", 0)
        server.launch_again()
        wait_until(server.running_url)
        assert server.port != port
        assert f":{server.port}/" in server.url_file.read_text()


@pytest.mark.parametrize("left", [None, "", "\0\0", "postgresql://postgres:wrong@127.0.0.1:{port}/linesync"])
def test_a_lost_password_is_set_anew_on_the_same_port(server: Embedded, left: str | None) -> None:
    port = server.port
    server.stop()
    if left is None:
        server.url_file.unlink()
    else:
        server.url_file.write_text(left.format(port=port))
    again = Embedded(server.folder)
    url = again.start()
    server.process, server._url = again.process, url
    assert again.url_file.read_text() == url
    assert again.port == port


def test_a_server_that_runs_and_whose_password_was_lost_is_stopped_in_order_and_started(server: Embedded) -> None:
    server.url_file.write_text("")
    again = Embedded(server.folder)
    url = again.start()
    server.process, server._url = again.process, url
    assert "received fast shutdown request" in server.log.read_text()


@pytest.mark.skipif(not processes._has_proc, reason="without /proc Postgres itself decides")
@pytest.mark.parametrize("left", ["", "{pid}\n", "no number\n"])
def test_a_process_file_that_names_another_program_or_nobody_does_not_keep_it_down(server: Embedded, left: str) -> None:
    server.stop()
    # As after a power cut: the number belongs to somebody of the same user now.
    stranger = subprocess.Popen(["sleep", "600"], user=server.system_user)
    try:
        (server.data / "postmaster.pid").write_text(left.format(pid=stranger.pid))
        assert server.start()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.skipif(not processes._has_proc, reason="without /proc a number is all that is known")
def test_stop_sends_no_signal_to_a_stranger(server: Embedded) -> None:
    server.stop()
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n")
        assert server.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_frozen_server_is_stopped_in_order(server: Embedded) -> None:
    began = time.monotonic()
    assert server.process
    for pid in [server.process.pid, *processes.working_in(server.data)]:
        os.kill(pid, signal.SIGSTOP)
    assert server.stop()
    assert time.monotonic() - began < embedded.stop_seconds_max
    assert "database system is shut down" in server.log.read_text().splitlines()[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends it")
def test_a_server_ends_with_the_process_that_started_it_however_that_ends(server: Embedded) -> None:
    server.stop()
    code = f"""
import os, signal
from pathlib import Path
from linesync.start.embedded import Embedded
Embedded(Path({str(server.folder)!r})).start()
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    wait_until(lambda: not processes.working_in(server.data))
    assert "received smart shutdown request" in server.log.read_text()


def test_a_first_start_that_was_interrupted_is_no_database(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    (folder / "data.new" / "base").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    server = Embedded(folder)
    try:
        assert server.start()
        assert not (folder / "data.new").exists()
    finally:
        server.stop()


def test_a_folder_with_other_files_is_left_alone_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("dear")
    with pytest.raises(EmbeddedProblem, match=r"holds files, but no database. Move it away"):
        Embedded(tmp_path).start()
    assert (tmp_path / "data" / "letter.txt").read_text() == "dear"


def test_data_that_postgres_refuses_are_told_with_where_its_words_are(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent, tmp_path / "data")
    (tmp_path / "data" / "PG_VERSION").write_text("18\n")
    (tmp_path / "url").write_text("postgresql://postgres:x@127.0.0.1:1/linesync")
    with pytest.raises(EmbeddedProblem, match=r"did not start; its own words are in .*server.log"):
        Embedded(tmp_path).start()


@pytest.mark.parametrize("major", ["abc", "12", "18.1"])
def test_a_version_that_nobody_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, major: str) -> None:
    monkeypatch.setenv("EMBEDDED_POSTGRES_MAJOR", major)
    with pytest.raises(EmbeddedProblem, match=rf"EMBEDDED_POSTGRES_MAJOR={major} is not one of 16, 18; for example"):
        Embedded(tmp_path).start()
