"""A signal's life: opened and fulfilled by the stock, acknowledged and fulfilled by people, each step once."""

import threading
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from inventory.bookings import Booking
from linesync.testing import at_once
from signals.models import Item, Signal
from signals.stories import NoSuchSignal, Overtaken
from signals.tests.dock import consume, dana, run_low, sam, statuses, take_in


def test_an_acknowledged_signal_tells_who_and_when(db: None) -> None:
    signal_id = run_low()
    step = Signal.objects.acknowledge(signal_id, user_email=sam)
    assert (step.status, step.user_email, step.event_id) == ("ACKNOWLEDGED", sam, None)
    assert statuses(signal_id) == ["OPEN", "ACKNOWLEDGED"]


def test_the_same_person_again_gets_the_first_answer_and_writes_nothing(db: None) -> None:
    signal_id = run_low()
    first = Signal.objects.acknowledge(signal_id, user_email=sam)
    assert Signal.objects.acknowledge(signal_id, user_email=sam) == first


@pytest.mark.parametrize("nobody", [dana, None])
def test_who_comes_second_is_told_who_won_and_when(db: None, nobody: str | None) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    with pytest.raises(Overtaken, match=r"^Acknowledged already, by sam, (\w{3} \d+, )?\d\d:\d\d\.$"):
        Signal.objects.acknowledge(signal_id, user_email=nobody)
    assert statuses(signal_id) == ["OPEN", "ACKNOWLEDGED"]


def test_nothing_follows_fulfilled(db: None) -> None:
    signal_id = run_low()
    Signal.objects.mark_fulfilled(signal_id, user_email=sam)
    for verb in (Signal.objects.acknowledge, Signal.objects.mark_fulfilled):
        with pytest.raises(Overtaken, match="Fulfilled already, by sam"):
            verb(signal_id, user_email=dana)


def test_a_person_overtaken_by_the_stock_is_told_of_the_intake(db: None) -> None:
    signal_id = run_low()
    take_in(24, by=sam)
    with pytest.raises(Overtaken, match="Fulfilled by an intake at DOCK-1 already, by sam"):
        Signal.objects.acknowledge(signal_id, user_email=dana)


def test_an_unknown_signal_is_named_so(db: None) -> None:
    with pytest.raises(NoSuchSignal):
        Signal.objects.acknowledge(uuid4(), user_email=sam)


@pytest.mark.parametrize("status", ["OPEN", "ACKNOWLEDGED"])
def test_the_database_refuses_a_step_back(db: None, status: str) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO replenishment_signals (signal_id, item_id, triggered_at_qty, status)
            VALUES (%s, 'PART-1', 1, %s)
            """,
            [signal_id, status],
        )


@pytest.mark.parametrize("acknowledged", [False, True])
def test_the_database_refuses_a_second_live_signal_of_an_item_whoever_writes_it(db: None, acknowledged: bool) -> None:
    signal_id = run_low()
    if acknowledged:
        Signal.objects.acknowledge(signal_id, user_email=sam)
    with pytest.raises(IntegrityError, match="one_live_per_item"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO replenishment_signals (signal_id, item_id, triggered_at_qty)
            VALUES (gen_random_uuid(), 'PART-1', 8)
            """
        )
    assert [signal.signal_id for signal in Signal.objects.live()] == [signal_id]


def test_the_database_refuses_a_row_older_than_the_storys_newest(db: None) -> None:
    """Two writers who take their ids in one order and write in the other, or an id chosen by hand."""
    signal_id = run_low()
    (opened,) = Signal.objects.history(signal_id)
    with pytest.raises(DatabaseError, match="is older"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO replenishment_signals (id, signal_id, item_id, triggered_at_qty, status)
            VALUES (%s, %s, 'PART-1', 8, 'FULFILLED')
            """,
            [opened.id - 1_000_000, signal_id],
        )
    assert statuses(signal_id) == ["OPEN"]
    assert Signal.objects.get(signal_id=signal_id).status == "OPEN"


@pytest.mark.parametrize("moment", ["infinity", "-infinity", "0001-01-01 00:00Z"])
def test_a_beginning_that_no_page_could_show_is_refused(db: None, moment: str) -> None:
    with pytest.raises(DatabaseError, match="is_a_date"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO replenishment_signals (signal_id, created_ts, item_id, triggered_at_qty)
            VALUES (gen_random_uuid(), %s, 'PART-1', 8)
            """,
            [moment],
        )


def test_a_consume_after_the_acknowledgement_opens_no_second_signal(db: None) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    assert consume(1).signal_id is None
    assert Signal.objects.count() == 1


def test_an_intake_after_the_acknowledgement_fulfils(db: None) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    assert take_in(24).signal_id == signal_id
    assert statuses(signal_id) == ["OPEN", "ACKNOWLEDGED", "FULFILLED"]


def test_a_second_dip_the_same_hour_is_a_new_signal(db: None) -> None:
    first = run_low()
    take_in(24)
    second = consume(24).signal_id
    assert second not in (None, first)
    assert [signal.signal_id for signal in Signal.objects.live()] == [second]


