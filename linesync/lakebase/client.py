"""`manage.py dbshell`: psql with the token in its environment, where no other user can read it."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.client import DatabaseClient as PostgresClient

from linesync.lakebase.connection import login, server_options


class DatabaseClient(PostgresClient):
    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        given = settings_dict["OPTIONS"]
        asked = {"lakebase_endpoint": given.get("lakebase_endpoint"), **_named(settings_dict)}
        filled, _token = login(asked)
        settings_dict = settings_dict | {
            "HOST": filled.get("host", ""),
            "USER": filled.get("user", ""),
            "PASSWORD": filled.get("password", settings_dict["PASSWORD"]),
        }
        arguments, environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        if options := server_options(given):
            environment = (environment or {}) | {"PGOPTIONS": options}
        return arguments, environment


def _named(settings_dict: dict[str, Any]) -> dict[str, Any]:
    return {"host": settings_dict.get("HOST"), "user": settings_dict.get("USER")}
