"""The same rules on both engines: expectations where the engine has them, filters where it has not."""

import pytest
from pyspark import pipelines as dp
from pyspark.sql import SparkSession

from pipelines import rules
from pipelines.quality import drop_refused
from pipelines.tests.floor import event, events, named, plain


def test_where_the_engine_has_expectations_it_gets_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []

    def expect_all_or_drop(expectations):
        given.append(expectations)
        return lambda query: query

    monkeypatch.setattr(dp, "expect_all_or_drop", expect_all_or_drop, raising=False)
    assert drop_refused(rules.SCAN_EVENTS)(len) is len
    assert given == [dict(rules.SCAN_EVENTS)]


def test_where_it_has_none_the_rows_are_filtered(spark: SparkSession) -> None:
    @drop_refused(rules.SCAN_EVENTS)
    def query():
        return events(spark, [event("a"), event("b", qty=0)])

    assert query.__name__ == "query"
    assert [row["event_id"] for row in plain(query())] == [named("a")]
