"""Saved means stored: whatever the network and those in it do, what is booked is what the page showed as saved."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Error, expect
from pytest_django.live_server_helper import LiveServer

from inventory.models import Stock
from slips.models import Slip, SlipLine
from slips.tests.conftest import to_review

pytestmark = pytest.mark.long

sign_in = "<!doctype html><title>Sign in</title><form><input type=password name=p></form>"
foreign_answers: dict[str, dict[str, Any] | None] = {
    "a login page": {"status": 200, "content_type": "text/html", "body": sign_in},
    "an empty body": {"status": 200, "body": ""},
    "a captive portal": {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to the yard's Wi-Fi</h1>"},
    "a proxy that lost us": {"status": 502, "body": "Bad gateway"},
    "a proxy that wants a name": {"status": 401, "body": "Who are you?"},
    "no answer at all": None,
}


def foul(answer: dict[str, Any] | None, route: Any) -> None:
    route.abort() if answer is None else route.fulfill(**answer)


def field(page: Any, place: int, name: str) -> Any:
    return page.locator(f".line:nth-child({place + 1}) input[name={name}]")


def state(page: Any, place: int) -> Any:
    return page.locator(f".line:nth-child({place + 1}) [data-kept]")


# A browser that dies says nothing on leaving; what a page still sends then would hide whether it is kept.
dies = "addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)"


def reload(page: Any) -> None:
    """As a person does; the page may just be doing so itself."""
    try:
        page.reload()
    except Error:
        page.wait_for_load_state()


def opened(live_server: LiveServer, open_browser: Callable[..., Any], slip: Slip) -> Any:
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    return page


@pytest.mark.parametrize("what", foreign_answers)
def test_a_count_that_nothing_stored_is_not_shown_as_saved_and_holds_receive(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], what: str
) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 1000), ("PART-3", 7))
    page = opened(live_server, open_browser, slip)
    before = page.locator(".line .state, #sums, h1").all_inner_texts()
    page.route("**/lines/*", partial(foul, foreign_answers[what]))
    field(page, 1, "found_qty").fill("990")
    field(page, 1, "found_qty").blur()
    page.locator("[data-kept=unsaved]").wait_for()
    assert "Counted not saved. Sending again in" in state(page, 1).inner_text()
    assert page.get_by_role("button", name="Receive", exact=True).is_disabled()
    assert "One entry is not saved yet." in page.locator("#receive-why").inner_text()
    assert page.locator("#link").is_visible()
    # Nothing of the foreign answer was taken into the page.
    assert page.locator("input[type=password]").count() == 0
    assert page.locator(".line .state, #sums, h1").all_inner_texts() == before
    page.unroute("**/lines/*")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="Receive", exact=True).and_(page.locator(":enabled")).wait_for()
    assert "Saved" in state(page, 1).inner_text()
    page.get_by_label("I checked all lines").check()
    page.get_by_role("button", name="Receive", exact=True).click()
    page.get_by_text("Received").first.wait_for()
    assert Stock.objects.get(item_id="PART-2").on_hand_qty == 990


def test_who_has_to_sign_in_is_told_so_with_a_link(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = opened(live_server, open_browser, to_review(("PART-1", 12)))
    page.route("**/lines/*", partial(foul, foreign_answers["a login page"]))
    field(page, 0, "qty").fill("13")
    field(page, 0, "qty").blur()
    page.get_by_text("You are signed out.").wait_for()
    assert page.locator("#link").get_by_role("link", name="Sign in").is_visible()
    page.unroute("**/lines/*")
    page.locator("[data-kept=saved]").wait_for()
    assert page.locator("#link").is_hidden()


def test_what_was_not_saved_is_sent_after_a_reload(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = opened(live_server, open_browser, to_review(("PART-1", 12)))
    page.add_init_script(dies)
    page.reload()
    page.route("**/lines/*", lambda route: route.abort())
    field(page, 0, "found_qty").fill("11")
    field(page, 0, "found_qty").blur()
    page.locator("[data-kept=unsaved]").wait_for()
    page.reload()
    assert field(page, 0, "found_qty").input_value() == "11"
    assert SlipLine.objects.get().found_qty is None
    page.unroute("**/lines/*")
    page.locator("[data-kept=saved]").wait_for()
    assert SlipLine.objects.get().found_qty == 11


def test_what_was_not_saved_is_sent_from_another_page(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = opened(live_server, open_browser, to_review(("PART-1", 12)))
    page.add_init_script(dies)
    page.reload()
    page.context.route("**/lines/*", lambda route: route.abort())
    field(page, 0, "found_qty").fill("11")
    field(page, 0, "found_qty").blur()
    page.locator("[data-kept=unsaved]").wait_for()
    page.goto(f"{live_server.url}/stock/")
    page.locator("#kept").get_by_text("is not saved yet").wait_for()
    page.context.unroute("**/lines/*")
    with page.expect_response("**/lines/*"):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("#kept").wait_for(state="hidden")
    assert SlipLine.objects.get().found_qty == 11


def test_an_answer_that_was_lost_is_no_quarrel_with_oneself(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = opened(live_server, open_browser, to_review(("PART-1", 12), ("PART-2", 5)))

    def stored_but_lost(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/lines/*", stored_but_lost)
    field(page, 0, "found_qty").fill("11")
    page.locator(".line").nth(0).get_by_role("button", name="Checked").click()
    page.locator("[data-kept=unsaved]").wait_for()
    page.unroute("**/lines/*")
    page.get_by_text("1 of 2 checked").wait_for()
    expect(page.get_by_text("changed this line")).to_have_count(0)
    expect(page.get_by_text("changed elsewhere")).to_have_count(0)
    expect(page.get_by_role("button", name="Receive", exact=True)).to_be_enabled()
    line = SlipLine.objects.get(item_id="PART-1")
    assert (line.found_qty, line.checked_by, line.version) == (11, "dana@example.com", 3)


def test_what_is_typed_back_to_what_is_stored_holds_nothing(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = opened(live_server, open_browser, to_review(("PART-1", 12)))
    field(page, 0, "qty").fill("13")
    expect(page.get_by_role("button", name="Receive", exact=True)).to_be_disabled()
    field(page, 0, "qty").fill("12")
    expect(page.get_by_role("button", name="Receive", exact=True)).to_be_enabled()
    field(page, 0, "qty").fill("13")
    field(page, 0, "qty").blur()
    page.locator("[data-kept=saved]").wait_for()
    assert SlipLine.objects.get().qty == 13


def test_two_readings_of_a_count_are_asked_about_and_hold_receive(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = opened(live_server, open_browser, to_review(("PART-1", 1000)))
    field(page, 0, "found_qty").fill("1.000")
    field(page, 0, "found_qty").blur()
    page.get_by_text("can be 1 or 1,000").wait_for()
    assert page.locator("[data-kept=refused]").is_visible()
    assert page.get_by_role("button", name="Receive", exact=True).is_disabled()
    field(page, 0, "found_qty").fill("1000")
    field(page, 0, "found_qty").blur()
    page.locator("[data-kept=saved]").wait_for()
    assert SlipLine.objects.get().found_qty == 1000


@pytest.mark.parametrize("seed", range(3))
def test_what_is_booked_is_what_the_page_showed_as_saved_at_the_press(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], seed: int
) -> None:
    """Random edits, lost and foreign answers, reloads and presses: the page's own saved fields are the model."""
    dice = random.Random(seed)
    slip = to_review(("PART-1", 12), ("PART-2", 1000), ("PART-3", 7))
    page = opened(live_server, open_browser, slip)
    booked = None
    for _ in range(12):
        answer = dice.choice([*foreign_answers.values(), "ours", "ours", "ours"])
        page.unroute_all()
        if not isinstance(answer, str):
            page.route("**/lines/*", partial(foul, answer))
        place = dice.randrange(3)
        match dice.choice(["count", "count", "check", "reload", "receive"]):
            case "count":
                field(page, place, "found_qty").fill(str(dice.randrange(1, 2000)))
                field(page, place, "found_qty").blur()
            case "check":
                page.locator(".line").nth(place).get_by_role("button", name="Checked").click()
            case "reload":
                reload(page)
            case "receive" if (booked := received(page, check_all=False)) is not None:
                break
        expect(page.locator(".htmx-request")).to_have_count(0)
    page.unroute_all()
    while booked is None:
        receive_button(page).and_(page.locator(":enabled")).wait_for(timeout=90_000)
        booked = received(page, check_all=True)
        if booked is None:
            reload(page)
    assert dict(Stock.objects.values_list("item_id", "on_hand_qty")) == booked


def receive_button(page: Any) -> Any:
    return page.get_by_role("button", name="Receive", exact=True)


def received(page: Any, *, check_all: bool) -> dict[str, int] | None:
    """Press Receive; what the page showed at the press where it was received, None where it was held or refused."""
    if receive_button(page).is_disabled():
        return None
    shown = [[field(page, n, name).input_value() for name in ("item_id", "qty", "found_qty")] for n in range(3)]
    page.get_by_label("I checked all lines").set_checked(check_all)
    with page.expect_response("**/receive") as answer:
        receive_button(page).click()
    if answer.value.status != 204:
        return None
    page.locator(".big", has_text="Received").wait_for()
    return {item_id: int(found or qty) for item_id, qty, found in shown}
