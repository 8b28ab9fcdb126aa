"""The ledger against a model in plain Python: random histories give the same answers, stock and signals."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.audit import differences
from inventory.bookings import CONSUME, INTAKE, Booking, EventType, Scan
from inventory.models import ScanEvent, Stock
from linesync.testing import at_once, empty_ledger
from signals.models import Item, Signal

reorder_points = {"A": 10, "B": 0, "C": 50}
rules = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], database=None
)

items = st.sampled_from(sorted(reorder_points))
amounts = st.one_of(st.integers(1, 30), st.just(999_999))
directions = st.sampled_from([INTAKE, CONSUME])
lines = st.lists(st.tuples(items, amounts), min_size=1, max_size=6)
steps = st.one_of(
    st.tuples(st.just("scan"), directions, items, amounts),
    st.tuples(st.just("bulk"), directions, lines),
    st.tuples(st.just("again"), st.integers(0, 50)),
    st.tuples(st.just("undo"), st.integers(0, 50)),
    st.tuples(st.just("acknowledge"), items),
)

# On hand right after a scan, and whether it is told of a signal.
Answer = tuple[int, bool]


@dataclass
class Model:
    """What the ledger should hold. `answers`: per booked call its scans and (on hand, told of a signal) of each."""

    on_hand: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    live: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    answers: list[tuple[list[Scan], list[Answer]]] = field(default_factory=list)
    undone: dict[UUID, Answer] = field(default_factory=dict)
    ids: int = 0

    def scan(self, event_type: EventType, item_id: str, qty: int) -> Scan:
        self.ids += 1
        return Scan(event_type, "S", f"ITEM={item_id};QTY={qty}", item_id, qty, None, UUID(int=self.ids))

    def book(self, scans: list[Scan]) -> list[Answer]:
        stood = []
        for scan in scans:
            self.on_hand[scan.item_id] += scan.qty if scan.event_type == INTAKE else -scan.qty
            stood.append(self.on_hand[scan.item_id])
        last = {scan.item_id: place for place, scan in enumerate(scans)}
        signal = {item_id: self.settle(scans[0].event_type, item_id) for item_id in last}
        answer = [
            (stood[place], signal[scan.item_id] and last[scan.item_id] == place) for place, scan in enumerate(scans)
        ]
        self.answers.append((scans, answer))
        return answer

    def settle(self, event_type: EventType, item_id: str) -> bool:
        low = self.on_hand[item_id] <= reorder_points[item_id]
        if event_type == CONSUME and low and item_id not in self.live:
            self.live[item_id] = "OPEN"
            self.told.append((item_id, "OPEN"))
            return True
        if event_type == INTAKE and not low and item_id in self.live:
            del self.live[item_id]
            self.told.append((item_id, "FULFILLED"))
            return True
        return False


def play(model: Model, step: tuple[Any, ...]) -> None:
    kind, *how = step
    if kind == "scan":
        scans = [model.scan(*how)]
        check_answer(ScanEvent.objects.record(scans[0]), model.book(scans)[0], first=True)
    elif kind == "bulk":
        direction, wanted = how
        scans = [model.scan(direction, item_id, qty) for item_id, qty in wanted]
        for booking, expected in zip(ScanEvent.objects.record_all(scans), model.book(scans), strict=True):
            check_answer(booking, expected, first=True)
    elif kind == "acknowledge":
        if model.live.get(how[0]) == "OPEN":
            Signal.objects.acknowledge(Signal.objects.live(item_id=how[0])[0].signal_id, user_email=None)
            model.live[how[0]] = "ACKNOWLEDGED"
            model.told.append((how[0], "ACKNOWLEDGED"))
    elif model.answers:
        scans, answer = model.answers[how[0] % len(model.answers)]
        again(scans, answer) if kind == "again" else undo(model, scans[0])


def again(scans: list[Scan], answer: list[Answer]) -> None:
    bookings = ScanEvent.objects.record_all(scans) if len(scans) > 1 else [ScanEvent.objects.record(scans[0])]
    for booking, expected in zip(bookings, answer, strict=True):
        check_answer(booking, expected, first=False)


def undo(model: Model, scan: Scan) -> None:
    assert scan.event_id
    first = scan.event_id not in model.undone
    booking = ScanEvent.objects.undo(scan.event_id, user_email=None)
    if first:
        opposite = CONSUME if scan.event_type == INTAKE else INTAKE
        (model.undone[scan.event_id],) = model.book([model.scan(opposite, scan.item_id, scan.qty)])
        model.answers.pop()
    check_answer(booking, model.undone[scan.event_id], first=first)


def check_answer(booking: Booking, expected: Answer, *, first: bool) -> None:
    assert (booking.on_hand_qty, booking.signal_id is not None, booking.first) == (*expected, first)


def set_policies() -> None:
    Item.objects.create(item_id="B", reorder_point=0)
    Item.objects.create(item_id="C", reorder_point=50)


@settings(rules, max_examples=60)
@given(st.lists(steps, max_size=30))
def test_any_history_leaves_what_the_model_says(db: None, history: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        set_policies()
        model = Model()
        for step in history:
            play(model, step)
        assert {stock.item_id: stock.on_hand_qty for stock in Stock.objects.all()} == dict(model.on_hand)
        assert {signal.item_id: signal.status for signal in Signal.objects.live()} == model.live
        assert Signal.objects.count() == sum(status == "OPEN" for _, status in model.told)
        assert ScanEvent.objects.count() == model.ids
        assert list(differences(progress=lambda done, of: None)) == []
        transaction.set_rollback(True)


calls = st.lists(st.tuples(directions, lines), min_size=2, max_size=8)


@settings(rules, max_examples=12)
@given(calls)
def test_in_any_order_of_threads_each_event_counts_once(
    ledger: None, wanted: list[tuple[EventType, list[tuple[str, int]]]]
) -> None:
    set_policies()
    model = Model()
    bulks = [[model.scan(direction, *line) for line in lines] for direction, lines in wanted]
    jobs = [lambda scans=scans: ScanEvent.objects.record_all(scans) for scans in bulks for _ in range(2)]
    answers = at_once(jobs)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    for scans in bulks:
        for scan in scans:
            model.on_hand[scan.item_id] += scan.qty if scan.event_type == INTAKE else -scan.qty
    assert {stock.item_id: stock.on_hand_qty for stock in Stock.objects.all()} == dict(model.on_hand)
    assert ScanEvent.objects.count() == model.ids
    # A live signal says that the item is low: whatever lifted it above would have fulfilled it.
    live = [signal.item_id for signal in Signal.objects.live()]
    assert len(live) == len(set(live))
    assert all(model.on_hand[item_id] <= reorder_points[item_id] for item_id in live)
    assert list(differences(progress=lambda done, of: None)) == []
    empty_ledger()
