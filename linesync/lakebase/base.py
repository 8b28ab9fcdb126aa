"""The ENGINE `linesync.lakebase`."""

from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base as postgresql

from linesync.lakebase.client import DatabaseClient
from linesync.lakebase.connection import OAuthConnection, Pool, server_options


class _PsycopgWithOAuth:
    """The psycopg module with its `connect` replaced: Django calls that one where it uses no pool."""

    connect = staticmethod(OAuthConnection.connect)

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """Postgres by OAuth. OPTIONS beside Django's: `lakebase_endpoint` (None: a plain server) and `schema`."""

    Database = _PsycopgWithOAuth()  # type: ignore[assignment]
    client_class = DatabaseClient
    # Not Django's own dictionary: its pools would keep the first password for ever.
    _connection_pools: dict[str, Pool] = {}

    @property
    def schema(self) -> str | None:
        """Where our tables live. None: wherever the server's search_path says."""
        name: str | None = self.settings_dict["OPTIONS"].get("schema")
        return name

    def get_connection_params(self) -> dict[str, Any]:
        """No token here: Django asks at every connect, pooled or not, and does not expect this to fail."""
        parameters: dict[str, Any] = super().get_connection_params()
        if parameters.get("lakebase_endpoint") and parameters.get("password"):
            raise ImproperlyConfigured("Lakebase takes OAuth tokens only: leave PASSWORD empty.")
        if options := server_options(parameters):
            parameters["options"] = options
        parameters.pop("schema", None)
        return parameters

    def prepare_database(self) -> None:
        """Before each `migrate`: our own schema, since an app's role has no rights in `public`."""
        super().prepare_database()
        if self.schema:
            with self.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {self.ops.quote_name(self.schema)}")

    @property
    def pool(self) -> Pool | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            if self.settings_dict.get("CONN_MAX_AGE", 0) != 0:
                raise ImproperlyConfigured("A pool keeps connections open by itself: set CONN_MAX_AGE to 0.")
            pool = Pool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                configure=self._configure_connection,  # type: ignore[attr-defined]
                checked=self.settings_dict["CONN_HEALTH_CHECKS"],
                **({} if options is True else options),
            )
            # Not opened yet, so that of two threads the one who comes second loses nothing but this object.
            self._connection_pools.setdefault(self.alias, pool)
        return self._connection_pools[self.alias]
