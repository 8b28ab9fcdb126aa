"""Which Postgres: Lakebase when its endpoint is named, else DATABASE_URL, else the embedded one under `var/`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections

from linesync.lakebase import environment as lakebase
from linesync.lakebase.connection import OAuthConnection

pool_connections_max = 12
pool_wait_seconds = 10
connect_seconds = 10
prepare_after_executions = 5
scheme_characters_max = 20
# Before the first start, or where its file was lost: one that nothing listens on.
nowhere = "postgresql://postgres:none@127.0.0.1:1/linesync"


def from_environment(env: environ.Env, var: Path) -> dict[str, Any]:
    """Django's settings for the one database. Without any variable: the embedded server's last known address.

    Raises ImproperlyConfigured in Databricks Apps without a database: what a container keeps is lost with it.
    """
    config = lakebase.database(env) or _plain(env, var)
    # A statement's plan is kept per connection: planning was more than half of what Postgres did for a booking.
    config["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": prepare_after_executions}
    config["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_connections_max, "timeout": pool_wait_seconds}
    return config | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one kind of process waits for Postgres, in seconds.

    For a statement, for what others hold, for itself in an open transaction; and for any answer at all, however
    Postgres came to be silent. Migrations and commands have none: they take as long as they take.
    """

    statement_seconds_max: int
    lock_seconds_max: int
    idle_seconds_max: int
    answer_seconds_max: int


# Web: a person waits. A statement has time for what it does beside what it waits for.
statement_seconds_least = 10
statement_margin_seconds = 4
idle_seconds_max = 60
# Postgres ends a statement by itself first, and says so; a frozen or unplugged one says nothing.
answer_margin_seconds = 2
# Jobs: nobody waits, and the next attempt does no harm.
jobs = Limits(statement_seconds_max=120, lock_seconds_max=60, idle_seconds_max=120, answer_seconds_max=150)


def web(*, lock_seconds: int) -> Limits:
    """For a process that answers people: a forgotten transaction must not hold one thread of it after the other."""
    statement_seconds = max(statement_seconds_least, lock_seconds + statement_margin_seconds)
    return Limits(statement_seconds, lock_seconds, idle_seconds_max, statement_seconds + answer_margin_seconds)


def limit(limits: Limits) -> None:
    """Of this process; called before its first connection. Exports have a longer one (linesync.ground.rows)."""
    options = connections.settings[DEFAULT_DB_ALIAS]["OPTIONS"]
    ours = {
        "statement_timeout": limits.statement_seconds_max,
        "lock_timeout": limits.lock_seconds_max,
        "idle_in_transaction_session_timeout": limits.idle_seconds_max,
    }
    said = " ".join(f"-c {name}={seconds}s" for name, seconds in ours.items())
    # What the database's own address says comes last, and goes before.
    options["options"] = f"{said} {options.get('options', '')}".strip()
    OAuthConnection.answer_seconds_max = limits.answer_seconds_max


def embedded_url(var: Path) -> str:
    """The embedded server's URL as its last start wrote it; `nowhere` when none did."""
    file = var / "postgres" / "url"
    try:
        url = file.read_text(errors="replace").strip() if file.exists() else nowhere
    except OSError as error:
        raise ImproperlyConfigured(
            f"{file} cannot be read ({error.strerror}). Run this as the user who starts LineSync."
        ) from error
    return url if _is_postgres(url) else nowhere


def _plain(env: environ.Env, var: Path) -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="")
    if not url and env.str("DATABRICKS_APP_NAME", default=""):
        raise ImproperlyConfigured(
            "This app has no database. Give it a Lakebase resource named postgres and, in app.yaml, "
            "LAKEBASE_ENDPOINT with valueFrom: postgres (docs/databricks.md)."
        )
    if url and not _is_postgres(url):
        raise ImproperlyConfigured(
            f"DATABASE_URL must be postgresql://user:password@host/database, not {_scheme(url)} …"
        )
    # The same engine as for Lakebase: a laptop's database is restarted more often than any other.
    try:
        config: dict[str, Any] = env.db_url_config(url or embedded_url(var), engine=lakebase.engine)
    except ValueError as error:
        # Not its words: they may hold the password.
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: a port is a number, and characters like @ : / in a password are written %40, "
            "%3A, %2F; for example postgresql://user:password@localhost:5432/linesync."
        ) from error
    config["OPTIONS"] = {"connect_timeout": connect_seconds, **lakebase.keepalives, **config.get("OPTIONS", {})}
    return config


def _is_postgres(url: str) -> bool:
    return url.startswith(("postgresql://", "postgres://"))


def _scheme(url: str) -> str:
    # Never more of it: the password follows.
    return url.partition(":")[0][:scheme_characters_max] + ":"
