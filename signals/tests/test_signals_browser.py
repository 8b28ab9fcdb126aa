"""What only a browser can show: the board by itself, one tap, and the admin under the strict policy."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from signals.models import Item, Signal
from signals.tests.dock import consume, dana, run_low, sam, statuses, take_in
from signals.views import refresh_seconds

pytestmark = pytest.mark.long

handheld, desk = {"width": 360, "height": 640}, {"width": 1280, "height": 800}


def is_as_wide_as_the_screen(page: Any) -> Any:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_board_shows_what_others_do_without_a_reload(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/board/")
    page.get_by_text("Nothing is running low.").wait_for()
    signal_id = run_low()
    page.clock.fast_forward(refresh_seconds * 1000)
    page.get_by_text("14 − 6 = 8 ≤ 10 at LINE-1, by dana").wait_for()
    Signal.objects.acknowledge(signal_id, user_email=sam)
    page.clock.fast_forward(refresh_seconds * 1000)
    page.get_by_text("Acknowledged by sam").wait_for()
    take_in(24)
    page.clock.fast_forward(refresh_seconds * 1000)
    page.get_by_text("Nothing is running low.").wait_for()
    assert page.complaints == []


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_one_tap_acknowledges(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], java_script_enabled: bool
) -> None:
    signal_id = run_low()
    page = open_browser(java_script_enabled=java_script_enabled)
    page.goto(live_server.url + "/board/")
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_text("Acknowledged by dana").wait_for()
    assert Signal.objects.history(signal_id)[-1].user_email == dana
    assert page.complaints == []


def test_the_slower_of_two_taps_is_told_who_was_faster(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    signal_id = run_low()
    page = open_browser()
    page.goto(live_server.url + "/board/")
    Signal.objects.acknowledge(signal_id, user_email=sam)
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_text("PART-1: Acknowledged already, by sam").wait_for()
    # Chromium's console names every 4xx; nothing else may be there.
    assert page.complaints == []


@pytest.mark.parametrize("path", ["/board/", "/stock/"])
def test_a_page_whose_refreshes_go_unanswered_says_that_it_is_old(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], path: str
) -> None:
    run_low()
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + path)
    told = page.get_by_text("No answer since")
    assert not told.is_visible()
    page.route(lambda url: path in url, lambda route: route.abort())
    page.clock.fast_forward(16_000)
    told.wait_for()
    page.unroute_all()
    page.clock.fast_forward(refresh_seconds * 1000)
    told.wait_for(state="hidden")


small_targets = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
  .filter((target) => target.getClientRects().length && !target.matches(".skip"))
  .map((target) => {
    const stretched = getComputedStyle(target, "::after").position === "absolute";
    return [target, (stretched ? target.closest("li, tr") : target).getBoundingClientRect()];
  })
  .filter(([target, box]) => box.width < 47.5 || box.height < 47.5)
  .filter(([target]) => !target.matches("p a"))
  .map(([target, box]) => `${target.textContent.trim()} ${box.width}x${box.height}`)"""


@pytest.mark.parametrize("viewport", [handheld, {"width": 800, "height": 1280}])
def test_a_gloved_thumb_hits_what_it_aims_at(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], viewport: Any
) -> None:
    Item.objects.create(item_id="A", description="Hex bolt")
    signal_id = run_low("A")
    page = open_browser(viewport=viewport, has_touch=True, is_mobile=True)
    for path in ("/board/", f"/board/{signal_id}/", "/stock/", "/stock/item/A/", "/labels/", "/slips/"):
        page.goto(live_server.url + path)
        assert page.evaluate(small_targets) == [], path


