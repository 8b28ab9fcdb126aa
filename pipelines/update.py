"""One update of the whole declarative pipeline on open-source Spark, in a session that is there already."""

import contextlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyspark.errors import PySparkException
from pyspark.pipelines.cli import LibrariesGlob, PipelineSpec, register_definitions
from pyspark.pipelines.spark_connect_graph_element_registry import SparkConnectGraphElementRegistry
from pyspark.pipelines.spark_connect_pipeline import create_dataflow_graph, start_run
from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = "linesync"
_FLOW = re.compile(r"Flow '?(?:\S+\.)?(?P<dataset>\w+)'? (?:is|has) (?P<state>[A-Z]+)")
_COMPLAINT = re.compile(r"(Failed to resolve flow: |Flow .* has FAILED)")


class UpdateFailed(Exception):
    """The update did not complete; the text is what the engine said."""


@dataclass(frozen=True)
class Step:
    """A dataset came to a state: QUEUED, PLANNING, STARTING, RUNNING, COMPLETED, FAILED, SKIPPED ..."""

    dataset: str
    state: str
    at: datetime


def steps(spark: SparkSession, configuration: Mapping[str, str], storage: Path) -> Iterator[Step]:
    """Run one update and tell each step as it happens. Raises UpdateFailed.

    `configuration`: the `linesync.*` keys; `storage`: where checkpoints of growing tables are kept between updates.
    Import this package's transformations only here: they register themselves when they are loaded.
    """
    for key, value in configuration.items():
        spark.conf.set(key, value)
    spark.sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    complaints: dict[str, str] = {}
    states: dict[str, str] = {}
    try:
        for result in _started(spark, configuration, storage):
            if "pipeline_event_result" not in result:
                continue
            event = result["pipeline_event_result"].event
            if _COMPLAINT.match(event.message):
                headline, *cause = event.message.splitlines()
                complaints[headline] = "\n".join([headline, *cause[:2]])
            if found := _FLOW.match(event.message):
                states[found["dataset"]] = found["state"]
                yield Step(found["dataset"], found["state"], event.timestamp.ToDatetime(tzinfo=UTC))
    except PySparkException as error:
        reasons = complaints.values() or [str(error).partition("JVM stacktrace")[0]]
        raise UpdateFailed("\n".join(reasons)) from error
    # The engine tries a failed dataset again: what it came to in the end counts.
    if "FAILED" in states.values():
        raise UpdateFailed("\n".join(complaints.values()))


def _started(spark: SparkSession, configuration: Mapping[str, str], storage: Path) -> Iterator[dict[str, Any]]:
    spec = PipelineSpec(
        name="linesync",
        storage=storage.resolve().as_uri(),
        catalog="spark_catalog",
        database=SCHEMA,
        configuration=dict(configuration),
        libraries=[LibrariesGlob("pipelines/transformations/**")],
    )
    with contextlib.redirect_stdout(io.StringIO()):
        graph = create_dataflow_graph(
            spark, default_catalog=spec.catalog, default_database=SCHEMA, sql_conf=spec.configuration
        )
        registry = SparkConnectGraphElementRegistry(spark, graph)
        # Of this path only the folder matters: no specification file is needed.
        register_definitions(ROOT / "spark-pipeline.yml", registry, spec, spark, graph)
    return start_run(spark, graph, full_refresh=[], full_refresh_all=False, refresh=[], dry=False, storage=spec.storage)
