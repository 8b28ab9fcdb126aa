"""The script that docs/api.md hands out does what is promised there: killed and run again, it books each line once."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from inventory.models import ScanEvent, Stock

guide = (Path(__file__).resolve().parent.parent.parent / "docs" / "api.md").read_text()
found = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
assert found
script = found[1]
lines = [("consume" if n % 5 == 0 else "intake", f"DOCK_{n % 2}", f"PART-{n % 4}", 1 + n % 3) for n in range(60)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "book.py").write_text(script)
    file = tmp_path / "Lieferung März 1.csv"
    rows = ["direction,station_id,item_id,qty", *(",".join(map(str, line)) for line in lines)]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    return file


def run(server: LiveServer, file: Path, *, kill_after: int | None = None) -> tuple[list[str], str, int]:
    """Run the script; with `kill_after`, kill it when it has printed so many lines. Returns what it printed."""
    command: list[str | Path] = [sys.executable, file.parent / "book.py", server.url, file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        printed = []
        for line in process.stdout:
            printed.append(line)
            if len(printed) == kill_after:
                process.kill()
        return printed, process.stderr.read(), process.wait()


def test_the_script_is_as_short_as_promised() -> None:
    assert len([line for line in script.splitlines() if line.strip()]) == 20


def test_a_csv_is_booked_once_even_if_the_script_is_killed_and_run_again(
    ledger: None, live_server: LiveServer, file: Path
) -> None:
    for kill_after in (7, 30, 31):
        assert len(run(live_server, file, kill_after=kill_after)[0]) >= kill_after
    printed, complaints, code = run(live_server, file)
    assert (len(printed), complaints, code) == (len(lines), "", 0)
    assert ScanEvent.objects.count() == len(lines)
    for stock in Stock.objects.all():
        moved = [(how, qty) for how, _, item_id, qty in lines if item_id == stock.item_id]
        assert stock.on_hand_qty == sum(qty if how == "intake" else -qty for how, qty in moved)


def test_the_script_stops_at_a_bad_line_and_says_why(ledger: None, live_server: LiveServer, file: Path) -> None:
    file.write_text("direction,station_id,item_id,qty\nintake,DOCK_1,PART-1,5\nintake,DOCK_1,PART-1,0\n")
    printed, complaint, code = run(live_server, file)
    assert (len(printed), code, ScanEvent.objects.count()) == (1, 1, 1)
    assert "line 3" in complaint
    assert "1 to 999,999" in complaint
