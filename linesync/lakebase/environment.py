"""Which Lakebase, out of the environment: LAKEBASE_* of our own, PG* as Databricks Apps gives them."""

import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

engine = "linesync.lakebase"
default_schema = "linesync"
default_database = "databricks_postgres"
connect_seconds_max = 10
# A connection that died without a word is noticed after idle + 3 × interval seconds; with words on the way, that nobody
# takes, after tcp_user_timeout milliseconds.
keepalives = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

_endpoint = re.compile(r"projects/[^/]+/branches/[^/]+/endpoints/[^/]+")
_identifier = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_tls_modes = ("require", "verify-ca", "verify-full")


def database(env: environ.Env) -> dict[str, Any] | None:
    """Django's settings of the Lakebase that LAKEBASE_ENDPOINT names; None where it names none.

    Host and user may be missing: they are looked up in the workspace at the first connection.
    Raises ImproperlyConfigured with a sentence for what cannot be meant.
    """
    endpoint = env.str("LAKEBASE_ENDPOINT", default="")
    if not endpoint:
        return None
    if not _endpoint.fullmatch(endpoint):
        raise ImproperlyConfigured(
            f"LAKEBASE_ENDPOINT={endpoint} is not of the form projects/…/branches/…/endpoints/… "
            "(`manage.py lakebase provision` prints it)."
        )
    return {
        "ENGINE": engine,
        "NAME": _first(env, "LAKEBASE_DATABASE", "PGDATABASE") or default_database,
        "USER": _first(env, "LAKEBASE_USER", "PGUSER", "DATABRICKS_CLIENT_ID"),
        "PASSWORD": "",
        "HOST": _first(env, "LAKEBASE_HOST", "PGHOST"),
        "PORT": _port(env),
        "OPTIONS": {
            "lakebase_endpoint": endpoint,
            "schema": _schema(env),
            "application_name": "linesync",
            "connect_timeout": connect_seconds_max,
            **keepalives,
            **_tls(env),
        },
    }


def _port(env: environ.Env) -> str:
    port = _first(env, "LAKEBASE_PORT", "PGPORT") or "5432"
    if not (port.isascii() and port.isdigit()):
        raise ImproperlyConfigured(f"LAKEBASE_PORT={port} (or PGPORT) is no port; for example LAKEBASE_PORT=5432.")
    return port


def _schema(env: environ.Env) -> str:
    name = env.str("LAKEBASE_SCHEMA", default=default_schema)
    if not _identifier.fullmatch(name):
        raise ImproperlyConfigured(f"LAKEBASE_SCHEMA={name} must be small letters, digits and _, at most 63.")
    return str(name)


def _tls(env: environ.Env) -> dict[str, str]:
    certificate = _first(env, "LAKEBASE_SSLROOTCERT", "PGSSLROOTCERT")
    if certificate:
        return {"sslmode": "verify-full", "sslrootcert": certificate}
    mode = _first(env, "LAKEBASE_SSLMODE", "PGSSLMODE") or "require"
    if mode not in _tls_modes:
        raise ImproperlyConfigured(
            f"sslmode {mode} is refused: Lakebase is reached by TLS only, {' or '.join(_tls_modes)}."
        )
    return {"sslmode": mode}


def _first(env: environ.Env, *names: str) -> str:
    return next((value for name in names if (value := env.str(name, default=""))), "")
