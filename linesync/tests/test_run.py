"""`make run`, as a person at a terminal starts and stops it; and a server that is killed amid scans."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import psycopg
import pytest
import requests

from linesync.start import processes
from linesync.start.cluster import EmbeddedProblem
from linesync.start.embedded import Embedded
from linesync.start.ports import free_port

pytestmark = pytest.mark.long

root = Path(__file__).resolve().parent.parent.parent
# Generous: a test machine may be busy with other things.
start_seconds_max = 150
stop_seconds_max = 90
request_seconds_max = 60
work_seconds_max = 120


def environment(var: Path, port: int, **extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    return kept | {"LINESYNC_VAR": str(var), "PORT": str(port), "STATIC_MANIFEST": "1", **extra}


class Running:
    """LineSync as `make run` starts it, in its own folder."""

    def __init__(self, var: Path, **extra: str) -> None:
        self.var = var
        self.port = free_port()
        self.output: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "linesync.start.run"], cwd=root, env=environment(var, self.port, **extra),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=processes.tied_to_us(),
        )  # fmt: skip
        self.reader = threading.Thread(target=self.output.extend, args=[self.process.stdout], daemon=True)
        self.reader.start()

    def wait_until_up(self) -> Self:
        deadline = time.monotonic() + start_seconds_max
        while not any("LineSync is at" in line for line in self.output):
            assert time.monotonic() < deadline, "".join(self.output)
            assert self.process.poll() is None, "".join(self.output)
            time.sleep(0.05)
        return self

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(stop_seconds_max)
        self.reader.join(stop_seconds_max)
        return code

    def says(self) -> str:
        return "".join(self.output)

    def books(self, event_id: str, item_id: str = "PART-1") -> bool:
        """Post one typed code. True: acknowledged. False: no answer or a failure."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        address = f"http://127.0.0.1:{self.port}/receive/"
        try:
            page = opener.open(address, timeout=request_seconds_max).read().decode()
            token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
            assert token
            values = {"csrfmiddlewaretoken": token[1], "station": "DOCK-1", "code": f"ITEM={item_id};QTY=1"}
            form = urllib.parse.urlencode(values | {"event_id": event_id}).encode()
            status: int = opener.open(address, form, timeout=request_seconds_max).status
            return status == 200
        except (OSError, urllib.error.URLError):
            return False

    @property
    def database_url(self) -> str:
        return (self.var / "postgres" / "url").read_text()


def events(url: str, item_id: str | None = None) -> set[str]:
    """The ids of an item's events; None: of every item's."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT event_id FROM scan_events WHERE item_id = coalesce(%s, item_id)", [item_id])
        return {str(row[0]) for row in found}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One LineSync for all tests that need one of their own neither to stop nor to set up; each has its own items."""
    started = Running(
        tmp_path_factory.mktemp("running"), ALLOWED_HOSTS="dock.example.com", LOCK_WAIT_SECONDS="1", WEB_CONCURRENCY="1"
    )
    try:
        yield started.wait_until_up()
    finally:
        code = started.stop()
    assert code == 0


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Embedded]]:
    """One more LineSync, on a Postgres of ours that it does not look after, and that Postgres."""
    folder = tmp_path_factory.mktemp("elsewhere")
    server = Embedded(folder / "elsewhere")
    started = Running(folder, DATABASE_URL=server.start(), WEB_CONCURRENCY="1")
    try:
        yield started.wait_until_up(), server
    finally:
        started.stop()
        server.stop()


def test_it_starts_stops_and_starts_again_with_what_was_booked(tmp_path: Path) -> None:
    first = Running(tmp_path).wait_until_up()
    event_id = str(uuid4())
    assert first.books(event_id)
    assert first.stop() == 0
    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()
    again = Running(tmp_path).wait_until_up()
    try:
        assert events(again.database_url) == {event_id}
        assert again.books(event_id)
        assert events(again.database_url) == {event_id}
    finally:
        assert again.stop(signal.SIGINT) == 0


