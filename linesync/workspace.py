"""The Databricks workspace, by OAuth only: one client per process, made when first needed and never before a fork."""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

http_seconds_max = 10
# Short: whoever waits here holds up a person's request. The connection pool and the person try again by themselves.
retry_seconds_max = 1

oauth_types = (
    "oauth-m2m", "databricks-cli", "external-browser", "env-oidc", "file-oidc", "github-oidc", "azure-devops-oidc",
    "azure-cli", "azure-client-secret", "google-id",
)  # fmt: skip
use_instead = (
    "Use OAuth: in Databricks Apps the platform gives DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, "
    "on a laptop run `databricks auth login --host https://…` and set DATABRICKS_AUTH_TYPE=databricks-cli."
)
# What may come back when a token cannot be had. The SDK's own DatabricksError and requests' errors are OSErrors;
# a wrong client secret and an answer that is no token are ValueErrors.
problems = (OSError, ValueError)


def refuse_personal_tokens(environ: Mapping[str, str]) -> None:
    """Raises ImproperlyConfigured, with what to use instead, when a token or a password stands where OAuth belongs."""
    if environ.get("DATABRICKS_TOKEN"):
        raise ImproperlyConfigured(f"DATABRICKS_TOKEN is set: personal access tokens are refused. {use_instead}")
    if environ.get("DATABRICKS_PASSWORD"):
        raise ImproperlyConfigured(f"DATABRICKS_PASSWORD is set: passwords are refused. {use_instead}")
    auth_type = environ.get("DATABRICKS_AUTH_TYPE")
    if auth_type and auth_type not in oauth_types:
        raise ImproperlyConfigured(f"DATABRICKS_AUTH_TYPE={auth_type} is refused. {use_instead}")


@lru_cache(maxsize=2)
def client(retry_seconds: int = retry_seconds_max) -> "WorkspaceClient":
    """This process's client. Raises ImproperlyConfigured for a personal token, one of `problems` without a login.

    `retry_seconds`: how long a workspace that answers 429 or 503 is asked again; a command line has more time.
    """
    # Imported here: it takes longer to load than Django, and a laptop without a workspace never needs it.
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.core import Config

    refuse_personal_tokens(os.environ)
    auth_type = os.environ.get("DATABRICKS_AUTH_TYPE") or default_auth_type(os.environ)
    config = Config(
        auth_type=auth_type,
        http_timeout_seconds=http_seconds_max,
        retry_timeout_seconds=retry_seconds,
        product="linesync",
        product_version="1.0.0",
    )
    return WorkspaceClient(config=config)


# A child of a fork must not share sockets and locks with its parent.
os.register_at_fork(after_in_child=client.cache_clear)


def default_auth_type(environ: Mapping[str, str]) -> str:
    """The app's own service principal where there is one, else the person's login of the Databricks CLI."""
    return "oauth-m2m" if environ.get("DATABRICKS_CLIENT_ID") else "databricks-cli"


def bearer() -> str:
    """An OAuth token for the workspace's APIs, good for minutes at least: ask at every request, keep none.

    Raises one of `problems`.
    """
    return str(client().config.oauth_token().access_token)


def serving_url() -> str:
    """Where the workspace's models answer by the OpenAI protocol. The SDK adds a scheme that the variable may lack."""
    return f"{client().config.host}/serving-endpoints"
