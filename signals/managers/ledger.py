"""The SQL of the signals' ledger, its heads and its actors: every row that is ever written to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from signals import notices
from signals.managers.stories import StoryManager
from signals.policies import defaults
from signals.stories import ACKNOWLEDGED, FULFILLED, NoSuchSignal, Overtaken, Status, Step


@dataclass(frozen=True, slots=True)
class Settled:
    """How an item stands after its events: pieces on hand, and the signal that this opened or fulfilled (else None)."""

    item_id: str
    on_hand_qty: int
    signal_id: UUID | None
    reorder_qty: int


class SignalManager(StoryManager):
    """The verbs of the signal ledger.

    Two follow the stock: their callers hold the locks of the items' stock rows, since they have just changed them.
    Two are a person's: they take the lock of the signal's head.
    """

    def open_if_low(self, *, causes: Mapping[str, UUID | None], user_email: str | None) -> dict[str, Settled]:
        """Open a signal for each item that its consume left at or below the reorder point while none is live.

        `causes` maps each item to the event that decided. Returns every item, opened or not.
        """
        settled = _settle(
            """
            WITH stock AS (
                SELECT item_id, event_id, on_hand_qty, reorder_point, reorder_qty, is_low
                FROM stock_policy(%(default_reorder_point)s, %(default_reorder_qty)s)
                JOIN unnest(%(item_ids)s::text[], %(event_ids)s::uuid[]) AS cause (item_id, event_id) USING (item_id)
            ), opened AS (
                INSERT INTO replenishment_signals
                    (signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id,
                     status)
                SELECT gen_random_uuid(), clock_timestamp(), item_id,
                       greatest(least(on_hand_qty, 2147483647), -2147483648), reorder_point, reorder_qty, event_id,
                       'OPEN'
                FROM stock
                WHERE is_low
                  AND NOT EXISTS (
                      SELECT FROM signal_heads AS head WHERE head.item_id = stock.item_id AND head.status <> 'FULFILLED'
                  )
                RETURNING id, signal_id, item_id, trigger_event_id
            ), told AS (
                INSERT INTO signal_actors (id, user_email, event_id)
                SELECT id, %(user_email)s, trigger_event_id FROM opened
            )
            SELECT stock.item_id, stock.on_hand_qty, opened.signal_id, stock.reorder_qty
            FROM stock
            LEFT JOIN opened USING (item_id)
            """,
            causes,
            user_email,
        )
        notices.announce([item.signal_id for item in settled.values() if item.signal_id])
        return settled

    def fulfil_if_restocked(self, *, causes: Mapping[str, UUID | None], user_email: str | None) -> dict[str, Settled]:
        """Append FULFILLED to the live signal of each item whose intake lifted it above the reorder point."""
        # `live` waits for a person who is just acknowledging or fulfilling, and then sees what that left. The story's
        # first row is copied, not the newest: the newest may be younger than this statement's snapshot.
        return _settle(
            """
            WITH stock AS (
                SELECT item_id, event_id, on_hand_qty, reorder_point, reorder_qty, is_low
                FROM stock_policy(%(default_reorder_point)s, %(default_reorder_qty)s)
                JOIN unnest(%(item_ids)s::text[], %(event_ids)s::uuid[]) AS cause (item_id, event_id) USING (item_id)
            ), live AS (
                SELECT head.signal_id, head.item_id
                FROM signal_heads AS head
                WHERE head.status <> 'FULFILLED'
                  AND head.item_id IN (SELECT item_id FROM stock WHERE NOT is_low)
                FOR UPDATE
            ), fulfilled AS (
                INSERT INTO replenishment_signals
                    (signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id,
                     status)
                SELECT first.signal_id, clock_timestamp(), first.item_id, first.triggered_at_qty, first.reorder_point,
                       first.reorder_qty, first.trigger_event_id, 'FULFILLED'
                FROM live
                CROSS JOIN LATERAL (
                    SELECT * FROM replenishment_signals AS s WHERE s.signal_id = live.signal_id ORDER BY id LIMIT 1
                ) AS first
                RETURNING id, signal_id, item_id
            ), told AS (
                INSERT INTO signal_actors (id, user_email, event_id)
                SELECT fulfilled.id, %(user_email)s, stock.event_id FROM fulfilled JOIN stock USING (item_id)
            )
            SELECT stock.item_id, stock.on_hand_qty, fulfilled.signal_id, stock.reorder_qty
            FROM stock
            LEFT JOIN fulfilled USING (item_id)
            """,
            causes,
            user_email,
        )

    def acknowledge(self, signal_id: UUID, *, user_email: str | None) -> Step:
        """Append ACKNOWLEDGED to an OPEN signal. The same person again gets the first answer and writes nothing.

        Raises Overtaken when somebody else was first or the signal is FULFILLED, NoSuchSignal when there is none.
        """
        return self._append(signal_id, ACKNOWLEDGED, user_email)

    def mark_fulfilled(self, signal_id: UUID, *, user_email: str | None) -> Step:
        """Append FULFILLED to a live signal by hand, whatever the stock says. Again, and errors: as `acknowledge`."""
        return self._append(signal_id, FULFILLED, user_email)

    def version(self) -> str:
        """Changes with every step of a live signal. A sum over all of them: no order of commits can hide one."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), sum(hashint4(id)) FROM signal_heads WHERE status <> 'FULFILLED'")
            live, steps = cursor.fetchone() or (0, 0)
        return f"{live}-{steps or 0}"

    def differences(self) -> Iterator[str]:
        """A sentence for each signal whose kept state is not its newest row, and each item with two live signals."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH newest AS (
                    SELECT DISTINCT ON (signal_id) signal_id, id, item_id, status
                    FROM replenishment_signals
                    ORDER BY signal_id, id DESC
                ), opening AS (
                    SELECT DISTINCT ON (signal_id) signal_id, created_ts AS opened_ts, reorder_point
                    FROM replenishment_signals
                    ORDER BY signal_id, id
                ), told AS (
                    SELECT signal_id, item_id,
                           format('%s by row %s, opened %s at %s', status, id, opened_ts, reorder_point) AS words
                    FROM newest
                    JOIN opening USING (signal_id)
                ), kept AS (
                    SELECT signal_id, item_id,
                           format('%s by row %s, opened %s at %s', status, id, opened_ts, reorder_point) AS words
                    FROM signal_heads
                )
                SELECT coalesce(told.item_id, kept.item_id), signal_id,
                       coalesce(told.words, 'nothing'), coalesce(kept.words, 'nothing')
                FROM told
                FULL JOIN kept USING (signal_id)
                WHERE (told.item_id, told.words) IS DISTINCT FROM (kept.item_id, kept.words)
                ORDER BY 1, 2
                """
            )
            for item_id, signal_id, told, kept in cursor.fetchall():
                yield f"{item_id}: signal {signal_id} is {told}; signal_heads says {kept}."
            cursor.execute(
                """
                SELECT item_id, count(*)
                FROM (
                    SELECT DISTINCT ON (signal_id) item_id, status
                    FROM replenishment_signals
                    ORDER BY signal_id, id DESC
                ) AS newest
                WHERE status <> 'FULFILLED'
                GROUP BY item_id
                HAVING count(*) > 1
                ORDER BY item_id
                """
            )
            yield from (f"{item_id}: {live} signals are live, one may be." for item_id, live in cursor.fetchall())

    @transaction.atomic
    def _append(self, signal_id: UUID, status: Status, user_email: str | None) -> Step:
        before = self._locked_head(signal_id)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH appended AS (
                    INSERT INTO replenishment_signals
                        (signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty,
                         trigger_event_id, status)
                    SELECT signal_id, greatest(clock_timestamp(), created_ts + interval '1 microsecond'), item_id,
                           triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, %(status)s
                    FROM replenishment_signals
                    WHERE id = %(id)s
                      AND (status = 'OPEN' OR (status = 'ACKNOWLEDGED' AND %(status)s = 'FULFILLED'))
                    RETURNING id
                )
                INSERT INTO signal_actors (id, user_email)
                SELECT id, %(user_email)s FROM appended
                """,
                {"id": before, "status": status, "user_email": user_email},
            )
            appended = cursor.rowcount
        now = self.history(signal_id)[-1]
        if not appended and not (user_email and (now.status, now.user_email) == (status, user_email)):
            raise Overtaken(now)
        return now

    def _locked_head(self, signal_id: UUID) -> int:
        # A statement of its own: what is read next needs a snapshot taken after the lock is ours.
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM signal_heads WHERE signal_id = %s FOR UPDATE", [signal_id])
            found = cursor.fetchone()
        if not found:
            raise NoSuchSignal(signal_id)
        return int(found[0])


def _settle(sql: str, causes: Mapping[str, UUID | None], user_email: str | None) -> dict[str, Settled]:
    parameters: dict[str, Any] = {
        "item_ids": list(causes),
        "event_ids": list(causes.values()),
        "user_email": user_email,
        **defaults(),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {row[0]: Settled(*row) for row in cursor.fetchall()}
