"""A LineSync whose parts are killed one after the other, itself too: it comes back; no carton is lost or doubled."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import pytest
import requests

from linesync.start import leftovers, parts, processes
from linesync.start.embedded import Embedded
from linesync.start.parts import CannotStart, Part
from linesync.tests.test_run import Running, events, root

pytestmark = pytest.mark.long

wait_seconds_max = 60
# 10 s, and what a busy machine adds.
exit_seconds_max = 13


def wait_until(is_true: Callable[[], object], words: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        assert time.monotonic() < deadline, words()
        time.sleep(0.05)


class Dock:
    """Four programs that book cartons, one after the other, each with a key, and note what was answered."""

    pause_seconds = 0.05

    def __init__(self, running: Running) -> None:
        self.running = running
        self.acknowledged: dict[str, str] = {}
        self.tried: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._scan) for _ in range(4)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Threads that go on for ever would keep the whole test run from ending.
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def books_on(self) -> None:
        """Wait until cartons are booked that nobody had tried before."""
        before = len(self.acknowledged)
        wait_until(lambda: len(self.acknowledged) >= before + 8, self.running.says)

    def book(self, running: Running, key: str) -> str | None:
        """The event's id. None: no answer, or a refusal for now."""
        scan = {"station_id": "DOCK-1", "barcode_raw": f"ITEM=PART-{key[:8]};QTY=1"}
        address = f"http://127.0.0.1:{running.port}/api/events/intake"
        try:
            answer = requests.post(address, json=scan, headers={"Idempotency-Key": key}, timeout=20)
            return str(answer.json()["event_id"]) if answer.status_code == 200 else None
        except requests.RequestException:
            return None

    def _scan(self) -> None:
        while not self._stop.wait(self.pause_seconds):
            key = str(uuid4())
            self.tried.append(key)
            if event_id := self.book(self.running, key):
                self.acknowledged[key] = event_id


def heads(var: Path) -> dict[str, int]:
    """The processes that the run has written down, by name."""
    (record,) = (json.loads(file.read_text()) for file in (var / "runs").glob("*.json"))
    return {part["name"]: part["pid"] for part in record["parts"]}


def is_replaced(var: Path, name: str, pid: int) -> bool:
    return heads(var)[name] != pid


def postmaster(var: Path) -> int:
    return int((var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def family(var: Path) -> set[int]:
    """All that a run has started, Postgres as well."""
    (record,) = (json.loads(file.read_text()) for file in (var / "runs").glob("*.json"))
    return {
        *processes.marked(f"{leftovers.mark_name}={record['mark']}"),
        *processes.working_in(var / "postgres" / "data"),
    }


@pytest.mark.timeout(300)
def test_each_part_comes_back_and_loses_and_doubles_nothing(tmp_path: Path) -> None:
    running = Running(tmp_path).wait_until_up()
    with Dock(running) as dock:
        dock.books_on()
        port = Embedded(tmp_path / "postgres").port
        os.kill(postmaster(tmp_path), signal.SIGKILL)
        dock.books_on()
        assert Embedded(tmp_path / "postgres").port == port

        # The head of the web server, then all of it at once, in the middle of requests.
        for whole in (False, True):
            web = heads(tmp_path)["The web server"]
            if whole:
                os.killpg(web, signal.SIGKILL)
            else:
                os.kill(web, signal.SIGKILL)
            wait_until(partial(is_replaced, tmp_path, "The web server", web), running.says)
            dock.books_on()

        worker = heads(tmp_path)["The job worker"]
        os.kill(worker, signal.SIGKILL)
        wait_until(partial(is_replaced, tmp_path, "The job worker", worker), running.says)
        dock.books_on()
        said = running.says()
        for words in (
            "Postgres ended (signal 9)",
            "The web server ended (signal 9)",
            "The job worker ended (signal 9)",
        ):
            assert said.count(words) == 1, said

        left = family(tmp_path)
        assert len(left) > 5
        running.process.kill()
        running.process.wait()
    if sys.platform == "linux":
        wait_until(lambda: not any(map(processes.born, left)))
    # The next start, whatever was left: on the same port and the same data.
    again = Running(tmp_path, PORT=str(running.port))
    again.port = running.port
    again.wait_until_up()
    try:
        url = (tmp_path / "postgres" / "url").read_text()
        booked = events(url)
        assert set(dock.acknowledged.values()) <= booked
        assert len(booked) <= len(dock.tried)
        # Asking again with every one of the keys until it is answered, as a program does, books each exactly once.
        answered: dict[str, str | None] = dict(dock.acknowledged)

        def is_answered(key: str) -> bool:
            answered[key] = dock.book(again, key)
            return bool(answered[key])

        for key in dock.tried:
            wait_until(partial(is_answered, key), again.says)
        assert {key: answered[key] for key in dock.acknowledged} == dock.acknowledged
        assert events(url) == set(answered.values())
        assert len(answered) == len(set(answered.values())) == len(dock.tried)

        # Killed again, and started before its parts have ended.
        again.process.kill()
        again.process.wait()
        third = Running(tmp_path, PORT=str(running.port))
        third.port = running.port
        third.wait_until_up()
        assert third.books(str(uuid4()))
    finally:
        again.stop()
    # With the database frozen, and a request that waits for it.
    for pid in processes.working_in(tmp_path / "postgres" / "data") or [postmaster(tmp_path)]:
        os.kill(pid, signal.SIGSTOP)
    waiting = threading.Thread(target=third.books, args=[str(uuid4())])
    waiting.start()
    left = family(tmp_path)
    began = time.monotonic()
    assert third.stop() == 0
    assert time.monotonic() - began < exit_seconds_max
    waiting.join()
    wait_until(lambda: not any(map(processes.born, left)))
    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()
    assert not list((tmp_path / "runs").iterdir())


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_in_the_middle_of_the_start_it_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    running = Running(tmp_path)
    wait_until(lambda: "Migrating" in running.says() or running.process.poll() is not None, running.says)
    assert running.stop(number) == 0
    assert "Traceback" not in running.says()
    assert not processes.working_in(tmp_path / "postgres" / "data")


def orphan(mark: str = "", command: Sequence[str] = ("sleep", "600")) -> subprocess.Popen[bytes]:
    """A process of a session of its own, as the parts of a run are."""
    environment = os.environ | ({leftovers.mark_name: mark} if mark else {})
    return subprocess.Popen(command, env=environment, start_new_session=True)


def written_down(var: Path, *named: dict[str, Any], mark: str = "m" * 32, run: dict[str, Any] | None = None) -> None:
    (var / "runs").mkdir(exist_ok=True)
    facts = {"run": run or {"pid": 1, "born": "long ago"}, "mark": mark, "parts": list(named)}
    (var / "runs" / "1.json").write_text(json.dumps(facts))


def end(var: Path, seconds_max: float = wait_seconds_max) -> list[str]:
    said: list[str] = []
    leftovers.end(var, said.append, seconds_max=seconds_max)
    return said


def test_what_a_killed_run_left_is_ended_and_nobody_else(tmp_path: Path) -> None:
    head, stranger = orphan(), orphan()
    written_down(
        tmp_path,
        {"name": "The web server", "pid": head.pid, "born": processes.born(head.pid)},
        # Its number was given to somebody else meanwhile.
        {"name": "The job worker", "pid": stranger.pid, "born": "another day"},
    )
    try:
        assert end(tmp_path) == ["An earlier LineSync was killed; ending what is left of it …"]
        assert head.wait(wait_seconds_max) == -signal.SIGTERM
        assert stranger.poll() is None
        assert not list((tmp_path / "runs").iterdir())
        assert end(tmp_path) == []
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.skipif(not processes._has_proc, reason="without /proc an orphan cannot be known")
def test_orphans_whose_head_is_dead_are_known_by_their_mark(tmp_path: Path) -> None:
    mark = uuid4().hex
    child, stranger = orphan(mark), orphan(uuid4().hex)
    written_down(tmp_path, mark=mark)
    try:
        assert len(end(tmp_path)) == 1
        assert child.wait(wait_seconds_max) == -signal.SIGTERM
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_who_does_not_end_is_killed(tmp_path: Path) -> None:
    script = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    deaf = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, start_new_session=True)
    assert deaf.stdout
    deaf.stdout.readline()
    written_down(tmp_path, {"name": "The web server", "pid": deaf.pid, "born": processes.born(deaf.pid)})
    end(tmp_path, seconds_max=0.3)
    assert deaf.wait(wait_seconds_max) == -signal.SIGKILL


def test_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    child = orphan()
    ours = {"pid": os.getpid(), "born": processes.born(os.getpid())}
    written_down(tmp_path, {"name": "x", "pid": child.pid, "born": processes.born(child.pid)}, run=ours)
    try:
        assert end(tmp_path) == []
        assert child.poll() is None
        assert list((tmp_path / "runs").iterdir())
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize("left", ["", "{", "[]", '{"run": 1}', "\0\0"])
def test_a_record_without_sense_is_thrown_away(tmp_path: Path, left: str) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "7.json").write_text(left)
    assert end(tmp_path) == []
    assert not list((tmp_path / "runs").iterdir())


