"""The SQL of the API's kept answers: `api_answers`. This name stands nowhere else in Python."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, models

answers_kept_hours = 7 * 24
answers_forgotten_per_keep_max = 2


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The status and JSON text of a first answer, and the request that it answered, as a SHA-256."""

    fingerprint: bytes
    status: int
    body: str


class ApiAnswerManager(models.Manager[Any]):
    """First answers by person and key. `person_email` "": a laptop's nobody."""

    def claim(self, *, person_email: str, key: str, fingerprint: bytes) -> KeptAnswer | None:
        """Take the key for this transaction and return None, or return what was answered to it before.

        While another request with this key is at work, this waits until that one has committed or given up.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO api_answers (person_email, idempotency_key, fingerprint)
                VALUES (%(person_email)s, %(key)s, %(fingerprint)s)
                ON CONFLICT DO NOTHING
                """,
                {"person_email": person_email, "key": key, "fingerprint": fingerprint},
            )
            if cursor.rowcount:
                return None
        # Forgotten between the two statements: the key is free again.
        return self.first_answer(person_email=person_email, key=key) or self.claim(
            person_email=person_email, key=key, fingerprint=fingerprint
        )

    def first_answer(self, *, person_email: str, key: str) -> KeptAnswer | None:
        """What was answered to this key before; None when nothing was."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT fingerprint, status, body
                FROM api_answers
                WHERE person_email = %(person_email)s AND idempotency_key = %(key)s
                """,
                {"person_email": person_email, "key": key},
            )
            found = cursor.fetchone()
        return KeptAnswer(bytes(found[0]), found[1], found[2]) if found else None

    def keep(self, *, person_email: str, key: str, status: int, body: str) -> None:
        """Write the answer down beside its claim. Every new answer lets two that are too old go."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH forgotten AS (
                    DELETE FROM api_answers
                    WHERE (person_email, idempotency_key) IN (
                        SELECT person_email, idempotency_key
                        FROM api_answers
                        WHERE answered_ts < now() - make_interval(hours => %(kept_hours)s)
                        ORDER BY answered_ts
                        LIMIT %(forgotten_max)s
                        FOR UPDATE SKIP LOCKED
                    )
                )
                UPDATE api_answers
                SET status = %(status)s, body = %(body)s
                WHERE person_email = %(person_email)s AND idempotency_key = %(key)s
                """,
                {
                    "person_email": person_email,
                    "key": key,
                    "status": status,
                    "body": body,
                    "kept_hours": answers_kept_hours,
                    "forgotten_max": answers_forgotten_per_keep_max,
                },
            )

    def forget_old(self) -> int:
        """Delete every answer older than `answers_kept_hours`; returns how many."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM api_answers WHERE answered_ts < now() - make_interval(hours => %(hours)s)",
                {"hours": answers_kept_hours},
            )
            return int(cursor.rowcount)
