"""One Spark and one small Postgres for all tests of the pipelines: neither knows Django."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from pyspark.sql import SparkSession

from pipelines import engine, snapshot
from pipelines.tests.floor import Floor

# Hundreds of small queries: whatever makes large ones fast takes longer here than the answer.
SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.default.parallelism": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.pipelines.maxFlowRetryAttempts": "0",
    # The engine sleeps whole seconds between one layer of datasets and the next.
    "spark.sql.pipelines.execution.streamstate.pollingInterval": "0",
}


@pytest.fixture(scope="session", autouse=True)
def small_java() -> Iterator[None]:
    """Every Java machine of the tests starts fast, the short-lived ones before Spark too."""
    with pytest.MonkeyPatch.context() as patch:
        # Thousands of Spark's classes are loaded for one small query each: none is compiled twice, and none verified.
        options = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -XX:+UnlockDiagnosticVMOptions"
        options += " -XX:-BytecodeVerificationRemote -XX:-UsePerfData"
        patch.setenv("JAVA_TOOL_OPTIONS", f"{options} -Djava.io.tmpdir={tempfile.gettempdir()}")
        yield


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty database of our own, on the tests' server."""
    server = os.environ["TEST_DATABASE_URL"]
    name = f"pipelines_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server.rsplit('/', 1)[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def floor() -> Iterator[Floor]:
    """A database with the floor's tables."""
    with database() as url, psycopg.connect(url, autocommit=True) as own:
        yield Floor(own, url)


@pytest.fixture
def empty_floor(floor: Floor) -> Floor:
    floor.empty()
    return floor


@pytest.fixture(scope="session")
def spark_can_run() -> None:
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: open-source Spark needs it")
    if not engine.JDBC_DRIVER.exists():
        pytest.skip(f"{engine.JDBC_DRIVER} is not installed (Debian: libpostgresql-jdbc-java)")


@pytest.fixture(scope="session")
def spark_engine(
    floor: Floor, spark_can_run: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[engine.Engine]:
    conf = engine.jdbc_catalog("lakebase", **snapshot.jdbc(floor.url)) | SMALL
    with engine.started(tmp_path_factory.mktemp("spark") / "warehouse", conf, memory="1g") as started:
        yield started


@pytest.fixture(scope="session")
def spark(spark_engine: engine.Engine) -> SparkSession:
    return spark_engine.session
