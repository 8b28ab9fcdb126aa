"""A Spark of our own for as long as it is needed: a Connect server in a child process, one session on it.

Only the laptop's run, the tests and the bench start one; on Databricks the engine is already there.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyspark.find_spark_home import _find_spark_home
from pyspark.sql import SparkSession

START_SECONDS_MAX = 120
JDBC_DRIVER = Path("/usr/share/java/postgresql.jar")  # Debian: libpostgresql-jdbc-java

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class NoEngine(Exception):
    """Spark cannot start here; the text says what is missing."""


@dataclass(frozen=True)
class Engine:
    """A running Spark: its session, the server's process id, and the folder of its tables."""

    session: SparkSession
    process_id: int
    warehouse: Path


@contextmanager
def started(warehouse: Path, conf: Mapping[str, str], *, cores: int = 2, memory: str = "2g") -> Iterator[Engine]:
    """Start Spark with its tables under `warehouse`, and stop it at the end.

    `memory` is the JVM's heap in Java's words ("2g"). Raises NoEngine when Java is missing or the server dies.
    Settings travel in a file only we can read, since a database password may be among them.
    """
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise NoEngine("Java 17 is not installed (Debian: apt install openjdk-17-jre-headless)")
    token, port = str(uuid.uuid4()), _free_port()
    with tempfile.TemporaryDirectory(prefix="linesync-spark-") as folder:
        settings = {**_settings(warehouse, port, cores, memory), **conf}
        server = _launch(Path(folder), settings, token)
        try:
            _wait_until_listening(server, port, Path(folder) / "log")
            url = f"sc://localhost:{port}/;token={token}"
            session = SparkSession.builder.remote(url).create()
            try:
                yield Engine(session, server.pid, warehouse)
            finally:
                session.stop()
        finally:
            _stop(server)


def jdbc_catalog(name: str, *, url: str, user: str, password: str, statement: str | None = None) -> dict[str, str]:
    """Settings under which Spark sees a Postgres as catalog `name`, as Databricks shows Lakebase.

    `statement` runs first in every connection (the place to join an exported snapshot).
    """
    key = f"spark.sql.catalog.{name}"
    settings = {
        key: "org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog",
        f"{key}.url": url,
        f"{key}.driver": "org.postgresql.Driver",
        f"{key}.user": user,
        f"{key}.password": password,
        # Without it the driver takes the whole table into memory before the first row.
        f"{key}.fetchsize": "10000",
    }
    return settings | ({f"{key}.sessionInitStatement": statement} if statement else {})


def _settings(warehouse: Path, port: int, cores: int, memory: str) -> dict[str, str]:
    settings = {
        "spark.master": f"local[{cores}]",
        "spark.driver.memory": memory,
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": warehouse.as_uri(),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        # Moments that every reader knows as moments; Spark's own default reads as a time without zone elsewhere.
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.ui.enabled": "false",
        "spark.local.dir": str(warehouse.parent / "scratch"),
    }
    return settings | ({"spark.jars": str(JDBC_DRIVER)} if JDBC_DRIVER.exists() else {})


def _launch(folder: Path, settings: Mapping[str, str], token: str) -> subprocess.Popen[bytes]:
    properties = folder / "spark.properties"
    properties.touch(mode=0o600)
    properties.write_text("".join(f"{key}={_escaped(value)}\n" for key, value in settings.items()))
    home = Path(_find_spark_home())
    command = [str(home / "bin/spark-submit"), "--properties-file", str(properties)]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SPARK_")}
    environment |= {"SPARK_HOME": str(home), "SPARK_CONNECT_AUTHENTICATE_TOKEN": token}
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, start_new_session=True, preexec_fn=_end_with_parent
        )


def _end_with_parent() -> None:
    # Linux: without it a killed run would leave a Java machine behind.
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_listening(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < end:
        if server.poll() is not None:
            raise NoEngine(f"Spark did not start: {log.read_text(errors='replace')[-2000:]}")
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise NoEngine(f"Spark did not listen within {START_SECONDS_MAX} seconds")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
