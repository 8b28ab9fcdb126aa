from collections.abc import Iterator
from typing import Any

import pytest

from linesync import workspace
from linesync.lakebase import credentials
from linesync.tests.house import House


@pytest.fixture(scope="session")
def the_house() -> Iterator[House]:
    house = House()
    yield house
    house.close()


@pytest.fixture
def house(the_house: House, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[House]:
    """The miniature workspace with its knobs as new, and this process logged in as the app's principal."""
    for name, value in the_house.workspace.environment().items():
        monkeypatch.setenv(name, value)
    the_house.workspace.down = False
    the_house.workspace.database_seconds = the_house.workspace.access_seconds = 3600
    the_house.workspace.requests.clear()
    the_house.gate.open = True
    the_house.gate.logins.clear()
    the_house.gate.refused = 0
    forget_everything()
    # These tests have databases of their own; pytest-django guards its one only.
    with django_db_blocker.unblock():
        yield the_house
    forget_everything()


def forget_everything() -> None:
    for kept in (workspace.client, credentials.token, credentials.host, credentials.role):
        kept.cache_clear()
