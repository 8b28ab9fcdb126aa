"""`make pipeline` as a person runs it: the real ledger, a Spark of its own, tables under var, then reconcile."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory.bookings import CONSUME, INTAKE, Booking, EventType, Scan
from inventory.models import GoldRefresh, ScanEvent
from pipelines import engine, lakehouse, run, snapshot, update
from pipelines.tests.conftest import SMALL
from pipelines.tests.floor import Floor

pq = pytest.importorskip("pyarrow.parquet")


def book(event_type: EventType, qty: int, item_id: str = "PART-1") -> Booking:
    scan = Scan(event_type, "DOCK-1", f"ITEM={item_id};QTY={qty}", item_id, qty, "dana@example.com", uuid4())
    return ScanEvent.objects.record(scan)


def reconcile(folder: Path) -> str:
    said = StringIO()
    call_command("reconcile", folder=folder, stdout=said)
    return said.getvalue()


@pytest.fixture
def here(ledger: None, spark_can_run: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a run against the ledger of this test."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    monkeypatch.setenv("PIPELINE_DATABASE_URL", url)
    monkeypatch.setenv("SITE_TIME_ZONE", "Europe/Berlin")
    return tmp_path / "lakehouse"


def test_gold_of_a_running_floor_agrees_and_younger_scans_are_no_difference(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book(INTAKE, 24)
    book(CONSUME, 20)
    undone = book(CONSUME, 3)
    ScanEvent.objects.undo(undone.event_id, user_email=None)
    steps = update.steps

    def while_others_scan(*arguments: Any) -> Iterator[update.Step]:
        # After the moment of the refresh, before the engine has read anything.
        book(INTAKE, 100)
        book(CONSUME, 5, "PART-NEW")
        return steps(*arguments)

    monkeypatch.setattr(update, "steps", while_others_scan)
    settings = engine._settings
    monkeypatch.setattr(engine, "_settings", lambda *arguments: settings(*arguments) | SMALL)
    assert run.main(["--folder", str(here), "--memory", "1g"]) == 0
    said = capsys.readouterr().out
    assert "4 events and 1 signal rows as of" in said
    assert "16/16" in said
    assert "scan_events: 4 in, 4 valid, 0 rejected" in said

    read = pq.read_table(here / "current" / "gold_inventory_summary")
    assert str(read.schema.field("last_activity").type) == "timestamp[us, tz=UTC]"
    (summary,) = read.to_pylist()
    assert (summary["on_hand_qty"], summary["total_intake"], summary["total_consumed"]) == (4, 27, 23)
    (rate,) = pq.read_table(here / "current" / "gold_usage_rate").to_pylist()
    assert rate["used_qty_7_days"] == 20
    assert json.loads((here / "last_refresh.json").read_text())["rows"]["bronze_scan_events"] == 4

    told = reconcile(here)
    assert "newer  item PART-1: gold 4 on hand" in told
    assert "newer  item PART-NEW" in told
    assert "DRIFT" not in told
    newest = GoldRefresh.objects.newest()
    assert newest
    assert newest["drift_count"] == 0


def test_gold_is_not_refreshed_without_a_database(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIPELINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert run.main(["--folder", str(here)]) == 1
    assert "Gold was not refreshed: connection failed" in capsys.readouterr().err
    assert not here.exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PIPELINE_SCHEMA", "nowhere", 'relation "nowhere.scan_events" does not exist'),
        ("PIPELINE_DATABASE_URL", "postgres//h", "missing"),
    ],
)
def test_a_database_that_cannot_be_read_is_told_in_a_sentence(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    assert run.main(["--folder", str(here)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Gold was not refreshed: ")
    assert says in told


@pytest.mark.parametrize("written", [(0, 0, 0), (1, 0, 0), (1, 2, 0), (1, 1, 1), (2, 2, 0)])
def test_an_update_that_lost_or_doubled_rows_is_no_refresh(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], written: tuple[int, int, int]
) -> None:
    book(INTAKE, 24)
    names = ("bronze_scan_events", "silver_scan_events", "silver_scan_events_rejected")
    monkeypatch.setattr(engine, "started", lambda *_, **__: nullcontext(SimpleNamespace(session=None)))
    monkeypatch.setattr(update, "steps", lambda *_: iter(()))
    monkeypatch.setattr(lakehouse, "settle", lambda *_, **__: dict(zip(names, written, strict=True)))
    assert run.main(["--folder", str(here)]) == 1
    assert (
        "scan_events has 1 rows; {} were read, {} are valid and {} rejected".format(*written) in capsys.readouterr().err
    )
    assert not (here / "current").exists()


def test_a_second_run_at_the_same_time_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with lakehouse.being_written(here):
        assert run.main(["--folder", str(here)]) == 1
    assert "another refresh is writing" in capsys.readouterr().err


def test_a_run_that_is_stopped_says_so(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "started", stop)
    assert run.main(["--folder", str(here)]) == 130
    assert capsys.readouterr().err == "Gold was not refreshed: stopped\n"
    assert not list(here.glob("refresh-*"))


@pytest.mark.parametrize("zone", ["Mars/Base", "../etc", ""])
def test_a_time_zone_that_does_not_exist_is_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    monkeypatch.setenv("SITE_TIME_ZONE", zone)
    assert run.main(["--folder", str(here)]) == 1
    assert "which is no time zone" in capsys.readouterr().err


def test_reconcile_before_a_run_says_what_to_do(here: Path) -> None:
    with pytest.raises(CommandError, match="run `make pipeline` first"):
        reconcile(here)


@pytest.mark.parametrize(
    ("url", "java"),
    [
        ("postgresql://u:p%40ss@h:5433/d?sslmode=require", ("jdbc:postgresql://h:5433/d?sslmode=require", "u", "p@ss")),
        ("postgresql://u@h/d", ("jdbc:postgresql://h:5432/d", "u", "")),
        ("host=h user=u dbname=d connect_timeout=3", ("jdbc:postgresql://h:5432/d?connectTimeout=3", "u", "")),
    ],
)
def test_a_database_is_told_to_java_in_its_own_words(url: str, java: tuple[str, str, str]) -> None:
    assert tuple(snapshot.jdbc(url).values()) == java


def test_the_moment_is_held_where_the_server_ends_idle_transactions(floor: Floor) -> None:
    with snapshot.held(f"{floor.url}?options=-c%20idle_in_transaction_session_timeout%3D50") as moment:
        floor.connection.execute("SELECT pg_sleep(0.5)")
        with psycopg.connect(floor.url) as other:
            other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            other.execute(f"SET TRANSACTION SNAPSHOT '{moment.token}'")


def test_a_socket_is_refused_since_java_cannot_reach_it() -> None:
    with pytest.raises(ValueError, match="PIPELINE_DATABASE_URL"):
        snapshot.jdbc("postgresql://postgres@/linesync?host=/var/run/postgresql")


def test_make_pipeline_checks_the_folder_that_it_wrote() -> None:
    def dry(*words: str) -> subprocess.CompletedProcess[str]:
        root = Path(__file__).resolve().parent.parent.parent
        command = ["make", "--no-print-directory", "-n", "pipeline", *words]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    written, checked = dry("FOLDER=/else where", "ARGS=--memory 4g").stdout.splitlines()[-2:]
    assert written.endswith('pipelines.run --folder "/else where" --memory 4g')
    assert checked.endswith('reconcile --folder "/else where"')
    refused = dry("ARGS=--folder /elsewhere")
    assert refused.returncode != 0
    assert "say FOLDER=" in refused.stderr