def test_a_forgotten_transaction_is_told_of_and_what_was_typed_is_booked_once_when_it_ends(
    running: Running, open_browser: Callable[..., Any]
) -> None:
    assert running.books(str(uuid4()), "LOCKED")
    with psycopg.connect(running.database_url) as forgotten:
        forgotten.execute(
            "INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty) "
            "VALUES ('INTAKE', 'S', 'x', 'LOCKED', 5)"
        )
        page = open_browser()
        page.goto(f"http://127.0.0.1:{running.port}/receive/")
        page.get_by_label("Code").fill("ITEM=LOCKED;QTY=2")
        page.keyboard.press("Enter")
        page.get_by_text("Other work that is not finished holds this").wait_for()
        page.get_by_text("ITEM=LOCKED;QTY=2 not booked yet, trying again").wait_for()
        # Another item is nobody's business here.
        assert running.books(str(uuid4()), "FREE")
        forgotten.rollback()
    page.get_by_text("3 on hand").first.wait_for()
    page.locator("#waiting li").wait_for(state="detached")
    assert len(events(running.database_url, "LOCKED")) == 2
    assert len(events(running.database_url, "FREE")) == 1


def test_a_foreign_name_is_refused_until_it_is_listed(running: Running) -> None:
    def answer_to(host: str) -> tuple[int, str | None]:
        address = f"http://127.0.0.1:{running.port}/api/inventory"
        answer = requests.get(address, headers={"Host": host}, timeout=request_seconds_max)
        return answer.status_code, answer.json().get("detail")

    names = ("localhost", "192.168.7.7", "dock.example.com")
    assert [answer_to(host) for host in names] == [(200, None)] * 3
    status, sentence = answer_to("evil.example.com")
    assert status == 400
    assert sentence
    assert "ALLOWED_HOSTS=evil.example.com" in sentence


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ALLOWED_HOSTS", "https://dock.example.com", "no scheme, no port"),
        ("LOCK_WAIT_SECONDS", "0", "must be 1 to 60"),
        ("LOCK_WAIT_SECONDS", "61", "must be 1 to 60"),
    ],
)
def test_a_setting_that_makes_no_sense_is_one_clear_sentence(tmp_path: Path, name: str, value: str, words: str) -> None:
    assert words in sentence_of_failed_start(tmp_path, **{name: value})


def test_a_database_lost_while_a_person_types_keeps_what_was_typed_and_books_it_once(
    elsewhere: tuple[Running, Embedded], open_browser: Callable[..., Any]
) -> None:
    running, server = elsewhere
    page = open_browser()
    page.goto(f"http://127.0.0.1:{running.port}/receive/")
    page.get_by_label("Code").fill("ITEM=LOST;QTY=2")
    server.stop()
    try:
        page.keyboard.press("Enter")
        page.get_by_text("not booked yet, trying again").wait_for()
        page.get_by_text("1 scan waits to be booked.").wait_for()
        # Other pages need the database too; each says so, and keeps the scan.
        page.goto(f"http://127.0.0.1:{running.port}/stock/")
        page.get_by_role("heading", name="No database").wait_for()
        page.locator("#waiting").get_by_text("ITEM=LOST;QTY=2").wait_for()
    finally:
        server.start()
    page.get_by_text("The scan that waited is booked.").wait_for()
    page.goto(f"http://127.0.0.1:{running.port}/receive/")
    page.get_by_text("2 on hand").first.wait_for()
    assert page.locator("#waiting li").count() == 0
    assert len(events(server.start(), "LOST")) == 1


def test_without_javascript_a_lost_database_keeps_what_was_typed_and_books_it_once(
    elsewhere: tuple[Running, Embedded], open_browser: Callable[..., Any]
) -> None:
    running, server = elsewhere
    page = open_browser(java_script_enabled=False)
    page.goto(f"http://127.0.0.1:{running.port}/consume/")
    page.get_by_label("Code").fill("ITEM=GONE;QTY=2")
    server.stop()
    try:
        again = page.get_by_role("button", name="Try again with “ITEM=GONE;QTY=2”")
        for button in (page.get_by_role("button", name="Book", exact=True), again):
            with page.expect_navigation():
                button.click()
            again.wait_for()
    finally:
        server.start()
    deadline = time.monotonic() + work_seconds_max
    while again.count() and time.monotonic() < deadline:
        with page.expect_navigation():
            again.click()
    page.reload()
    page.get_by_text("-2 on hand").first.wait_for()
    assert len(events(server.start(), "GONE")) == 1


