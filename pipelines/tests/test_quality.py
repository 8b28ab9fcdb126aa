"""The same rules on both engines: expectations where the engine has them, filters where it has not."""

from collections.abc import Callable

import pytest
from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import rules
from pipelines.quality import Query, drop_refused
from pipelines.tests.floor import event, events, named, plain


def test_where_the_engine_has_expectations_it_gets_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, str]] = []

    def expect_all_or_drop(expectations: dict[str, str]) -> Callable[[Query], Query]:
        given.append(expectations)
        return lambda query: query

    def query() -> DataFrame:
        raise AssertionError("nobody asks for its rows")

    monkeypatch.setattr(dp, "expect_all_or_drop", expect_all_or_drop, raising=False)
    assert drop_refused(rules.SCAN_EVENTS)(query) is query
    assert given == [dict(rules.SCAN_EVENTS)]


def test_where_it_has_none_the_rows_are_filtered(spark: SparkSession) -> None:
    @drop_refused(rules.SCAN_EVENTS)
    def query() -> DataFrame:
        return events(spark, [event("a"), event("b", qty=0)])

    assert query.__name__ == "query"
    assert [row["event_id"] for row in plain(query())] == [named("a")]
