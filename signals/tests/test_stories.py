"""What people read: the live list, the sum that caused a signal, how long things took."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from linesync.ground.clock import clock, span_text
from linesync.ground.people import by_whom
from signals.models import Item, Signal
from signals.tests.dock import consume, dana, run_low, sam, take_in


def test_a_signal_shows_the_sum_that_caused_it(db: None, still_clock: datetime) -> None:
    run_low()
    (signal,) = Signal.objects.live()
    assert signal.sum_text == f"14 − 6 = 8 ≤ 10 at LINE-1, by dana, {timezone.localtime(still_clock):%H:%M}"


def test_the_sum_may_end_below_zero(db: None) -> None:
    consume(3)
    assert Signal.objects.live()[0].sum_text.startswith("0 − 3 = −3 ≤ 10 at LINE-1")


def test_a_signal_without_a_known_event_shows_what_is_known(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO replenishment_signals (signal_id, item_id, triggered_at_qty)
            VALUES (gen_random_uuid(), 'OLD-1', 3)
            """
        )
    (signal,) = Signal.objects.live()
    assert (signal.sum_text, signal.current_qty, signal.description) == ("3 ≤ 10", 0, "")


def test_live_stock_stands_beside_the_stock_that_triggered(db: None) -> None:
    run_low()
    consume(5)
    (signal,) = Signal.objects.live()
    assert (signal.triggered_at_qty, signal.current_qty) == (8, 3)


def test_the_most_urgent_comes_first_out_of_stock_then_furthest_below(db: None) -> None:
    Item.objects.create(item_id="WIDE", description="Far below", reorder_point=500)
    Item.objects.create(item_id="BARE", reorder_point=0)
    take_in(101, "WIDE")
    consume(1, "WIDE")
    run_low("NEAR")
    consume(1, "BARE")
    assert [signal.item_id for signal in Signal.objects.live()] == ["BARE", "WIDE", "NEAR"]


def test_the_list_has_a_limit_and_can_be_asked_for_one_item(db: None) -> None:
    for item_id in ("A", "B", "C"):
        run_low(item_id)
    assert len(Signal.objects.live(limit=2)) == 2
    assert [signal.item_id for signal in Signal.objects.live(item_id="B")] == ["B"]
    assert Signal.objects.live_counts().live == 3


def test_the_story_names_each_step_with_who_and_the_event(db: None) -> None:
    signal_id = run_low(by=dana)
    Signal.objects.acknowledge(signal_id, user_email=sam)
    intake = take_in(24, by="kim@example.com")
    opened, seen, done = Signal.objects.history(signal_id)
    assert [step.user_email for step in (opened, seen, done)] == [dana, sam, "kim@example.com"]
    assert (opened.event_type, opened.qty, seen.event_id, done.event_id) == ("CONSUME", 6, None, intake.event_id)


def test_turnaround_is_counted_by_the_week_in_which_it_was_done(db: None) -> None:
    signal_id = run_low()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    _past_signal(opened_days_ago=10, fulfilled_days_ago=8)
    _past_signal(opened_days_ago=30, fulfilled_days_ago=20)
    found = {(each.status, each.weeks_ago): (each.signals, each.median) for each in Signal.objects.turnaround()}
    assert found["ACKNOWLEDGED", 0][0] == 1
    assert found["ACKNOWLEDGED", 1] == (0, None)
    assert found["FULFILLED", 0] == (0, None)
    assert found["FULFILLED", 1] == (1, timedelta(days=2))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "under 1 min"), (timedelta(seconds=59), "under 1 min"), (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=192), "3 h 12 min"), (timedelta(days=2, hours=5), "2 d 5 h"),
    ],
)  # fmt: skip
def test_spans_are_told_in_two_units(span: timedelta, words: str) -> None:
    assert span_text(span) == words


def test_another_day_is_named(settings: Settings) -> None:
    settings.TIME_ZONE = "UTC"
    assert clock(timezone.now() - timedelta(days=3))[:3].isalpha()
    assert (by_whom("kim@example.com"), by_whom(None)) == ("kim", "somebody unknown")


def _past_signal(*, opened_days_ago: float, fulfilled_days_ago: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH opened AS (
                INSERT INTO replenishment_signals (signal_id, created_ts, item_id, triggered_at_qty)
                VALUES (gen_random_uuid(), now() - %(opened)s * interval '1 day', 'PAST', 1)
                RETURNING signal_id
            )
            SELECT signal_id FROM opened
            """,
            {"opened": opened_days_ago},
        )
        (signal_id,) = cursor.fetchone()
        cursor.execute(
            """
            INSERT INTO replenishment_signals (signal_id, created_ts, item_id, triggered_at_qty, status)
            VALUES (%(signal_id)s, now() - %(fulfilled)s * interval '1 day', 'PAST', 1, 'FULFILLED')
            """,
            {"signal_id": signal_id, "fulfilled": fulfilled_days_ago},
        )
