"""What a pipeline is told from outside: keys `linesync.*` of the pipeline's configuration."""

from dataclasses import dataclass, field

from pyspark.sql import SparkSession

CATALOG, CDF = "catalog", "cdf"


class BadConfig(ValueError):
    """The pipeline's configuration cannot be used; the text says which key and what would be right."""


@dataclass(frozen=True)
class Config:
    """`source`: "<catalog>.<schema>" of the floor's tables. `route`: how they are read.

    "catalog" reads the tables as they stand, each time whole; "cdf" follows their `lb_<table>_history` change feed.
    `time_zone`: whose days `event_date` and `signal_date` are (an IANA name). Two things only the run on a laptop sets:
    `as_of`, the moment the tables show (ISO 8601 with its offset; without it the moment each is computed), and `reads`,
    options of the events' read, to read in parts.
    """

    source: str
    route: str = CATALOG
    time_zone: str = "UTC"
    as_of: str = ""
    reads: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.route not in (CATALOG, CDF):
            raise BadConfig(f"linesync.route is {self.route!r}; it must be {CATALOG!r} or {CDF!r}")
        if not self.source:
            raise BadConfig("linesync.source is not set; it names the floor's tables as <catalog>.<schema>")


def read(spark: SparkSession) -> Config:
    """The configuration of the pipeline that runs on this session. Raises BadConfig."""
    parts = _value(spark, "linesync.read_parts")
    reads = {
        "partitionColumn": "event_ts",
        "lowerBound": _value(spark, "linesync.read_from"),
        "upperBound": _value(spark, "linesync.read_until"),
        "numPartitions": parts,
    }
    return Config(
        source=_value(spark, "linesync.source"),
        route=_value(spark, "linesync.route") or CATALOG,
        time_zone=_value(spark, "linesync.time_zone") or "UTC",
        as_of=_value(spark, "linesync.as_of"),
        reads=reads if parts else {},
    )


def _value(spark: SparkSession, key: str) -> str:
    return spark.conf.get(key, "") or ""