def part_of(*command: str) -> tuple[Part, list[str]]:
    said: list[str] = []

    def start() -> subprocess.Popen[bytes]:
        if not command:
            raise CannotStart("its port 5 is taken by another program")
        return subprocess.Popen(command, cwd=root, start_new_session=True)

    return Part("The part", start, said.append), said


def process_of(part: Part) -> subprocess.Popen[bytes]:
    assert part.process
    return part.process


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "restart_seconds", (0.01, 0.01, 0.02))


@pytest.mark.parametrize(("command", "how"), [(["false"], "1"), ([], "its port 5 is taken by another program")])
def test_a_part_that_ends_again_and_again_is_told_twice_in_all(quick: None, command: list[str], how: str) -> None:
    part, said = part_of(*command)
    wait_until(lambda: part.look() or part._ends >= 8)
    wait_until(lambda: bool(part.look()) is None or part._ends >= 8)
    assert said == [
        f"The part ended ({how}); it starts again in 0.01 s.",
        f"The part has ended 3 times in a row ({how}); it is tried every 0.02 s.",
    ]


def test_one_that_stays_is_told_of_and_the_next_end_is_news_again(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    part, said = part_of("sleep", "600")
    for _ in range(2):
        wait_until(part.look)
        process_of(part).kill()
        wait_until(lambda: not part.lives() and not part.look() and part.process is None)
    wait_until(part.look)
    monkeypatch.setattr(parts, "settled_seconds", 0)
    part.look()
    assert said[1:] == ["The part runs again; it had ended 2 times."]
    process_of(part).kill()
    process_of(part).wait()
    part.look()
    assert said[2:] == ["The part ended (signal 9); it starts again in 0.01 s."]


def test_what_a_dead_part_has_started_is_ended_before_it_starts_again(quick: None) -> None:
    part, _ = part_of("sh", "-c", "sleep 600 & echo; wait")
    part.look()
    head = process_of(part).pid
    wait_until(lambda: len(members(head)) == 2)
    process_of(part).kill()
    wait_until(part.look)
    assert not processes.send_to_group(0, head)
    part.ask_to_stop()
    part.stop(time.monotonic() + wait_seconds_max)


def members(group: int) -> list[str]:
    found = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True, check=False)
    return found.stdout.split()
