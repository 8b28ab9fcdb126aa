"""docs/analytics.md: columns as the catalog tells them, SQL that runs as it stands there, pictures of its answers."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from pipelines import rules, silver, tables
from pipelines.tests import history
from pipelines.tests.conftest import database
from pipelines.tests.floor import day, events, signals
from pipelines.tests.test_equal_to_postgres import all_gold

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "analytics.md").read_text()
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
Site = tuple[ModuleType, psycopg.Connection, dict[str, str]]
TOLD = [name for name in tables.ALL if not name.startswith("bronze") and not name.endswith("_rejected")]


@pytest.mark.parametrize("name", TOLD)
def test_every_column_is_told_as_the_catalog_tells_it(name: str) -> None:
    chapter = PAGE.split(f"### `{name}`")[1].split("\n#")[0]
    told = re.findall(r"^\| `(\w+)` \| (\S+) \| (.+) \|$", chapter, re.MULTILINE)
    assert told == [(column, kind, says) for column, (kind, says) in tables.ALL[name].columns.items()]
    assert tables.ALL[name].comment in chapter


def test_every_rule_is_told() -> None:
    told = PAGE.split("## Rows that were refused")[1].split("\n## ")[0]
    assert all(f"`{rule}`" in told for rule in [*rules.SCAN_EVENTS, *rules.REPLENISHMENT_SIGNALS])


@pytest.fixture(scope="module")
def tables_on_spark(spark: SparkSession) -> SparkSession:
    bronze, signal_rows = events(spark, history.events(5, 900)), signals(spark, history.signals(5, 80))
    found = all_gold(bronze, signal_rows, "UTC", F.lit(day("2026-03-10"))) | {
        "silver_replenishment_signals": silver.replenishment_signals(signal_rows, "UTC"),
        "silver_scan_events_rejected": rules.refused(bronze, rules.SCAN_EVENTS),
    }
    summary = found["gold_inventory_summary"]
    found["inventory_current"] = summary.withColumnRenamed("last_activity", "last_activity_ts")
    for name, df in found.items():
        df.createOrReplaceTempView(name)
    return spark


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_the_sql_on_the_page_runs_and_answers(tables_on_spark: SparkSession, query: str) -> None:
    here = query.replace("linesync_oltp.linesync.", "").replace("PART-88219", "PART-1")
    arguments = {"snapshot_ts": "2030-01-01"} if ":snapshot_ts" in here else None
    answer = tables_on_spark.sql(here, arguments).collect()
    assert answer
    if arguments:
        assert answer[0][0] == 0


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The script that draws the page's pictures, the made-up site's database, and the pictures it gives."""
    script = importlib.util.spec_from_file_location("draw_answers", DOCS / "draw_answers.py")
    assert script
    assert script.loader
    draw_answers = importlib.util.module_from_spec(script)
    script.loader.exec_module(draw_answers)
    with (
        database() as url,
        psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection,
    ):
        yield draw_answers, connection, draw_answers.answers(connection, url)


def test_the_pictures_show_what_the_sql_on_the_page_answers(site: Site) -> None:
    _, _, drawn = site
    assert {name for name in drawn if (DOCS / "img" / name).read_text() != drawn[name]} == set()
    assert all(f"](img/{name})" in PAGE for name in drawn)


def test_a_reorder_point_that_was_raised_is_no_longer_too_low(site: Site) -> None:
    draw_answers, connection, _ = site
    too_low = draw_answers.questions()[4]
    before = [row[0] for row in connection.execute(too_low).fetchall()]
    connection.execute(
        """
        INSERT INTO silver_replenishment_signals (id, signal_id, item_id, reorder_point)
        VALUES (1000000, gen_random_uuid(), 'SEAL-40', 60), (1000001, gen_random_uuid(), 'GASKET-77', 1)
        """
    )
    assert [row[0] for row in connection.execute(too_low).fetchall()] == [item for item in before if item != "SEAL-40"]
