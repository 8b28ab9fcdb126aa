"""The project's own check on a machine that lacks Debian packages."""

import shutil
import subprocess
from pathlib import Path

import pytest

from linesync.tests.fake_lakebase import root


@pytest.mark.skipif(not (root / ".ci" / "run").exists(), reason="the check is not part of this checkout")
def test_what_is_missing_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    for tool in ("bash", "dirname", "grep", "id", "python3"):
        found = shutil.which(tool)
        assert found
        (tmp_path / tool).symlink_to(found)
    asked = subprocess.run(
        [str(tmp_path / "bash"), ".ci/run"], cwd=root, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert asked.returncode == 1
    assert "Missing on this machine: chromium" in asked.stderr
    assert "apt-get install --no-install-recommends chromium" in asked.stderr
    assert "Traceback" not in asked.stderr
    assert asked.stdout == ""
