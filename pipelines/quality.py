"""Expectations on both engines: Lakeflow counts what they drop, open-source Spark 4.3 has none and filters."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from pyspark import pipelines as dp
from pyspark.sql import DataFrame

from pipelines.rules import Rules, kept

Query = Callable[[], DataFrame]


def drop_refused(rules: Rules) -> Callable[[Query], Query]:
    """Keep only the rows for which every rule is TRUE."""
    expectations = getattr(dp, "expect_all_or_drop", None)
    if expectations:
        return cast(Callable[[Query], Query], expectations(dict(rules)))

    def decorate(query: Query) -> Query:
        @wraps(query)
        def filtered() -> DataFrame:
            return kept(query(), rules)

        return filtered

    return decorate
