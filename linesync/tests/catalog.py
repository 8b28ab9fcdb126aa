"""What a schema holds, as Postgres itself tells it: two databases with one catalog keep the same promises."""

from typing import Any

import psycopg
from psycopg.rows import tuple_row

# Django's and the job queue's own tables come from their packages.
not_ours = "^(django|auth|procrastinate)_"

questions = {
    "columns": """
        SELECT relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity::text,
               pg_get_expr(adbin, adrelid)
        FROM pg_class
        JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = quote_ident(current_schema)::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
          AND relname !~ %(not_ours)s
    """,
    "relations": """
        SELECT relname, relkind::text, reloptions
        FROM pg_class
        WHERE relnamespace = quote_ident(current_schema)::regnamespace AND relname !~ %(not_ours)s
    """,
    # Of NOT NULL the columns tell; Postgres 18 also writes it down here.
    "constraints": """
        SELECT conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(pg_constraint.oid)
        FROM pg_constraint
        WHERE connamespace = quote_ident(current_schema)::regnamespace AND contype <> 'n'
          AND conrelid::regclass::text !~ %(not_ours)s
    """,
    "indexes": """
        SELECT tablename, indexname, indexdef
        FROM pg_indexes
        WHERE schemaname = current_schema AND tablename !~ %(not_ours)s
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(pg_trigger.oid)
        FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = quote_ident(current_schema)::regnamespace AND NOT tgisinternal AND relname !~ %(not_ours)s
    """,
    # With its settings, its volatility and whose rights it has.
    "functions": """
        SELECT proname, pg_get_functiondef(oid)
        FROM pg_proc
        WHERE pronamespace = quote_ident(current_schema)::regnamespace AND prokind = 'f' AND proname !~ %(not_ours)s
    """,
    "views": """
        SELECT viewname, definition
        FROM pg_views
        WHERE schemaname = current_schema AND viewname !~ %(not_ours)s
    """,
    "sequences": """
        SELECT sequencename, data_type::text, start_value, increment_by, max_value, cycle
        FROM pg_sequences
        WHERE schemaname = current_schema AND sequencename !~ %(not_ours)s
    """,
}


def catalog(database: psycopg.Connection[Any]) -> dict[str, list[tuple[Any, ...]]]:
    """Everything of ours in the connection's first schema, whose own name is left out of it."""
    cursor = database.cursor(row_factory=tuple_row)
    (schema, quoted) = cursor.execute("SELECT current_schema, quote_ident(current_schema)").fetchone() or ("", "")

    def plain(told: Any) -> Any:
        return told.replace(f"{quoted}.", "").replace(f"'{schema}'", "'here'") if isinstance(told, str) else told

    return {
        kind: sorted((tuple(map(plain, row)) for row in cursor.execute(question, {"not_ours": not_ours})), key=repr)
        for kind, question in questions.items()
    }
