"""One Spark and one small Postgres for all tests of the pipelines: neither knows Django."""

import os
import shutil
import uuid

import psycopg
import pytest

from pipelines import engine, snapshot
from pipelines.tests.floor import Floor


@pytest.fixture(scope="session")
def floor():
    """A database of our own with the floor's tables, on the tests' server."""
    server = os.environ["TEST_DATABASE_URL"]
    name = f"pipelines_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = f"{server.rsplit('/', 1)[0]}/{name}"
        with psycopg.connect(url, autocommit=True) as own:
            yield Floor(own, url)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_floor(floor):
    floor.empty()
    return floor


@pytest.fixture(scope="session")
def spark_can_run():
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: open-source Spark needs it")
    if not engine.JDBC_DRIVER.exists():
        pytest.skip(f"{engine.JDBC_DRIVER} is not installed (Debian: libpostgresql-jdbc-java)")


@pytest.fixture(scope="session")
def spark_engine(floor, spark_can_run, tmp_path_factory):
    conf = engine.jdbc_catalog("lakebase", **snapshot.jdbc(floor.url)) | {
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.default.parallelism": "1",
        "spark.sql.pipelines.maxFlowRetryAttempts": "0",
        # Hundreds of small queries: compiling each would take longer than answering it.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    with engine.started(tmp_path_factory.mktemp("spark") / "warehouse", conf, memory="1g") as started:
        yield started


@pytest.fixture(scope="session")
def spark(spark_engine):
    return spark_engine.session
