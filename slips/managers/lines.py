"""The SQL of the draft lines. This table's name stands nowhere else in Python but in the models."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import connection, models

from linesync.ground.rows import rows
from slips.values import AddedBefore, ChangedMeanwhile, Edit, Line, SavedBefore


class LineManager(models.Manager[Any]):
    """What people do to lines. Every verb is called inside `Slip.objects.changing`, which locks the slip."""

    def draft(self, slip_id: UUID) -> list[Any]:
        """The lines that count, in the order of the paper."""
        return list(self.filter(slip_id=slip_id, removed_at=None))

    def replace_draft(self, slip_id: UUID, lines: Sequence[Line]) -> None:
        """The lines as they were read; those of an earlier, unfinished reading go."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM slip_lines WHERE slip_id = %s", [slip_id])
            cursor.executemany(
                """
                INSERT INTO slip_lines (line_id, slip_id, position, item_id, qty, description, read_item_id, read_qty,
                                        confidence, evidence, page, box)
                VALUES (%(line_id)s, %(slip_id)s, %(position)s, %(item_id)s, %(qty)s, %(description)s, %(item_id)s,
                        %(qty)s, %(confidence)s, %(evidence)s, %(page)s, %(box)s)
                """,
                [
                    asdict(line)
                    | {"slip_id": slip_id, "position": place, "line_id": uuid5(slip_id, f"read {place}")}
                    | {"box": list(line.box) if line.box else None}
                    for place, line in enumerate(lines, start=1)
                ],
            )

    def change(self, line_id: UUID, edit: Edit, *, version: int, by: str | None) -> None:
        """Save what a person made of a line; unless they checked it too, it counts as unchecked again.

        Where the line has changed since, and says just this, there is nothing to quarrel about: raises SavedBefore,
        unless a check is still to be added.
        """
        if same := self._saying(line_id, edit, version=version):
            if same.checked_at or not edit.check:
                raise SavedBefore
            version = same.version
        self._change(
            """
            UPDATE slip_lines
            SET item_id = %(item_id)s, qty = %(qty)s, description = %(description)s, found_qty = %(found_qty)s,
                checked_by = CASE WHEN %(check)s THEN coalesce(%(by)s, 'unknown') END,
                checked_at = CASE WHEN %(check)s THEN clock_timestamp() END,
                version = version + 1, changed_by = %(by)s, changed_at = clock_timestamp()
            WHERE line_id = %(line_id)s AND version = %(version)s AND removed_at IS NULL
            """,
            line_id,
            version=version,
            by=by,
            **asdict(edit),
        )

    def _saying(self, line_id: UUID, edit: Edit, *, version: int) -> Any | None:
        """The line in a later version that says what this edit says; None where there is none."""
        same = self.filter(line_id=line_id, removed_at=None, version__gt=version)
        same = same.filter(item_id=edit.item_id, qty=edit.qty, description=edit.description, found_qty=edit.found_qty)
        return same.first()

    def remove(self, line_id: UUID, *, version: int, by: str | None) -> None:
        """Take a line out; it can be put back. Raises SavedBefore where it is out already."""
        if self.filter(line_id=line_id, removed_at__isnull=False, version__gt=version).exists():
            raise SavedBefore
        self._change(
            """
            UPDATE slip_lines
            SET removed_at = clock_timestamp(), removed_by = %(by)s, version = version + 1, changed_by = %(by)s,
                changed_at = clock_timestamp()
            WHERE line_id = %(line_id)s AND version = %(version)s AND removed_at IS NULL
            """,
            line_id,
            version=version,
            by=by,
        )

    def put_back(self, line_id: UUID, *, version: int, by: str | None) -> None:
        """Undo `remove`; the line has to be checked again. Raises SavedBefore where it is back already."""
        if self.filter(line_id=line_id, removed_at=None, version__gt=version).exists():
            raise SavedBefore
        self._change(
            """
            UPDATE slip_lines
            SET removed_at = NULL, removed_by = NULL, checked_by = NULL, checked_at = NULL, version = version + 1,
                changed_by = %(by)s, changed_at = clock_timestamp()
            WHERE line_id = %(line_id)s AND version = %(version)s AND removed_at IS NOT NULL
            """,
            line_id,
            version=version,
            by=by,
        )

    def add(self, slip_id: UUID, edit: Edit, *, line_id: UUID, by: str | None) -> None:
        """A line that the reader did not see, at the end. The page names it, so that a repeat adds nothing.

        Raises AddedBefore where the line is there already.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO slip_lines (line_id, slip_id, position, item_id, qty, description, found_qty,
                                        checked_by, checked_at, changed_by)
                SELECT %(line_id)s, %(slip_id)s, coalesce(max(position), 0) + 1, %(item_id)s, %(qty)s, %(description)s,
                       %(found_qty)s, CASE WHEN %(check)s THEN coalesce(%(by)s, 'unknown') END,
                       CASE WHEN %(check)s THEN clock_timestamp() END, %(by)s
                FROM slip_lines WHERE slip_id = %(slip_id)s
                ON CONFLICT (line_id) DO NOTHING
                """,
                {"line_id": line_id, "slip_id": slip_id, "by": by, **asdict(edit)},
            )
            if cursor.rowcount:
                return
        same = self.filter(line_id=line_id, slip_id=slip_id, item_id=edit.item_id, qty=edit.qty)
        raise AddedBefore(is_same=same.exists())

    def split(self, line_id: UUID, *, version: int, by: str | None) -> UUID:
        """A second line right below, of the same item and place on the paper, whose quantity a person still says."""
        new_id = uuid4()
        self._change(
            """
            WITH line AS (
                UPDATE slip_lines
                SET version = version + 1, checked_by = NULL, checked_at = NULL, changed_by = %(by)s,
                    changed_at = clock_timestamp()
                WHERE line_id = %(line_id)s AND version = %(version)s AND removed_at IS NULL
                RETURNING *
            )
            INSERT INTO slip_lines (line_id, slip_id, position, item_id, qty, description, page, box, changed_by)
            SELECT %(new_id)s, slip_id,
                   (position + coalesce((SELECT min(next.position) FROM slip_lines AS next
                                         WHERE next.slip_id = line.slip_id AND next.position > line.position),
                                        position + 1)) / 2,
                   item_id, NULL, description, page, box, %(by)s
            FROM line
            """,
            line_id,
            version=version,
            by=by,
            new_id=new_id,
        )
        return new_id

    def check_all(self, slip_id: UUID, *, by: str | None) -> None:
        """One deliberate act: every line that nobody checked yet is as the paper says."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE slip_lines
                SET checked_by = coalesce(%(by)s, 'unknown'), checked_at = clock_timestamp(), version = version + 1,
                    changed_by = %(by)s, changed_at = clock_timestamp()
                WHERE slip_id = %(slip_id)s AND removed_at IS NULL AND checked_at IS NULL
                """,
                {"slip_id": slip_id, "by": by},
            )

    def _change(self, sql: str, line_id: UUID, *, version: int, by: str | None, **values: Any) -> None:
        """Raises ChangedMeanwhile, with who did it, where the line is not as this person saw it."""
        with connection.cursor() as cursor:
            cursor.execute(sql, {"line_id": line_id, "version": version, "by": by, **values})
            if cursor.rowcount:
                return
            cursor.execute("SELECT changed_by, changed_at FROM slip_lines WHERE line_id = %s", [line_id])
            last = rows(cursor)
        raise ChangedMeanwhile("this line", **{"by": None, "at": None} | _who(last))


def _who(last: list[dict[str, Any]]) -> dict[str, Any]:
    return {"by": last[0]["changed_by"], "at": last[0]["changed_at"]} if last else {}
