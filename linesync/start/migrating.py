"""Bringing the database to this version: one process at a time, whoever starts at the same moment waits."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import DatabaseError
from psycopg import sql

# Any number that nobody else uses for an advisory lock in this database.
migration_lock = 5_318_008_006
lock_seconds_max = 300
poll_seconds = 1
# Its tables stand on those of all the others.
last_app = "slips"
Say = Callable[[str], None]


class CannotMigrate(Exception):
    """The database cannot be brought to this version; the message is a sentence for the operator."""


def migrate(say: Say, readers: Sequence[str] = (), *, wait_seconds: float) -> None:
    """Wait for the database, create our schema and apply what is missing, alone; let the readers read.

    A database that holds a ledger already is taken over, or refused and left as it was.
    Raises CannotMigrate, also when the database does not answer within `wait_seconds`.
    """
    _wait_for_database(say, wait_seconds)
    try:
        with _alone(say):
            migrate_ours()
            call_command("migrate", interactive=False, verbosity=0)
            let_read(readers, say)
    except DatabaseError as error:
        raise CannotMigrate(_refusal(error)) from error
    finally:
        connection.close()


def migrate_ours() -> None:
    """Our own tables, all of them or none, whichever migration refuses. Raises CannotMigrate."""
    try:
        with transaction.atomic():
            call_command("migrate", last_app, interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CannotMigrate(f"{_refusal(error)} The database is as it was.") from error


def let_go() -> None:
    """Close this process's connections: from here on it only watches the ones that serve."""
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]


def let_read(roles: Sequence[str], say: Say) -> list[str]:
    """Let these roles read our tables, those to come too; the ones that exist and now may."""
    granted = []
    for role in roles:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
            schema, exists = cursor.fetchone() or ("public", False)
            if not exists:
                say(f"there is no role {role} yet: it was granted nothing")
                continue
            for statement in _reading:
                cursor.execute(statement.format(schema=sql.Identifier(schema), role=sql.Identifier(role)))
        say(f"{role} may read {schema}")
        granted.append(role)
    return granted


_reading = (
    sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}"),
    sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}"),
    sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role}"),
)


def _wait_for_database(say: Say, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            _try_to_connect()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise CannotMigrate(
                    f"the database did not answer for {wait_seconds:.0f} s: {_one_line(error)}"
                ) from error
            say(f"The database does not answer yet: {_one_line(error)}")
            time.sleep(poll_seconds)


def _try_to_connect() -> None:
    """Once, and without the pool: it tries again by itself, and its waiters are not told why it failed."""
    connection.Database.connect(**connection.get_connection_params()).close()  # type: ignore[attr-defined]


@contextmanager
def _alone(say: Say) -> Iterator[None]:
    deadline = time.monotonic() + lock_seconds_max
    with connection.cursor() as cursor:
        while not _taken(cursor):
            if time.monotonic() > deadline:
                raise CannotMigrate(f"another process has been migrating this database for {lock_seconds_max} s.")
            say("Another process is migrating this database; waiting for it.")
            time.sleep(poll_seconds)
    try:
        yield
    finally:
        # A connection that broke meanwhile has let go of the lock by itself.
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [migration_lock])


def _taken(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [migration_lock])
    (taken,) = cursor.fetchone() or (False,)
    return bool(taken)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _refusal(error: DatabaseError) -> str:
    if "permission denied" in str(error):
        return _locked_out(error)
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.RaiseException):
        # A migration's own sentence, without where in its SQL it was said.
        return str(cause.diag.message_primary)
    diag = cause.diag if isinstance(cause, psycopg.Error) else None
    said = [words for words in (diag.message_primary, diag.message_detail) if words] if diag else []
    return f"The database did not accept a migration: {': '.join(said) or _one_line(error)}."


def _locked_out(error: DatabaseError) -> str:
    user = connection.settings_dict["USER"] or "this role"
    return (
        f"{user} may not change this database ({_one_line(error)}). Give the app its database as a resource with "
        "CAN_CONNECT_AND_CREATE. If somebody else migrated first, the schema is theirs: while it is empty let them "
        "drop it, else set LAKEBASE_SCHEMA to a new name."
    )
