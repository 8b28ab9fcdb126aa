"""Readers of `var/lakehouse` never meet a half-written refresh."""

import json
from pathlib import Path

import pytest

from pipelines import lakehouse

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def refresh(folder: Path, rows: int) -> None:
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


def published(folder: Path) -> tuple[int, dict[str, int]]:
    record = json.loads((folder / "last_refresh.json").read_text())
    return lakehouse.row_count(folder / "current" / "gold_inventory_summary"), record["rows"]


def test_a_refresh_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    refresh(tmp_path, 3)
    refresh(tmp_path, 4)
    assert published(tmp_path) == (8, {"gold_inventory_summary": 8})
    for kept in tmp_path.glob("refresh-*"):
        assert [path.name for path in kept.iterdir()] == ["tables"]


def test_who_reads_while_a_refresh_ends_comes_to_the_end_of_the_one_before(tmp_path: Path) -> None:
    refresh(tmp_path, 3)
    read = (tmp_path / "current").resolve()
    refresh(tmp_path, 4)
    assert lakehouse.row_count(read / "gold_inventory_summary") == 6
    assert json.loads((read / "last_refresh.json").read_text())["rows"] == {"gold_inventory_summary": 6}


def test_only_the_one_before_is_kept_and_no_leftover_of_a_killed_one(tmp_path: Path) -> None:
    refresh(tmp_path, 3)
    (tmp_path / "refresh-20260101T000000.000000Z").mkdir()
    refresh(tmp_path, 4)
    before = (tmp_path / "current").resolve().parent
    refresh(tmp_path, 5)
    assert set(tmp_path.glob("refresh-*")) == {before, (tmp_path / "current").resolve().parent}


def test_two_refreshes_at_once_do_not_remove_each_others_files(tmp_path: Path) -> None:
    with lakehouse.being_written(tmp_path) as fresh:
        with pytest.raises(lakehouse.AlreadyRefreshing, match="wait until it ends"):
            refresh(tmp_path, 3)
        assert fresh.exists()
    refresh(tmp_path, 4)
    assert published(tmp_path) == (8, {"gold_inventory_summary": 8})


def test_a_refresh_that_fails_leaves_the_last_one_and_no_rubbish(tmp_path: Path) -> None:
    refresh(tmp_path, 3)
    with pytest.raises(FileNotFoundError), lakehouse.being_written(tmp_path) as fresh:
        lakehouse.settle(fresh, schema="nothing was written")
    assert published(tmp_path) == (6, {"gold_inventory_summary": 6})
    assert len(list(tmp_path.glob("refresh-*"))) == 1


def test_the_whole_folder_can_be_moved(tmp_path: Path) -> None:
    refresh(tmp_path / "here", 3)
    (tmp_path / "here").rename(tmp_path / "there")
    assert published(tmp_path / "there") == (6, {"gold_inventory_summary": 6})
