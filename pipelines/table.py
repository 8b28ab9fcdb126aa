"""A dataset as the catalog shows it: its comment, its columns with types and comments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


@dataclass(frozen=True)
class Table:
    """`columns`: name → (Spark SQL type, what it says). `cluster_by`: what readers filter by."""

    name: str
    comment: str
    columns: Mapping[str, tuple[str, str]]
    cluster_by: tuple[str, ...] = ()

    @property
    def ddl(self) -> str:
        """The columns as Spark SQL, with their comments."""
        return ", ".join(f"{name} {kind} COMMENT '{_quoted(says)}'" for name, (kind, says) in self.columns.items())

    def registered(self) -> dict[str, Any]:
        """The arguments with which a pipeline decorator registers it."""
        return {
            "name": self.name,
            "comment": self.comment,
            "schema": self.ddl,
            "cluster_by": list(self.cluster_by) or None,
            "table_properties": {"quality": self.name.partition("_")[0]},
        }

    def shaped(self, df: DataFrame) -> DataFrame:
        """Exactly these columns, in this order, in these types; uuids as text, also where they come as 16 bytes."""
        return df.select(*[_cast(name, kind).alias(name) for name, (kind, _) in self.columns.items()])


def _cast(name: str, kind: str) -> Column:
    if kind != "STRING":
        return F.col(name).cast(kind)
    dashed = f"lower(regexp_replace(hex({name}), '^(.{{8}})(.{{4}})(.{{4}})(.{{4}})(.{{12}})$', '$1-$2-$3-$4-$5'))"
    is_uuid = f"typeof({name}) = 'binary' AND octet_length({name}) = 16"
    return F.expr(f"CASE WHEN {is_uuid} THEN {dashed} ELSE CAST({name} AS STRING) END")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
