"""What a LineSync that was killed leaves behind: written down while it runs, found and ended by the next start."""

import contextlib
import json
import os
import secrets
import signal
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linesync.start import files, processes
from linesync.start.parts import Part, Say, poll_seconds

# Every process of a run carries this variable with the run's own value.
mark_name = "LINESYNC_RUN"


@dataclass(frozen=True, slots=True)
class Record:
    """The processes of this run, in a file of its own under `var/runs/`."""

    file: Path
    mark: str = field(default_factory=lambda: secrets.token_hex(16))

    @classmethod
    def begin(cls, var: Path) -> "Record":
        """Also marks what this process starts from here on."""
        record = cls(var / "runs" / f"{os.getpid()}.json")
        os.environ[mark_name] = record.mark
        return record

    def write(self, parts: Sequence[Part]) -> None:
        running = [(part.name, part.process.pid) for part in parts if part.process]
        facts = {
            "run": _named(os.getpid()),
            "mark": self.mark,
            "parts": [{"name": name, **_named(pid)} for name, pid in running],
        }
        # On a full disk LineSync goes on; what is not found by the next start is told as a port that is taken.
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            files.replace(self.file, json.dumps(facts))

    def end(self) -> None:
        self.file.unlink(missing_ok=True)


def end(var: Path, say: Say, *, seconds_max: float) -> None:
    """End the web servers and job workers of runs that are dead: asked first, killed after `seconds_max`."""
    for file in sorted((var / "runs").glob("*.json")):
        facts = _facts(file)
        if facts and _lives(facts["run"]):
            continue
        if facts and _alive(facts):
            say("An earlier LineSync was killed; ending what is left of it …")
            _end(facts, time.monotonic() + seconds_max)
        file.unlink(missing_ok=True)


def _facts(file: Path) -> dict[str, Any] | None:
    """None: there is no sense in it, or another start has dealt with it meanwhile."""
    try:
        facts = json.loads(file.read_text())
        return facts if {"run", "mark", "parts"} <= facts.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def _end(facts: dict[str, Any], deadline: float) -> None:
    asked: set[int] = set()
    while left := _alive(facts):
        # The head of a part stops the rest of it in order; orphans have nobody else to tell them.
        heads = [part["pid"] for part in facts["parts"] if part["pid"] in left]
        new = set(heads or left) - asked
        processes.send(signal.SIGCONT, new)
        processes.send(signal.SIGTERM, new)
        asked |= new
        if time.monotonic() > deadline:
            processes.send(signal.SIGKILL, left)
            return
        time.sleep(poll_seconds)


def _alive(facts: dict[str, Any]) -> set[int]:
    return {part["pid"] for part in _living(facts["parts"])} | set(processes.marked(f"{mark_name}={facts['mark']}"))


def _living(named: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in named if _lives(one)]


def _lives(named: dict[str, Any]) -> bool:
    return named["born"] is not None and processes.born(named["pid"]) == named["born"]


def _named(pid: int) -> dict[str, Any]:
    return {"pid": pid, "born": processes.born(pid)}
