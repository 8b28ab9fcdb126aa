"""Stock and item pages on a short and a long ledger of 5,000 items. BENCH_EVENTS: the long one's events, 1,000,000."""

import os
import re
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench.table import Figure

items = 5_000
short_events = 100_000
rounds = 40


def rows() -> list[Figure]:
    from bench import data, database

    database.start()
    long_events = int(os.environ.get("BENCH_EVENTS", "1000000"))
    data.fill(events=short_events, items=items)
    short = measured()
    data.fill(events=long_events, items=items)
    long = measured()
    told = {name: f"{name}, {long_events:,} events" for name in long}
    return [
        Figure(f"stock page, {short_events:,} events", short["stock page"], "ms"),
        Figure(told["stock page"], long["stock page"], "ms", 50),
        Figure("stock page, long ÷ short ledger", long["stock page"] / short["stock page"], "×", 1.5),
        Figure(told["refresh, nothing changed"], long["refresh, nothing changed"], "ms"),
        Figure(told["item page"], long["item page"], "ms", 50),
        Figure(told["item page with stock as of a moment"], long["item page with stock as of a moment"], "ms", 50),
        Figure(told["busiest item, 30 days"], long["busiest item, 30 days"], "ms"),
        Figure(told["busiest item, 1 year"], long["busiest item, 1 year"], "ms"),
        Figure(told["busiest item, its oldest events"], long["busiest item, its oldest events"], "ms"),
    ]


def measured() -> dict[str, float]:
    """Medians in ms, through every middleware, without the socket."""
    from django.test import Client

    from bench.data import hot_item

    client = Client(SERVER_NAME="localhost")
    page = client.get("/stock/").content.decode()
    poll = "/stock/?version=" + found(r'name="version" value="([^"]+)"', page)
    early = {"before": f"{days_ago(350).isoformat()}_00000000-0000-0000-0000-000000000000"}
    middle = {"at": f"{days_ago(183):%Y-%m-%dT%H:%M}"}
    visits: dict[str, Callable[[], Any]] = {
        "stock page": lambda: client.get("/stock/"),
        "refresh, nothing changed": lambda: client.get(poll, headers={"HX-Request": "true"}),
        "item page": lambda: client.get("/stock/item/PART-7/"),
        "item page with stock as of a moment": lambda: client.get("/stock/item/PART-7/", middle),
        "busiest item, 30 days": lambda: client.get(f"/stock/item/{hot_item}/"),
        "busiest item, 1 year": lambda: client.get(f"/stock/item/{hot_item}/?window=1y"),
        "busiest item, its oldest events": lambda: client.get(f"/stock/item/{hot_item}/", early),
    }
    return {name: median(visit) for name, visit in visits.items()}


def median(visit: Callable[[], Any]) -> float:
    """After three visits that warm up; each has to succeed."""
    taken = []
    for _ in range(rounds + 3):
        began = time.perf_counter()
        answer = visit()
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code in (200, 204)
    return statistics.median(taken[3:])


def days_ago(days: int) -> datetime:
    from django.utils import timezone

    return timezone.localtime() - timedelta(days=days)


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match
    return match[1]
