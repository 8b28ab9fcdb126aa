"""`make pipeline` as a person runs it: the real ledger, a Spark of its own, tables under var, then reconcile."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory.bookings import CONSUME, INTAKE, Scan
from inventory.models import GoldRefresh, ScanEvent
from pipelines import run, snapshot, update

pq = pytest.importorskip("pyarrow.parquet")


def book(event_type, qty, item_id="PART-1"):
    scan = Scan(event_type, "DOCK-1", f"ITEM={item_id};QTY={qty}", item_id, qty, "dana@example.com", uuid4())
    return ScanEvent.objects.record(scan)


def reconcile(folder):
    said = StringIO()
    call_command("reconcile", folder=folder, stdout=said)
    return said.getvalue()


@pytest.fixture
def here(ledger, spark_can_run, tmp_path, monkeypatch):
    """The environment of a run against the ledger of this test."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    monkeypatch.setenv("PIPELINE_DATABASE_URL", url)
    monkeypatch.setenv("SITE_TIME_ZONE", "Europe/Berlin")
    return tmp_path / "lakehouse"


def test_gold_of_a_running_floor_agrees_and_younger_scans_are_no_difference(here, monkeypatch, capsys):
    book(INTAKE, 24)
    book(CONSUME, 20)
    undone = book(CONSUME, 3)
    ScanEvent.objects.undo(undone.event_id, user_email=None)
    steps = update.steps

    def while_others_scan(*arguments):
        # After the moment of the refresh, before the engine has read anything.
        book(INTAKE, 100)
        book(CONSUME, 5, "PART-NEW")
        return steps(*arguments)

    monkeypatch.setattr(update, "steps", while_others_scan)
    assert run.main(["--folder", str(here), "--memory", "1g"]) == 0
    said = capsys.readouterr().out
    assert "4 events and 1 signal rows as of" in said
    assert "16/16" in said
    assert "scan_events: 4 in, 4 valid, 0 rejected" in said

    (summary,) = pq.read_table(here / "current" / "gold_inventory_summary").to_pylist()
    assert (summary["on_hand_qty"], summary["total_intake"], summary["total_consumed"]) == (4, 27, 23)
    (rate,) = pq.read_table(here / "current" / "gold_usage_rate").to_pylist()
    assert rate["used_qty_7_days"] == 20
    assert json.loads((here / "last_refresh.json").read_text())["rows"]["bronze_scan_events"] == 4

    told = reconcile(here)
    assert "newer  item PART-1: gold 4 on hand" in told
    assert "newer  item PART-NEW" in told
    assert "DRIFT" not in told
    assert GoldRefresh.objects.newest()["drift_count"] == 0


def test_gold_is_not_refreshed_without_a_database(here, monkeypatch, capsys):
    monkeypatch.setenv("PIPELINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert run.main(["--folder", str(here)]) == 1
    assert "Gold was not refreshed: connection failed" in capsys.readouterr().err
    assert not here.exists()


@pytest.mark.parametrize("zone", ["Mars/Base", "../etc", ""])
def test_a_time_zone_that_does_not_exist_is_refused(here, monkeypatch, capsys, zone):
    monkeypatch.setenv("SITE_TIME_ZONE", zone)
    assert run.main(["--folder", str(here)]) == 1
    assert "which is no time zone" in capsys.readouterr().err


def test_reconcile_before_a_run_says_what_to_do(here):
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
def test_a_database_is_told_to_java_in_its_own_words(url, java):
    assert tuple(snapshot.jdbc(url).values()) == java


def test_a_socket_is_refused_since_java_cannot_reach_it():
    with pytest.raises(ValueError, match="PIPELINE_DATABASE_URL"):
        snapshot.jdbc("postgresql://postgres@/linesync?host=/var/run/postgresql")