def sentence_of_failed_start(tmp_path: Path, **extra: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "linesync.start.run"], cwd=root, env=environment(tmp_path, free_port(), **extra),
        capture_output=True, text=True, timeout=start_seconds_max,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    # Nothing else may drown it.
    assert done.stderr == ""
    return next(line for line in done.stdout.splitlines() if line.startswith("LineSync cannot start: "))


def test_a_taken_port_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104
        taken.listen()
        port = taken.getsockname()[1]
        assert f"port {port} is taken" in sentence_of_failed_start(tmp_path, PORT=str(port))


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_nonsense_port_is_one_clear_sentence(tmp_path: Path, port: str) -> None:
    assert "is no port" in sentence_of_failed_start(tmp_path, PORT=port)


def test_a_database_url_that_does_not_answer_is_one_clear_sentence(tmp_path: Path) -> None:
    port = free_port()
    sentence = sentence_of_failed_start(tmp_path, DATABASE_URL=f"postgresql://x:y@127.0.0.1:{port}/z")
    assert "the database did not answer" in sentence
    assert f"port {port} failed: Connection refused" in sentence


@pytest.mark.parametrize("url", ["mysql://x:secret@localhost/z", "postgresql:/z", "localhost/z"])
def test_an_address_of_no_postgres_is_one_clear_sentence_without_its_password(tmp_path: Path, url: str) -> None:
    sentence = sentence_of_failed_start(tmp_path, DATABASE_URL=url)
    assert "DATABASE_URL must be postgresql://user:password@host/database" in sentence
    assert "secret" not in sentence


def test_data_of_another_postgres_is_one_clear_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedProblem, match="written by Postgres 12"):
        Embedded(tmp_path).start()


def test_postgres_stops_although_its_user_lost_the_way_to_the_folder(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "postgres")
    url = server.start()
    before = tmp_path.stat().st_mode
    tmp_path.chmod(0o700)
    try:
        assert server.stop() is True
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url, connect_timeout=2)
        assert server.stop() is True, "again, when nothing runs"
    finally:
        tmp_path.chmod(before)


def test_a_full_disk_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linesync.start.cluster.disk_free_bytes_min", 2**62)
    with pytest.raises(EmbeddedProblem, match="MiB are free"):
        Embedded(tmp_path).start()


def test_https_shows_the_address_as_a_picture_and_serves_it(running: Running, tmp_path: Path) -> None:
    secure = Running(tmp_path, HTTPS="1", WEB_CONCURRENCY="1", DATABASE_URL=running.database_url).wait_until_up()
    try:
        with socket.create_connection(("127.0.0.1", secure.port)) as plain:
            import ssl

            context = ssl.create_default_context(cafile=tmp_path / "https" / "certificate.pem")
            with context.wrap_socket(plain, server_hostname="localhost") as secured:
                secured.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                assert b"200 OK" in secured.recv(200)
    finally:
        secure.stop()
    assert f"https://localhost:{secure.port}/" in secure.says()


def test_a_second_start_on_the_same_folder_is_refused_and_leaves_the_first_alone(running: Running) -> None:
    assert "runs already on the data" in sentence_of_failed_start(running.var)
    assert running.books(str(uuid4()), "SECOND")


def test_a_switch_that_is_neither_on_nor_off_is_refused(tmp_path: Path) -> None:
    assert "HTTPS=maybe is neither on nor off" in sentence_of_failed_start(tmp_path, HTTPS="maybe")


def test_a_command_without_its_database_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "audit_inventory"], cwd=root, env=environment(tmp_path, 1),
        capture_output=True, text=True, timeout=start_seconds_max,
    )  # fmt: skip
    assert done.returncode == 2
    assert "start LineSync first" in done.stderr
    assert "Traceback" not in done.stderr