@pytest.mark.parametrize("viewport", [handheld, desk])
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_board_fits_its_screen(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], viewport: Any, color_scheme: str
) -> None:
    Item.objects.create(item_id="W" * 64, description="Hex bolt M6×20, zinc plated, " * 4, reorder_qty=999_999_999)
    consume(999_999, "W" * 64, by="somebody.with.a.very.long.name.indeed@example.com")
    Signal.objects.acknowledge(run_low(), user_email="somebody.with.a.very.long.name.indeed@example.com")
    page = open_browser(viewport=viewport, color_scheme=color_scheme)
    page.goto(live_server.url + "/board/")
    assert is_as_wide_as_the_screen(page)
    page.get_by_role("link", name="PART-1").click()
    page.get_by_text("Its story").wait_for()
    assert is_as_wide_as_the_screen(page)
    assert page.complaints == []


def test_a_reviewer_acknowledges_and_fulfils_in_the_admin(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    first, second = run_low("BOLT-1"), run_low("BOLT-2")
    page = open_browser(viewport=desk)
    page.goto(live_server.url + "/admin/signals/signal/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("acknowledge")
    page.get_by_role("button", name="Go").click()
    page.get_by_text("2 signals acknowledged.").wait_for()
    page.get_by_role("link", name="BOLT-1").click()
    page.get_by_role("button", name="Mark fulfilled").click()
    page.get_by_text("1 signal marked fulfilled.").wait_for()
    assert statuses(first) == ["OPEN", "ACKNOWLEDGED", "FULFILLED"]
    assert statuses(second) == ["OPEN", "ACKNOWLEDGED"]
    assert page.complaints == []


@pytest.mark.parametrize("viewport", [handheld, desk])
def test_the_admin_leads_everywhere_and_fits_its_screen(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], viewport: Any
) -> None:
    signal_id = run_low("BOLT-1")
    page = open_browser(viewport=viewport)
    page.goto(live_server.url + "/board/")
    page.get_by_role("link", name="Admin").click()
    for section in ("Scan events", "Items", "Notices", "Signals"):
        page.get_by_role("navigation", name="Sections").get_by_role("link", name=section).click()
        page.get_by_role("heading", name=section, exact=True).wait_for()
        assert is_as_wide_as_the_screen(page)
    page.get_by_role("link", name="BOLT-1").click()
    page.get_by_role("link", name="On the board").wait_for()
    assert is_as_wide_as_the_screen(page)
    page.get_by_role("link", name="On the board").click()
    page.wait_for_url(f"**/board/{signal_id}/")
    page.get_by_role("link", name="Its stock").click()
    page.get_by_role("link", name="All stock").wait_for()
    assert page.complaints == []


def test_the_causing_event_is_one_click_away_in_the_admin(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    signal_id = run_low()
    page = open_browser(viewport=desk)
    page.goto(f"{live_server.url}/admin/signals/signal/{signal_id}/change/")
    page.get_by_role("link", name="consume of 6 at LINE-1").click()
    page.get_by_text("ITEM=PART-1;QTY=6").wait_for()
    assert page.get_by_role("button", name=re.compile("Save|Delete")).count() == 0
    page.goto(live_server.url + "/admin/inventory/scanevent/")
    page.get_by_text("2 scan events").wait_for()
    assert page.complaints == []


def choose(page: Any, text: str) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "items.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Show what it would change").click()


@pytest.mark.parametrize("viewport", [handheld, desk])
def test_what_an_import_would_change_fits_its_screen(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], viewport: Any
) -> None:
    page = open_browser(viewport=viewport)
    page.goto(live_server.url + "/admin/signals/item/import/")
    choose(page, f"item_id,description\n{'W' * 64},{'Hexbolt' * 60}\n={'W' * 64},x\n")
    page.get_by_text("1 to change").wait_for()
    assert is_as_wide_as_the_screen(page)


def test_items_are_imported_after_a_look(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser(viewport=desk)
    page.goto(live_server.url + "/admin/signals/item/")
    page.get_by_role("link", name="Import CSV").click()
    for line in ("PART-1,x", "PART-1,5"):
        choose(page, f"item_id,reorder_point\n{line}\n")
    page.get_by_text("reorder point default → 5").wait_for()
    assert not Item.objects.exists()
    page.get_by_role("button", name="Import 1 item").click()
    page.get_by_text("1 item imported.").wait_for()
    assert Item.objects.get().reorder_point == 5
    assert page.complaints == []
