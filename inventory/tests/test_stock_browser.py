"""What only a browser can show of the stock page: it refreshes itself, and nothing a person does is lost by it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django.live_server_helper import LiveServer

from inventory.bookings import INTAKE, Scan
from inventory.listing import page_rows
from inventory.managers.stock import StockManager
from inventory.models import ScanEvent

refresh_milliseconds = 4000


def book(item_id: str, qty: int = 24) -> None:
    ScanEvent.objects.record(Scan(INTAKE, "DOCK-1", f"ITEM={item_id};QTY={qty}", item_id, qty, "dana@example.com"))


def lost(*args: Any) -> None:
    raise OperationalError("connection lost")


def test_the_page_shows_a_new_booking_by_itself_and_keeps_the_search(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    book("PART-1")
    book("BOLT-7")
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/stock/")
    search = page.get_by_label("Search")
    search.press_sequentially("part")
    page.locator("h2", has_text="1 found").wait_for()
    assert page.url.endswith("q=part&show=all&sort=status")
    book("PART-1", 1976)
    page.clock.fast_forward(refresh_milliseconds)
    page.locator("td.on_hand", has_text="2,000").wait_for()
    assert page.evaluate("document.activeElement.id") == "search"
    assert search.input_value() == "part"
    assert page.locator("tbody tr").count() == 1
    assert page.complaints == []


def test_nothing_moves_while_nothing_changes(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    book("PART-1")
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/stock/")
    page.evaluate("document.querySelector('#live').dataset.same = 'yes'")
    with page.expect_response(re.compile("version=")) as answered:
        page.clock.fast_forward(refresh_milliseconds)
    assert answered.value.status == 204
    assert page.locator("#live").get_attribute("data-same") == "yes"


def test_a_database_lost_for_a_while_is_told_and_forgets_nothing(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    book("PART-1")
    book("BOLT-7")
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/stock/?q=part")
    with monkeypatch.context() as broken:
        broken.setattr(StockManager, "version", lost)
        page.clock.fast_forward(refresh_milliseconds)
        page.get_by_text("The database does not answer").wait_for()
    page.clock.fast_forward(refresh_milliseconds)
    page.get_by_role("link", name="PART-1").first.wait_for()
    assert page.locator("tbody tr").count() == 1


def test_the_next_page_has_an_address_and_back_leads_back(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    for n in range(page_rows + 1):
        book(f"PART-{n:03}")
    page = open_browser()
    page.goto(live_server.url + "/stock/?sort=item")
    page.get_by_role("link", name="Next").click()
    page.get_by_text("Page 2 of 2").wait_for()
    assert "page=2" in page.url
    page.go_back()
    page.get_by_text("Page 1 of 2").wait_for()
    assert page.complaints == []


def test_without_javascript_search_and_pages_work(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    for n in range(page_rows + 1):
        book(f"PART-{n:03}")
    book("BOLT-7")
    page = open_browser(java_script_enabled=False)
    page.goto(live_server.url + "/stock/")
    page.get_by_label("Search").fill("part")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name="Next").click()
    page.get_by_text("Page 2 of 2").wait_for()
    assert page.locator("tbody tr").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800)])
def test_both_pages_fit_every_screen(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], scheme: str, width: int, height: int
) -> None:
    book("PART-1")
    book("X" * 64, 999_999)
    page = open_browser(viewport={"width": width, "height": height}, color_scheme=scheme)
    for url in ("/stock/", "/stock/item/PART-1/", f"/stock/item/{'X' * 64}/?at=2026-05-03T14:05"):
        page.goto(live_server.url + url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []
