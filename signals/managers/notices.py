"""The SQL of the notices: what is still to be told to the outside, and the proof that it was."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models


class NoticeManager(models.Manager[Any]):
    """One row per announced signal; `delivered_ts` decides that nothing more is sent."""

    def queue(self, signal_ids: Sequence[UUID]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO signal_notices (signal_id)
                SELECT * FROM unnest(%(signal_ids)s::uuid[])
                ON CONFLICT (signal_id) DO NOTHING
                """,
                {"signal_ids": list(signal_ids)},
            )

    def take(self, signal_id: UUID) -> bool:
        """Lock the notice until the transaction ends. False: it is delivered, another worker has it, or it is not."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT FROM signal_notices
                WHERE signal_id = %(signal_id)s
                  AND delivered_ts IS NULL
                FOR UPDATE SKIP LOCKED
                """,
                {"signal_id": signal_id},
            )
            return bool(cursor.rowcount == 1)

    def note(self, signal_id: UUID, *, problem: str | None) -> None:
        """Keep how an attempt went. None: the other side took it, and that was the last call for this signal."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE signal_notices
                SET attempts = attempts + 1,
                    attempted_ts = clock_timestamp(),
                    problem = %(problem)s,
                    delivered_ts = CASE WHEN %(problem)s::text IS NULL THEN clock_timestamp() END
                WHERE signal_id = %(signal_id)s
                """,
                {"signal_id": signal_id, "problem": problem},
            )
