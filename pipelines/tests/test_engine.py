"""Spark ends with whoever started it, and says why when it cannot start."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipelines import engine

ROOT = Path(__file__).resolve().parents[2]
STARTER = """
import sys, time
from pipelines import engine
engine._wait_until_listening = lambda server, *_: print(server.pid, flush=True) or time.sleep(600)
with engine.started(engine.Path(sys.argv[1]), {}, memory="512m"):
    pass
"""
START_SECONDS_MAX = 60


def test_a_killed_run_leaves_no_java_behind(spark_can_run: None, tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path / "warehouse")], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert starter.stdout
    java = psutil.Process(int(starter.stdout.readline()))
    # It is a shell at first, which then becomes Java.
    end = time.monotonic() + START_SECONDS_MAX
    while java.name() != "java" and time.monotonic() < end:
        time.sleep(0.1)
    assert java.name() == "java"
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    java.wait(timeout=60)
    assert not java.is_running()


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(engine.NoEngine, match="Java 17 is not installed"), engine.started(tmp_path / "warehouse", {}):
        pass


def test_a_spark_that_cannot_start_says_why(spark_can_run: None, tmp_path: Path) -> None:
    with (
        pytest.raises(engine.NoEngine, match="Spark did not start"),
        engine.started(tmp_path / "warehouse", {}, memory="rubbish"),
    ):
        pass


def test_a_password_is_neither_on_the_command_line_nor_readable_by_others(
    spark_can_run: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}
    real = engine._launch

    def launch(folder: Path, settings: Mapping[str, str], token: str) -> subprocess.Popen[bytes]:
        server = real(folder, settings, token)
        seen["arguments"] = server.args
        seen["mode"] = (folder / "spark.properties").stat().st_mode & 0o777
        server.kill()
        return server

    monkeypatch.setattr(engine, "_launch", launch)
    conf = engine.jdbc_catalog("lakebase", url="jdbc:postgresql://h/d", user="u", password="geheim")
    with pytest.raises(engine.NoEngine), engine.started(tmp_path / "warehouse", conf):
        pass
    assert "geheim" not in " ".join(seen["arguments"])
    assert seen["mode"] == 0o600
