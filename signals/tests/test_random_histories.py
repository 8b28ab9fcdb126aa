"""Any history of a dock against a plain-Python model of the rules."""

import contextlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signals.models import Item, Signal
from signals.stories import Overtaken
from signals.tests.dock import consume, dana, sam, statuses, take_in

item_ids = st.sampled_from(["A", "B"])
pieces = st.integers(1, 15)
acts = st.one_of(
    st.tuples(st.just("take_in"), item_ids, pieces),
    st.tuples(st.just("consume"), item_ids, pieces),
    st.tuples(st.just("acknowledge"), item_ids, st.sampled_from([dana, sam])),
    st.tuples(st.just("mark_fulfilled"), item_ids, st.sampled_from([dana, sam])),
    st.tuples(st.just("reorder_point"), item_ids, st.sampled_from([0, 5, 10, 20])),
)


@dataclass
class Plain:
    """The rules as one would tell them, for one item. `stories` maps each signal, in order of opening, to its steps."""

    on_hand: int = 0
    reorder_point: int = 10
    stories: list[list[str]] = field(default_factory=list)

    @property
    def live(self) -> list[str] | None:
        return self.stories[-1] if self.stories and self.stories[-1][-1] != "FULFILLED" else None

    def take_in(self, qty: int) -> None:
        self.on_hand += qty
        if self.live and self.on_hand > self.reorder_point:
            self.live.append("FULFILLED")

    def consume(self, qty: int) -> None:
        self.on_hand -= qty
        if not self.live and self.on_hand <= self.reorder_point:
            self.stories.append(["OPEN"])

    def acknowledge(self, _: str) -> None:
        if self.live and self.live[-1] == "OPEN":
            self.live.append("ACKNOWLEDGED")

    def mark_fulfilled(self, _: str) -> None:
        if self.live:
            self.live.append("FULFILLED")

    def set_reorder_point(self, pieces: int) -> None:
        self.reorder_point = pieces


class Book:
    """The same verbs on the real tables."""

    def __init__(self) -> None:
        self.signal_ids: dict[str, list[UUID]] = {"A": [], "B": []}

    def do(self, verb: str, item_id: str, value: Any) -> None:
        if verb in ("take_in", "consume"):
            booking = {"take_in": take_in, "consume": consume}[verb](value, item_id)
            if verb == "consume" and booking.signal_id:
                self.signal_ids[item_id].append(booking.signal_id)
        elif verb == "reorder_point":
            Item.objects.update_or_create(item_id=item_id, defaults={"reorder_point": value})
        elif self.signal_ids[item_id]:
            with contextlib.suppress(Overtaken):
                getattr(Signal.objects, verb)(self.signal_ids[item_id][-1], user_email=value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(acts, max_size=25))
def test_the_tables_tell_what_a_plain_model_tells(db: None, history: list[tuple[str, str, Any]]) -> None:
    plain, book = {"A": Plain(), "B": Plain()}, Book()
    with transaction.atomic():
        for verb, item_id, value in history:
            getattr(plain[item_id], "set_reorder_point" if verb == "reorder_point" else verb)(value)
            book.do(verb, item_id, value)
        for item_id, rules in plain.items():
            assert [statuses(signal_id) for signal_id in book.signal_ids[item_id]] == rules.stories
            live = Signal.objects.live(item_id=item_id)
            assert [signal.status for signal in live] == ([rules.live[-1]] if rules.live else [])
            assert all(signal.current_qty == rules.on_hand for signal in live)
        transaction.set_rollback(True)
