"""Readers of `var/lakehouse` never meet a half-written refresh."""

import json

import pytest

from pipelines import lakehouse

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def refresh(folder, rows):
    with lakehouse.being_written(folder) as fresh:
        table = lakehouse.warehouse(fresh) / "linesync.db" / "gold_inventory_summary"
        table.mkdir(parents=True)
        (fresh / "scratch").mkdir()
        for part in ("a", "b"):
            parquet.write_table(pa.table({"n": list(range(rows))}), table / f"part-{part}.parquet")
        counted = lakehouse.settle(fresh, schema="linesync")
        told = lakehouse.Refresh(
            "2026-03-01T10:01:00+00:00", "2026-03-01T10:00:00+00:00", "7:7:", None, "UTC", 1.0, counted
        )
        lakehouse.publish(folder, fresh, told)


def published(folder):
    record = json.loads((folder / "last_refresh.json").read_text())
    return lakehouse.row_count(folder / "current" / "gold_inventory_summary"), record["rows"]


def test_a_refresh_takes_the_place_of_the_one_before(tmp_path):
    refresh(tmp_path, 3)
    refresh(tmp_path, 4)
    assert published(tmp_path) == (8, {"gold_inventory_summary": 8})
    assert len(list(tmp_path.glob("refresh-*"))) == 1
    assert sorted(path.name for path in next(tmp_path.glob("refresh-*")).iterdir()) == ["tables"]


def test_a_reader_that_began_before_keeps_its_link_resolved_tables_of_one_refresh(tmp_path):
    refresh(tmp_path, 3)
    tables = (tmp_path / "current").resolve()
    assert json.loads((tables / "last_refresh.json").read_text())["rows"] == {"gold_inventory_summary": 6}


def test_a_refresh_that_fails_leaves_the_last_one_and_no_rubbish(tmp_path):
    refresh(tmp_path, 3)
    with pytest.raises(FileNotFoundError), lakehouse.being_written(tmp_path) as fresh:
        lakehouse.settle(fresh, schema="nothing was written")
    assert published(tmp_path) == (6, {"gold_inventory_summary": 6})
    assert len(list(tmp_path.glob("refresh-*"))) == 1


def test_the_whole_folder_can_be_moved(tmp_path):
    refresh(tmp_path / "here", 3)
    (tmp_path / "here").rename(tmp_path / "there")
    assert published(tmp_path / "there") == (6, {"gold_inventory_summary": 6})
