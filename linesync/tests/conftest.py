from collections.abc import Iterator
from typing import Any

import pytest

from linesync import workspace
from linesync.lakebase import credentials
from linesync.tests.fake_lakebase import FakeLakebase


@pytest.fixture(scope="session")
def shared_lakebase() -> Iterator[FakeLakebase]:
    fake_lakebase = FakeLakebase()
    yield fake_lakebase
    fake_lakebase.close()


@pytest.fixture
def fake_lakebase(
    shared_lakebase: FakeLakebase, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> Iterator[FakeLakebase]:
    """The miniature workspace with its knobs as new, and this process logged in as the app's principal."""
    for name, value in shared_lakebase.workspace.environment().items():
        monkeypatch.setenv(name, value)
    shared_lakebase.workspace.down = False
    shared_lakebase.workspace.database_seconds = shared_lakebase.workspace.access_seconds = 3600
    shared_lakebase.workspace.requests.clear()
    shared_lakebase.gate.open = True
    shared_lakebase.gate.logins.clear()
    shared_lakebase.gate.refused = 0
    forget_everything()
    # These tests have databases of their own; pytest-django guards its one only.
    with django_db_blocker.unblock():
        yield shared_lakebase
    forget_everything()


def forget_everything() -> None:
    for kept in (workspace.client, credentials.token, credentials.host, credentials.role):
        kept.cache_clear()
