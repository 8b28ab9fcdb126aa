"""Which Postgres: Lakebase when its variables are there, else DATABASE_URL, else the embedded one under `var/`."""

from pathlib import Path
from typing import Any

import environ

pool_connections_max = 12
pool_wait_seconds = 10
connect_seconds = 10
prepare_after_executions = 5


def from_environment(env: environ.Env, var: Path) -> dict[str, Any]:
    """Django's settings for the one database. Without any variable: the embedded server's last known address."""
    config: dict[str, Any] = env.db_url_config(env.str("DATABASE_URL", default="") or embedded_url(var))
    options = config.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", connect_seconds)
    # A statement's plan is kept per connection: planning was more than half of what Postgres did for a booking.
    options["server_side_binding"] = True
    options["prepare_threshold"] = prepare_after_executions
    options["pool"] = {"min_size": 1, "max_size": pool_connections_max, "timeout": pool_wait_seconds}
    return config | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def embedded_url(var: Path) -> str:
    """The embedded server's URL as its last start wrote it; before the first start one that nothing listens on."""
    file = var / "postgres" / "url"
    return file.read_text().strip() if file.exists() else "postgresql://postgres:none@127.0.0.1:1/linesync"
