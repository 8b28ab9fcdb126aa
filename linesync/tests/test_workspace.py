"""OAuth and nothing else: what is refused at start, what the environment means, tokens for the models."""

from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from openai import AuthenticationError, OpenAI
from openai.types.chat import ChatCompletionMessageParam

from linesync import workspace
from linesync.start import databases, secret
from linesync.tests.fake_lakebase import FakeLakebase, endpoint


def database(tmp_path: Path, **environment: str) -> dict[str, Any]:
    env = environ.Env()
    env.ENVIRON = environment
    return databases.from_environment(env, tmp_path)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABRICKS_TOKEN": "dapi0123"}, "personal access tokens are refused"),
        ({"DATABRICKS_PASSWORD": "x", "DATABRICKS_USERNAME": "y"}, "passwords are refused"),
        ({"DATABRICKS_AUTH_TYPE": "pat"}, "DATABRICKS_AUTH_TYPE=pat is refused"),
        ({"DATABRICKS_AUTH_TYPE": "basic"}, "DATABRICKS_AUTH_TYPE=basic is refused"),
    ],
)
def test_whatever_is_not_oauth_is_refused_with_what_to_use_instead(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence) as refusal:
        workspace.refuse_personal_tokens(environment)
    assert "databricks auth login" in str(refusal.value)
    assert "dapi0123" not in str(refusal.value)


@pytest.mark.parametrize("environment", [{}, {"DATABRICKS_TOKEN": ""}, {"DATABRICKS_AUTH_TYPE": "databricks-cli"}])
def test_oauth_and_nothing_at_all_are_fine(environment: dict[str, str]) -> None:
    workspace.refuse_personal_tokens(environment)


def test_the_app_logs_in_as_itself_and_a_person_by_the_cli() -> None:
    assert workspace.default_auth_type({"DATABRICKS_CLIENT_ID": "id"}) == "oauth-m2m"
    assert workspace.default_auth_type({}) == "databricks-cli"


def test_a_token_in_a_profile_is_not_used(
    fake_lakebase: FakeLakebase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    profile = tmp_path / "databrickscfg"
    profile.write_text(f"[DEFAULT]\nhost = {fake_lakebase.workspace.url}\ntoken = dapi0123\n")
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(profile))
    assert workspace.bearer() in fake_lakebase.workspace.access_tokens
    assert not any("dapi0123" in authorization for *_, authorization in fake_lakebase.workspace.requests)


def test_each_model_request_carries_a_fresh_oauth_token(fake_lakebase: FakeLakebase) -> None:
    # Shorter than the 40 s before whose end the SDK renews: no token is good for a second request.
    fake_lakebase.workspace.access_seconds = 30
    client = OpenAI(base_url=workspace.serving_url(), api_key=workspace.bearer, max_retries=0)
    for _ in range(2):
        client.chat.completions.create(model="slips", messages=[{"role": "user", "content": "hi"}])
    calls = fake_lakebase.workspace.calls("/serving-endpoints/chat/completions")
    first, second = [authorization.removeprefix("Bearer ") for *_, authorization in calls]
    assert first != second
    assert {first, second} <= fake_lakebase.workspace.access_tokens


def test_a_model_request_with_a_revoked_token_is_an_error_of_the_client(fake_lakebase: FakeLakebase) -> None:
    client = OpenAI(base_url=workspace.serving_url(), api_key=workspace.bearer, max_retries=0)
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": "hi"}]
    client.chat.completions.create(model="slips", messages=messages)
    fake_lakebase.workspace.access_tokens.clear()
    with pytest.raises(AuthenticationError):
        client.chat.completions.create(model="slips", messages=messages)


def test_lakebase_goes_before_a_database_url(tmp_path: Path) -> None:
    found = database(tmp_path, LAKEBASE_ENDPOINT=endpoint, DATABASE_URL="postgres://a:b@c/d")
    assert found["OPTIONS"]["lakebase_endpoint"] == endpoint
    assert (found["ENGINE"], found["PASSWORD"], found["NAME"]) == ("linesync.lakebase", "", "databricks_postgres")


def test_databricks_apps_variables_are_enough(tmp_path: Path) -> None:
    injected = {"PGHOST": "ep-1.database.cloud", "PGUSER": "client-id", "PGDATABASE": "dock", "PGPORT": "5433"}
    found = database(tmp_path, LAKEBASE_ENDPOINT=endpoint, PGSSLMODE="require", **injected)
    assert [found[key] for key in ("HOST", "USER", "NAME", "PORT")] == list(injected.values())
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["schema"] == "linesync"


def test_our_own_variables_go_before_the_platforms(tmp_path: Path) -> None:
    found = database(tmp_path, LAKEBASE_ENDPOINT=endpoint, PGHOST="theirs", LAKEBASE_HOST="ours")
    assert found["HOST"] == "ours"


def test_a_certificate_means_that_the_server_is_checked(tmp_path: Path) -> None:
    options = database(tmp_path, LAKEBASE_ENDPOINT=endpoint, LAKEBASE_SSLROOTCERT="/ca.pem")["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/ca.pem")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"LAKEBASE_ENDPOINT": "linesync"}, "is not of the form projects"),
        ({"LAKEBASE_ENDPOINT": endpoint, "PGSSLMODE": "prefer"}, "sslmode prefer is refused"),
        ({"LAKEBASE_ENDPOINT": endpoint, "LAKEBASE_SCHEMA": "x; DROP"}, "LAKEBASE_SCHEMA"),
        ({"LAKEBASE_ENDPOINT": endpoint, "LAKEBASE_SCHEMA": "s" * 64}, "at most 63"),
        ({"DATABRICKS_APP_NAME": "linesync"}, "This app has no database"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(tmp_path: Path, environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        database(tmp_path, **environment)


def test_the_longest_schema_name_is_taken(tmp_path: Path) -> None:
    options = database(tmp_path, LAKEBASE_ENDPOINT=endpoint, LAKEBASE_SCHEMA="s" * 63)["OPTIONS"]
    assert options["schema"] == "s" * 63


def test_a_database_url_has_the_same_engine_and_pool(tmp_path: Path) -> None:
    found = database(tmp_path, DATABASE_URL="postgres://a:b@c:5/d")
    assert (found["ENGINE"], found["HOST"], found["PASSWORD"]) == ("linesync.lakebase", "c", "b")
    assert "lakebase_endpoint" not in found["OPTIONS"]
    assert found["OPTIONS"]["pool"]["max_size"] == databases.pool_connections_max


def test_in_databricks_apps_the_signing_key_comes_from_a_secret(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is missing"):
        secret.kept_in(tmp_path / "key", refused=True)
