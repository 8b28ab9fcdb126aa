"""The SQL of slips, their files and pages. These tables' names stand nowhere else in Python but in the models."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from linesync.ground.rows import Row, rows
from slips.values import ChangedMeanwhile, Head, NotInReview, SavedBefore, StoredFile

found_max = 50


class SlipManager(models.Manager[Any]):
    """A slip's way: reading → review → received, or failed, or discarded."""

    def begin(
        self, slip_id: UUID, files: Sequence[StoredFile], *, uploaded_by: str | None, again_reason: str | None = None
    ) -> None:
        """A new slip of these files, to be read. `again_reason`: why files that were sent before are sent again."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO slips (slip_id, uploaded_by, again_reason, changed_by)
                VALUES (%(slip_id)s, %(uploaded_by)s, %(again_reason)s, %(uploaded_by)s)
                """,
                {"slip_id": slip_id, "uploaded_by": uploaded_by, "again_reason": again_reason},
            )
            cursor.execute(
                """
                INSERT INTO slip_files (slip_id, position, name, bytes, digest, stored_name)
                SELECT %(slip_id)s, file.position - 1, file.name, file.bytes, file.digest, file.stored_name
                FROM unnest(%(names)s::text[], %(sizes)s::int[], %(digests)s::text[], %(stored_names)s::text[])
                    WITH ORDINALITY AS file (name, bytes, digest, stored_name, position)
                """,
                {
                    "slip_id": slip_id,
                    "names": [file.name for file in files],
                    "sizes": [file.bytes for file in files],
                    "digests": [file.digest for file in files],
                    "stored_names": [file.stored_name for file in files],
                },
            )

    def sent_before(self, digests: Sequence[str]) -> Row | None:
        """The newest slip, neither discarded nor failed, that one of these files belongs to; None if there is none."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT slip.slip_id, slip.state, slip.uploaded_by, slip.uploaded_at, file.name
                FROM slip_files AS file
                JOIN slips AS slip USING (slip_id)
                WHERE file.digest = ANY(%(digests)s) AND slip.state IN ('reading', 'review', 'received')
                ORDER BY slip.uploaded_at DESC
                LIMIT 1
                """,
                {"digests": list(digests)},
            )
            found = rows(cursor)
        return found[0] if found else None

    def set_job(self, slip_id: UUID, job_id: int) -> None:
        """Which queued job works on it."""
        self._execute("UPDATE slips SET job_id = %(job_id)s WHERE slip_id = %(slip_id)s", slip_id, job_id=job_id)

    def add_page(
        self, slip_id: UUID, number: int, *, stored_name: str, width: int, height: int, turns: int = 0
    ) -> None:
        """One page's picture, in pixels. The same page again replaces the first."""
        self._execute(
            """
            INSERT INTO slip_pages (slip_id, number, stored_name, width, height, turns)
            VALUES (%(slip_id)s, %(number)s, %(stored_name)s, %(width)s, %(height)s, %(turns)s)
            ON CONFLICT (slip_id, number) DO UPDATE
            SET stored_name = excluded.stored_name, width = excluded.width, height = excluded.height,
                turns = excluded.turns
            """,
            slip_id,
            number=number,
            stored_name=stored_name,
            width=width,
            height=height,
            turns=turns,
        )

    def report(self, slip_id: UUID, *, pages_total: int, pages_read: int) -> bool:
        """How far the reading is. False when nobody wants it any more (discarded)."""
        return self._execute(
            """
            UPDATE slips SET pages_total = %(pages_total)s, pages_read = %(pages_read)s
            WHERE slip_id = %(slip_id)s AND state = 'reading'
            """,
            slip_id,
            pages_total=pages_total,
            pages_read=pages_read,
        )

    def open_review(self, slip_id: UUID, head: Head, *, problem: str = "") -> bool:
        """Reading is over: hand it to a person. False when the slip was not being read any more."""
        return self._execute(
            """
            UPDATE slips
            SET state = 'review', problem = %(problem)s, pages_read = pages_total,
                vendor = %(vendor)s, po_number = %(po_number)s, slip_number = %(slip_number)s,
                ship_date = %(ship_date)s, printed_lines = %(printed_lines)s, printed_pieces = %(printed_pieces)s,
                notes = %(notes)s
            WHERE slip_id = %(slip_id)s AND state = 'reading'
            """,
            slip_id,
            problem=problem,
            **asdict(head),
        )

    def fail(self, slip_id: UUID, sentence: str) -> bool:
        """It cannot be read, and why. False when it was not being read any more."""
        return self._execute(
            "UPDATE slips SET state = 'failed', problem = %(problem)s "
            "WHERE slip_id = %(slip_id)s AND state = 'reading'",
            slip_id,
            problem=sentence,
        )

    def discard(self, slip_id: UUID, *, by: str | None) -> int | None:
        """Put it aside. Returns the job that may still work on it. Raises NotInReview when it was received."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE slips
                SET state = 'discarded', changed_by = %(by)s, changed_at = clock_timestamp(), revision = revision + 1
                WHERE slip_id = %(slip_id)s AND state <> 'received'
                RETURNING job_id
                """,
                {"slip_id": slip_id, "by": by},
            )
            found = cursor.fetchone()
        if not found:
            raise NotInReview("This slip was received already; it cannot be discarded.")
        return int(found[0]) if found[0] is not None else None

    @contextmanager
    def changing(self, slip_id: UUID, *, by: str | None) -> Iterator[None]:
        """A transaction that changes the slip or its lines, one person at a time. Raises NotInReview."""
        with transaction.atomic():
            open_for_review = self._execute(
                """
                UPDATE slips SET revision = revision + 1, changed_by = %(by)s, changed_at = clock_timestamp()
                WHERE slip_id = %(slip_id)s AND state = 'review'
                """,
                slip_id,
                by=by,
            )
            if not open_for_review:
                raise NotInReview("This slip is not open for review any more. Reload the page to see how it stands.")
            yield

    def correct(self, slip_id: UUID, head: Head, *, head_version: int, by: str | None) -> None:
        """Set what stands around the lines (not the printed totals).

        Raises ChangedMeanwhile, NotInReview, SavedBefore.
        """
        with self.changing(slip_id, by=by):
            saved = self._execute(
                """
                UPDATE slips
                SET vendor = %(vendor)s, po_number = %(po_number)s, slip_number = %(slip_number)s,
                    ship_date = %(ship_date)s, head_version = head_version + 1
                WHERE slip_id = %(slip_id)s AND head_version = %(head_version)s
                """,
                slip_id,
                head_version=head_version,
                **asdict(head),
            )
            if not saved:
                # A later version that says the same is a repeat of a request whose answer was lost.
                says = {name: getattr(head, name) for name in ("vendor", "po_number", "slip_number", "ship_date")}
                if self.filter(slip_id=slip_id, head_version__gt=head_version, **says).exists():
                    raise SavedBefore
                raise ChangedMeanwhile("vendor and numbers", None, None)

    def locked(self, slip_id: UUID) -> Row:
        """The slip's row, locked until the transaction ends. Raises NotInReview when there is no such slip."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT slip_id, state, revision, changed_by, changed_at, vendor, po_number, slip_number,
                       ARRAY(SELECT digest FROM slip_files AS file WHERE file.slip_id = slip.slip_id
                             ORDER BY position) AS digests
                FROM slips AS slip
                WHERE slip_id = %(slip_id)s
                FOR UPDATE
                """,
                {"slip_id": slip_id},
            )
            found = rows(cursor)
        if not found:
            raise NotInReview("There is no such slip.")
        return found[0]

    def close(self, slip_id: UUID, *, by: str | None) -> None:
        """Received."""
        self._execute(
            """
            UPDATE slips
            SET state = 'received', revision = revision + 1, changed_by = %(by)s, changed_at = clock_timestamp()
            WHERE slip_id = %(slip_id)s
            """,
            slip_id,
            by=by,
        )

    def found(self, *, words: str = "", state: str = "", before: datetime | None = None) -> list[Row]:
        """At most `found_max` slips, newest first, whose vendor, numbers, person, file or an item contain the words."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT slip.slip_id, slip.state, slip.uploaded_by, slip.uploaded_at, slip.vendor, slip.po_number,
                       slip.slip_number, slip.problem, slip.pages_total, slip.changed_by, slip.changed_at,
                       coalesce((SELECT length.lines FROM slip_lengths AS length
                                 WHERE length.slip_id = slip.slip_id), 0) AS lines
                FROM slips AS slip
                WHERE (%(state)s = '' OR slip.state = %(state)s)
                  AND (%(before)s::timestamptz IS NULL OR slip.uploaded_at < %(before)s)
                  AND (%(words)s = ''
                       OR concat_ws(' ', slip.vendor, slip.po_number, slip.slip_number, slip.uploaded_by,
                                    slip.changed_by) ILIKE %(pattern)s
                       OR EXISTS (SELECT FROM slip_words AS word
                                  WHERE word.slip_id = slip.slip_id AND word.word ILIKE %(pattern)s))
                ORDER BY slip.uploaded_at DESC
                LIMIT %(limit)s
                """,
                {
                    "words": words,
                    "pattern": f"%{escaped(words)}%",
                    "state": state,
                    "before": before,
                    "limit": found_max,
                },
            )
            return rows(cursor)

    def counted(self) -> dict[str, int]:
        """How many slips are in each state that has any."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT state, count(*) FROM slips GROUP BY state")
            return dict(cursor.fetchall())

    def old(self, *, days: int, limit: int) -> list[UUID]:
        """Slips that were finished more than so many days ago and whose files are still kept."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT slip_id FROM slips
                WHERE state IN ('received', 'discarded', 'failed') AND forgotten_at IS NULL
                  AND changed_at < clock_timestamp() - make_interval(days => %(days)s)
                ORDER BY changed_at
                LIMIT %(limit)s
                """,
                {"days": days, "limit": limit},
            )
            return [row[0] for row in cursor.fetchall()]

    def forget(self, slip_id: UUID) -> list[str]:
        """Drop the pages' and files' names (the rows of the slip, its lines and its receipt stay).

        Returns the names in the storage; the caller deletes what they name.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                WITH pages AS (
                    DELETE FROM slip_pages WHERE slip_id = %(slip_id)s RETURNING stored_name
                ), forgotten AS (
                    UPDATE slips SET forgotten_at = clock_timestamp() WHERE slip_id = %(slip_id)s
                )
                SELECT stored_name FROM pages
                UNION ALL
                SELECT stored_name FROM slip_files WHERE slip_id = %(slip_id)s
                """,
                {"slip_id": slip_id},
            )
            return [row[0] for row in cursor.fetchall()]

    def _execute(self, sql: str, slip_id: UUID, **values: Any) -> bool:
        """Whether a row was changed."""
        with connection.cursor() as cursor:
            cursor.execute(sql, {"slip_id": slip_id, **values})
            return bool(cursor.rowcount)


def escaped(words: str) -> str:
    """The words as LIKE takes them literally."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
