"""`manage.py lakebase` with the real SDK: provisioning twice changes nothing, waits show progress, grants let read."""

import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from linesync.lakebase import provisioning
from linesync.lakebase.base import DatabaseWrapper
from linesync.tests.fake_lakebase import FakeLakebase, endpoint
from linesync.tests.fake_workspace import Workspace, client_id


def lakebase(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("lakebase", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def empty(fake_lakebase: FakeLakebase, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace without any Lakebase project."""
    monkeypatch.setattr(fake_lakebase.workspace, "lakebase", {})
    monkeypatch.setattr(fake_lakebase.workspace, "slow_operations", 0)
    monkeypatch.setattr(provisioning, "poll_seconds", 0.01)
    return fake_lakebase.workspace


def made(workspace: Workspace) -> list[dict[str, Any]]:
    return [body for method, _path, body, _ in workspace.requests if method == "POST" and "spec" in body]


def test_provision_makes_what_is_missing_and_prints_the_settings(empty: Workspace) -> None:
    said = lakebase("provision")
    assert "project linesync was made" in said
    assert f"LAKEBASE_ENDPOINT={endpoint}" in said
    assert "LAKEBASE_HOST=localhost" in said
    (project,) = made(empty)
    assert project["spec"]["pg_version"] == 17
    assert project["spec"]["enable_pg_native_login"] is False


def test_provision_again_changes_nothing(empty: Workspace) -> None:
    lakebase("provision", "--principal", "some-client-id")
    empty.requests.clear()
    said = lakebase("provision", "--principal", "some-client-id")
    assert made(empty) == []
    assert "project linesync is there" in said
    assert "role some-client-id is there" in said


def test_provision_makes_a_branch_and_an_endpoint_of_ones_own(empty: Workspace) -> None:
    said = lakebase("provision", "--branch", "trial", "--principal", "kim@example.com", "--kind", "USER")
    assert "LAKEBASE_ENDPOINT=projects/linesync/branches/trial/endpoints/primary" in said
    assert "LAKEBASE_USER=kim@example.com" in said
    role = made(empty)[-1]["spec"]
    assert (role["identity_type"], role["auth_method"]) == ("USER", "LAKEBASE_OAUTH_V1")


def test_a_database_of_ones_own_belongs_to_a_role_that_provision_makes_too(empty: Workspace) -> None:
    with pytest.raises(CommandError, match=f"cannot own a database. Give it one: --principal {client_id}"):
        lakebase("provision", "--database", "dock")
    said = lakebase("provision", "--database", "dock", "--principal", client_id)
    assert "database dock was made" in said
    assert said.index(f"role {client_id} was made") < said.index("database dock was made")
    assert "LAKEBASE_DATABASE=dock" in said


def test_a_long_wait_shows_progress(empty: Workspace) -> None:
    empty.slow_operations = 3
    said = lakebase("provision")
    assert sum(line.startswith("waiting for project linesync …") for line in said) == 3


def test_a_wait_without_end_ends_in_a_sentence(empty: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    empty.slow_operations = 10**6
    monkeypatch.setattr(provisioning, "wait_seconds_max", 0.05)
    with pytest.raises(CommandError, match="still not there after"):
        lakebase("provision")


def test_a_refusal_of_the_workspace_is_a_sentence(empty: Workspace) -> None:
    empty.refuse.append(("/projects", (403, {"error_code": "PERMISSION_DENIED", "message": "not yours"})))
    with pytest.raises(CommandError, match="The workspace refused: not yours"):
        lakebase("provision")


@pytest.fixture
def on_lakebase(fake_lakebase: FakeLakebase, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """This process's default database is a migrated Lakebase, for as long as the test runs."""
    with fake_lakebase.database() as name:
        settings = fake_lakebase.settings(name)
        monkeypatch.setitem(
            connections.settings, "default", connections.configure_settings({"default": settings})["default"]
        )
        monkeypatch.setattr(DatabaseWrapper, "_connection_pools", {})
        before = connections["default"]
        del connections["default"]
        monkeypatch.setattr("django.conf.settings.DATABASES", {"default": connections.settings["default"]})
        call_command("migrate", verbosity=0)
        yield name
        connections["default"].close()
        connections["default"].close_pool()  # type: ignore[attr-defined]
        connections["default"] = before


def test_status_says_where_what_and_how_much(fake_lakebase: FakeLakebase, on_lakebase: str) -> None:
    said = "\n".join(lakebase("status"))
    assert f"endpoint       {endpoint}" in said
    assert "state          ACTIVE" in said
    assert f"in {on_lakebase}.linesync" in said
    assert "scan_events" in said
    assert "last event     none" in said
    assert "live signals   0" in said


def test_grant_lets_another_role_read_and_nothing_else(fake_lakebase: FakeLakebase, on_lakebase: str) -> None:
    with fake_lakebase.connect_as_owner(on_lakebase) as owner:
        owner.execute("CREATE ROLE databricks_reader_1")
        assert lakebase("grant", "databricks_reader_1") == ["databricks_reader_1 may read linesync"]
        owner.execute("SET ROLE databricks_reader_1")
        assert owner.execute("SELECT count(*) FROM linesync.scan_events").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("INSERT INTO linesync.scan_events DEFAULT VALUES")
        owner.execute("RESET ROLE")
        owner.execute("DROP OWNED BY databricks_reader_1; DROP ROLE databricks_reader_1")


def test_grant_to_a_role_that_is_not_there_says_how_to_make_it(fake_lakebase: FakeLakebase, on_lakebase: str) -> None:
    with pytest.raises(CommandError, match="With --kind it is made first"):
        lakebase("grant", "nobody@example.com")
