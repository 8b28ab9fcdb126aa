"""What a row must be to count. One dict per dataset: the rule's name → a condition that is TRUE or FALSE, never NULL.

On Databricks they are the expectations of the silver tables, on open-source Spark the same conditions as filters;
the `*_rejected` tables keep what they refuse, with the names of the rules that did.
"""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

Rules = Mapping[str, str]

SCAN_EVENTS: Rules = {
    "has_event_id": "event_id IS NOT NULL",
    "has_time": "event_ts IS NOT NULL",
    "known_type": "event_type IS NOT NULL AND event_type IN ('INTAKE', 'CONSUME')",
    "qty_above_zero": "qty IS NOT NULL AND qty > 0",
    "has_item": "item_id IS NOT NULL AND length(trim(item_id)) > 0",
}

REPLENISHMENT_SIGNALS: Rules = {
    "has_id": "id IS NOT NULL",
    "has_signal_id": "signal_id IS NOT NULL",
    "has_time": "created_ts IS NOT NULL",
    "known_status": "status IS NOT NULL AND status IN ('OPEN', 'ACKNOWLEDGED', 'FULFILLED')",
    "has_item": "item_id IS NOT NULL AND length(trim(item_id)) > 0",
}


def kept(df: DataFrame, rules: Rules) -> DataFrame:
    """The rows that satisfy every rule."""
    return df.where(_all(rules))


def refused(df: DataFrame, rules: Rules) -> DataFrame:
    """The rows that break a rule, with `failed_rules`: the names of all rules they break."""
    broken = [F.when(~F.expr(rule), F.lit(name)) for name, rule in rules.items()]
    return df.where(~_all(rules)).select("*", F.array_compact(F.array(*broken)).alias("failed_rules"))


def _all(rules: Rules) -> Column:
    return F.expr(" AND ".join(f"({rule})" for rule in rules.values()))
