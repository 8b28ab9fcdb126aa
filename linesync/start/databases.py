"""Which Postgres: Lakebase when its endpoint is named, else DATABASE_URL, else the embedded one under `var/`."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections

from linesync.lakebase import environment as lakebase

pool_connections_max = 12
pool_wait_seconds = 10
connect_seconds = 10
prepare_after_executions = 5
scheme_characters_max = 20


def from_environment(env: environ.Env, var: Path) -> dict[str, Any]:
    """Django's settings for the one database. Without any variable: the embedded server's last known address.

    Raises ImproperlyConfigured in Databricks Apps without a database: what a container keeps is lost with it.
    """
    config = lakebase.database(env) or _plain(env, var)
    # A statement's plan is kept per connection: planning was more than half of what Postgres did for a booking.
    config["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": prepare_after_executions}
    config["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_connections_max, "timeout": pool_wait_seconds}
    return config | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def limit_lock_waits(seconds: int) -> None:
    """Of this process, which answers people: a forgotten transaction must not hold one thread of it after the other.

    Called before its first connection. Migrations, jobs and commands wait for as long as it takes.
    """
    options = connections.settings[DEFAULT_DB_ALIAS]["OPTIONS"]
    # What the database's own address says comes last, and goes before.
    options["options"] = f"-c lock_timeout={seconds}s {options.get('options', '')}".strip()


def embedded_url(var: Path) -> str:
    """The embedded server's URL as its last start wrote it; before the first start one that nothing listens on."""
    file = var / "postgres" / "url"
    return file.read_text().strip() if file.exists() else "postgresql://postgres:none@127.0.0.1:1/linesync"


def _plain(env: environ.Env, var: Path) -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="")
    if not url and env.str("DATABRICKS_APP_NAME", default=""):
        raise ImproperlyConfigured(
            "This app has no database. Give it a Lakebase resource named postgres and, in app.yaml, "
            "LAKEBASE_ENDPOINT with valueFrom: postgres (docs/databricks.md)."
        )
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(
            f"DATABASE_URL must be postgresql://user:password@host/database, not {_scheme(url)} …"
        )
    # The same engine as for Lakebase: a laptop's database is restarted more often than any other.
    config: dict[str, Any] = env.db_url_config(url or embedded_url(var), engine=lakebase.engine)
    config.setdefault("OPTIONS", {}).setdefault("connect_timeout", connect_seconds)
    return config


def _scheme(url: str) -> str:
    # Never more of it: the password follows.
    return url.partition(":")[0][:scheme_characters_max] + ":"