def test_the_reorder_point_itself_is_low_and_one_more_is_not(db: None) -> None:
    take_in(12)
    assert consume(1).signal_id is None
    assert consume(1).signal_id is not None
    assert take_in(1).on_hand_qty == 11
    assert Signal.objects.get().status == "FULFILLED"


def test_an_intake_to_the_reorder_point_itself_does_not_fulfil(db: None) -> None:
    run_low()
    assert take_in(2).signal_id is None
    assert Signal.objects.get().status == "OPEN"


def test_threshold_zero_means_out_of_stock(db: None) -> None:
    Item.objects.create(item_id="PART-1", reorder_point=0)
    take_in(2)
    assert consume(1).signal_id is None
    assert consume(1).signal_id is not None
    assert take_in(1).signal_id is not None


def test_a_lowered_reorder_point_decides_at_the_next_intake_and_rewrites_nothing(db: None) -> None:
    signal_id = run_low()
    Item.objects.create(item_id="PART-1", reorder_point=5)
    assert Signal.objects.get().status == "OPEN"
    assert take_in(1).signal_id == signal_id
    assert [step.reorder_point for step in Signal.objects.history(signal_id)] == [10, 10]


def test_a_raised_reorder_point_keeps_the_live_signal_and_decides_at_the_next_intake(db: None) -> None:
    run_low()
    Item.objects.create(item_id="PART-1", reorder_point=50)
    assert take_in(30).signal_id is None
    assert consume(1).signal_id is None
    assert take_in(14).signal_id is not None


def test_a_raised_reorder_point_opens_at_the_next_consume_not_before(db: None) -> None:
    take_in(30)
    Item.objects.create(item_id="PART-1", reorder_point=50, reorder_qty=100)
    assert Signal.objects.live() == []
    assert consume(1).signal_id is not None
    assert Signal.objects.live()[0].reorder_qty == 100


def test_fulfilled_by_hand_while_low_the_next_consume_opens_a_new_signal(db: None) -> None:
    first = run_low()
    Signal.objects.mark_fulfilled(first, user_email=sam)
    assert Signal.objects.live() == []
    second = consume(1).signal_id
    assert second not in (None, first)


def test_fulfilled_by_hand_while_low_an_intake_opens_and_fulfils_nothing(db: None) -> None:
    Signal.objects.mark_fulfilled(run_low(), user_email=sam)
    assert take_in(1).signal_id is None
    assert take_in(24).signal_id is None
    assert Signal.objects.count() == 1


def test_the_times_of_a_story_grow_with_its_rows_even_in_one_transaction(db: None) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    take_in(24)
    times = [step.created_ts for step in Signal.objects.history(signal_id)]
    assert times == sorted(set(times))


def test_twenty_people_acknowledge_at_once_and_one_wins(ledger: None) -> None:
    signal_id = run_low()
    people = [f"p{n}@example.com" for n in range(20)]
    results = at_once([partial(Signal.objects.acknowledge, signal_id, user_email=email) for email in people])
    winners = [result for result in results if not isinstance(result, Exception)]
    assert len(winners) == 1
    losers = [result for result in results if isinstance(result, Overtaken)]
    assert {loser.now for loser in losers} == set(winners)
    assert len(losers) == 19
    assert statuses(signal_id) == ["OPEN", "ACKNOWLEDGED"]


@pytest.mark.parametrize("item_id", [f"P{n}" for n in range(10)])
def test_people_and_intakes_at_once_fulfil_once_and_lose_no_scan(ledger: None, item_id: str) -> None:
    signal_id = run_low(item_id)
    results = at_once(
        [
            lambda: take_in(24, item_id),
            lambda: Signal.objects.acknowledge(signal_id, user_email=sam),
            lambda: Signal.objects.mark_fulfilled(signal_id, user_email=dana),
            lambda: take_in(24, item_id),
        ]
    )
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, Overtaken)]
    assert statuses(signal_id).count("FULFILLED") == 1


@pytest.mark.parametrize(
    ("verb", "story"),
    [("acknowledge", ["OPEN", "ACKNOWLEDGED", "FULFILLED"]), ("mark_fulfilled", ["OPEN", "FULFILLED"])],
)
def test_an_intake_waits_for_the_person_who_is_just_deciding(ledger: None, verb: str, story: list[str]) -> None:
    signal_id = run_low()
    booked: list[Booking] = []
    with transaction.atomic():
        getattr(Signal.objects, verb)(signal_id, user_email=sam)
        thread = threading.Thread(target=_in_a_connection_of_its_own, args=(lambda: booked.append(take_in(24)),))
        thread.start()
        _wait_for_a_waiter()
    thread.join()
    assert booked[0].on_hand_qty == 32
    assert statuses(signal_id) == story


def _in_a_connection_of_its_own(job: Callable[[], None]) -> None:
    try:
        job()
    finally:
        connection.close()


def _wait_for_a_waiter() -> None:
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")
