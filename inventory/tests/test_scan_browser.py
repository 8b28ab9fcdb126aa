"""What only a browser can show: a label before a camera, fast typing, no JavaScript, no camera."""

import itertools
import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from inventory import scanning
from inventory.models import ScanEvent, Stock
from inventory.tests.film import jpeg, picture
from linesync.tests.chromium import Camera

pytestmark = pytest.mark.long

PART = "ITEM=PART-88219;QTY=24"
OTHER = "ITEM=BOLT-7;QTY=5"
# static/waiting.js tries again after so long.
retry_milliseconds = 3000


def events() -> list[tuple[str, str, int]]:
    return [(event.event_type, event.item_id, event.qty) for event in ScanEvent.objects.order_by("event_ts")]


def start_camera(page: Any, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Start the camera").click()


def see_frames(page: Any, count: int) -> None:
    """Until so many more frames were answered."""
    for _ in range(count):
        with page.expect_response(lambda answer: "/frame" in answer.url and answer.status in (200, 204)):
            pass


@pytest.fixture
def frames_come_every(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`frames_come_every(milliseconds=…)`, however fast this machine is.

    Without the guard of the last 3 seconds, which knows another clock: a label that counted again would be booked.
    """

    def tick(*, milliseconds: int) -> None:
        clock = itertools.count(time.time_ns(), milliseconds * 1_000_000)
        monkeypatch.setattr(scanning, "time", SimpleNamespace(time_ns=lambda: next(clock)))
        monkeypatch.setattr(scanning, "repeat_seconds", None)

    return tick


def test_a_label_held_for_five_seconds_counts_once(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], camera: Camera
) -> None:
    camera.show(PART)
    page = open_browser()
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("24 on hand").first.wait_for()
    began = time.monotonic()
    while time.monotonic() < began + 5:
        see_frames(page, 1)
    assert events() == [("INTAKE", "PART-88219", 24)]
    assert page.evaluate("document.documentElement.dataset.sounded") == "booked"
    assert page.complaints == []


@pytest.mark.parametrize("path", ["/receive/", "/consume/"])
def test_a_handheld_opens_at_the_camera_with_the_keys_in_the_code_field(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], path: str
) -> None:
    page = open_browser()
    page.set_viewport_size({"width": 360, "height": 360})
    for _ in range(3):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.activeElement.id") == "code"
        assert page.evaluate("scrollY") == 0
    page.keyboard.type(PART + "\n")
    page.get_by_text("on hand").first.wait_for()
    assert len(events()) == 1


def test_a_label_shown_again_after_four_seconds_away_counts_twice(
    ledger: None,
    live_server: LiveServer,
    open_browser: Callable[..., Any],
    camera: Camera,
    frames_come_every: Callable[..., None],
) -> None:
    frames_come_every(milliseconds=1000)
    camera.show(PART)
    page = open_browser()
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("is counted").wait_for()
    camera.show()
    page.get_by_text("is counted").wait_for(state="hidden")
    see_frames(page, 4)
    camera.show(PART)
    page.get_by_text("48 on hand").first.wait_for()
    see_frames(page, 8)
    assert len(events()) == 2
    assert page.complaints == []


def test_two_labels_in_turn_count_once_each(
    ledger: None,
    live_server: LiveServer,
    open_browser: Callable[..., Any],
    camera: Camera,
    frames_come_every: Callable[..., None],
) -> None:
    # Neither is away for 3 seconds: for 30 frames.
    frames_come_every(milliseconds=100)
    page = open_browser()
    start_camera(page, live_server.url + "/consume/")
    for _ in range(4):
        camera.show(PART)
        page.get_by_text("PART-88219 is counted").wait_for()
        camera.show(OTHER)
        page.get_by_text("BOLT-7 is counted").wait_for()
    assert sorted(events()) == [("CONSUME", "BOLT-7", 5), ("CONSUME", "PART-88219", 24)]
    assert page.complaints == []


def test_a_refused_camera_says_why_and_leaves_the_other_ways(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser(camera_allowed=False)
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("The camera is not allowed.").wait_for()
    page.get_by_label("Code").fill(PART)
    page.keyboard.press("Enter")
    page.get_by_text("24 on hand").first.wait_for()
    assert events() == [("INTAKE", "PART-88219", 24)]
    assert page.complaints == []


def test_ten_scans_of_a_hardware_scanner_in_two_seconds_are_ten_events(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    for _ in range(10):
        page.keyboard.type(PART)
        page.keyboard.press("Enter")
    page.get_by_text("240 on hand").first.wait_for()
    assert Stock.objects.get().on_hand_qty == 240
    assert page.complaints == []


def test_plus_one_books_another_carton_with_the_same_label(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.get_by_label("Code").fill(PART)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("\\+1 same label")).click()
    page.get_by_text("48 on hand").first.wait_for()
    assert len(events()) == 2
    assert page.complaints == []


def test_a_photo_is_read_and_booked_after_a_look(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.get_by_label("Photo of a label").set_input_files(
        {"name": "carton.jpg", "mimeType": "image/jpeg", "buffer": jpeg(picture(PART))}
    )
    page.get_by_role("button", name="Read photo").click()
    page.get_by_role("button", name="Book it").click()
    page.get_by_text("24 on hand").first.wait_for()
    assert len(events()) == 1
    assert page.complaints == []


def test_without_javascript_the_form_still_works(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser(java_script_enabled=False)
    page.goto(live_server.url + "/consume/")
    page.get_by_label("Station").first.select_option("LINE-2")
    page.get_by_label("Code").fill(PART)
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_text("-24 on hand").first.wait_for()
    assert ScanEvent.objects.get().station_id == "LINE-2"
    page.reload()
    page.get_by_label("Station").first.wait_for()
    assert page.get_by_label("Station").first.input_value() == "LINE-2"
    assert page.complaints == []


def test_a_lost_connection_keeps_the_typed_codes_and_books_them_once(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.context.set_offline(True)
    page.get_by_label("Code").fill(PART)
    page.keyboard.press("Enter")
    page.get_by_text("waiting for the connection").wait_for()
    page.context.set_offline(False)
    page.get_by_text("24 on hand").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert events() == [("INTAKE", "PART-88219", 24)]
    assert page.locator("#waiting li").count() == 0


def test_a_reload_does_not_count_what_lies_there_again(
    ledger: None,
    live_server: LiveServer,
    open_browser: Callable[..., Any],
    camera: Camera,
    frames_come_every: Callable[..., None],
) -> None:
    frames_come_every(milliseconds=1000)
    camera.show(PART)
    page = open_browser()
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("24 on hand").first.wait_for()
    see_frames(page, 4)
    page.reload()
    page.get_by_text("is counted").wait_for()
    see_frames(page, 8)
    assert len(events()) == 1
    assert page.complaints == []


@pytest.mark.parametrize(
    ("status", "words"),
    [(503, "LineSync cannot book right now"), (403, "This page is too old"), (200, "This page is too old")],
)
def test_an_answer_that_is_not_about_the_frame_leaves_what_is_in_view_alone(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], camera: Camera, status: int, words: str
) -> None:
    camera.show(PART)
    page = open_browser()
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("24 on hand").first.wait_for()
    page.route("**/receive/frame", lambda route: route.fulfill(status=status, body="<p>no database</p>"))
    page.get_by_text(words).wait_for()
    page.unroute("**/receive/frame")
    # More frames than a label needs to count.
    see_frames(page, 8)
    page.get_by_text(words).wait_for(state="hidden")
    assert len(events()) == 1


def type_code(page: Any, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")


def test_two_tabs_keep_their_waiting_scans_apart(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    first = open_browser()
    second = first.context.new_page()
    for page in (first, second):
        page.goto(live_server.url + "/receive/")
    first.context.set_offline(True)
    for page, code in ((first, PART), (second, OTHER)):
        type_code(page, code)
        page.get_by_text("waiting for the connection").wait_for()
    first.close()
    second.context.set_offline(False)
    second.reload()
    wait_for_events(second, 2)
    assert sorted(event[1] for event in events()) == ["BOLT-7", "PART-88219"]


@pytest.mark.parametrize("status", [401, 404, 413, 429])
def test_a_refusal_that_is_not_ours_keeps_the_scan(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], status: int
) -> None:
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/receive/")
    page.route("**/receive/", lambda route: route.fulfill(status=status, body="not LineSync"), times=1)
    type_code(page, PART)
    page.get_by_text("waiting for the connection").wait_for()
    page.clock.fast_forward(retry_milliseconds)
    page.get_by_text("24 on hand").first.wait_for()
    assert len(events()) == 1


def test_a_scan_right_after_the_station_was_chosen_is_booked(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.get_by_label("Station").first.select_option("DOCK-2")
    page.get_by_label("Station").first.focus()
    page.keyboard.type(PART)
    page.keyboard.press("Enter")
    page.get_by_text("24 on hand").first.wait_for()
    assert ScanEvent.objects.get().station_id == "DOCK-2"
    assert page.complaints == []


def test_a_refused_code_comes_back_to_be_mended(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    type_code(page, "ITEM=BOLT-7;QTY=0")
    page.get_by_text("Not booked").wait_for()
    assert page.get_by_label("Code").input_value() == "ITEM=BOLT-7;QTY=0"
    page.keyboard.type(PART)
    page.keyboard.press("Enter")
    page.get_by_text("24 on hand").first.wait_for()
    assert len(events()) == 1
    assert page.complaints == []


def cut_off(page: Any, path: str = "**/receive/") -> None:
    """From now on no scan reaches the server."""
    page.context.route(path, lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def wait_for_events(page: Any, count: int) -> None:
    """Until so many are booked; the browser goes on meanwhile."""
    for _ in range(300):
        if ScanEvent.objects.count() >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{ScanEvent.objects.count()} of {count} events were booked")


@pytest.mark.parametrize("path", ["/stock/", "/consume/", "/slips/", "/board/"])
def test_a_waiting_scan_is_told_and_sent_from_any_page(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], path: str
) -> None:
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/receive/")
    page.get_by_label("Station").first.select_option("DOCK-2")
    cut_off(page)
    type_code(page, PART)
    page.get_by_text("waiting for the connection").wait_for()
    page.goto(live_server.url + path)
    page.get_by_text("1 scan waits to be booked.").wait_for()
    page.get_by_text("Receive at DOCK-2").wait_for()
    page.context.unroute("**/receive/")
    page.clock.fast_forward(retry_milliseconds)
    page.get_by_text("The scan that waited is booked.").wait_for()
    assert events() == [("INTAKE", "PART-88219", 24)]
    assert ScanEvent.objects.get().station_id == "DOCK-2"
    page.goto(live_server.url + "/receive/")
    assert page.locator("#waiting li").count() == 0


def test_waiting_scans_are_sent_by_one_of_many_tabs(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    first = open_browser()
    first.clock.install()
    first.goto(live_server.url + "/receive/")
    cut_off(first)
    for number in range(1, 7):
        type_code(first, f"ITEM=P{number};QTY=1")
    first.get_by_text("6 scans wait to be booked.").wait_for()
    tabs = [first, *(first.context.new_page() for _ in range(3))]
    for tab, path in zip(tabs, ("/stock/", "/consume/", "/receive/", "/board/"), strict=True):
        tab.goto(live_server.url + path)
        tab.get_by_text("6 scans wait to be booked.").wait_for()
    sent = []
    first.context.on("response", lambda answer: sent.append(answer.url) if answer.request.method == "POST" else None)
    first.context.unroute("**/receive/")
    first.clock.fast_forward(retry_milliseconds)
    wait_for_events(first, 6)
    for tab in tabs:
        tab.locator("#waiting li").first.wait_for(state="hidden")
    assert sorted(event[1] for event in events()) == [f"P{number}" for number in range(1, 7)]
    assert len(sent) == 6


def test_a_scan_refused_on_another_page_stays_until_it_is_dismissed(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/receive/")
    cut_off(page)
    type_code(page, "ITEM=BOLT-7;QTY=0")
    page.get_by_text("waiting for the connection").wait_for()
    page.goto(live_server.url + "/stock/")
    page.context.unroute("**/receive/")
    page.clock.fast_forward(retry_milliseconds)
    page.get_by_text("out of range").wait_for()
    page.goto(live_server.url + "/board/")
    page.get_by_text("out of range").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    page.goto(live_server.url + "/receive/")
    assert page.locator("#waiting li").count() == 0
    assert events() == []


@pytest.mark.parametrize(
    ("lose", "words"),
    [
        (lambda route: route.abort(), "waiting for the connection"),
        (
            lambda route: route.fulfill(status=503, body='<p role="alert">Busy: nothing was booked.</p>'),
            "Busy: nothing was",
        ),
    ],
    ids=["no connection", "the server cannot book"],
)
def test_a_button_pressed_in_vain_waits_and_books_once(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], lose: Any, words: str
) -> None:
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/receive/")
    type_code(page, PART)
    plus_one = page.get_by_role("button", name=re.compile("\\+1 same label"))
    plus_one.wait_for()
    page.route("**/receive/", lose)
    for _ in range(2):
        plus_one.click()
        page.get_by_text("1 scan waits to be booked.").wait_for()
        page.get_by_text(words).wait_for()
    assert page.get_by_text("24 on hand").first.is_visible()
    page.unroute("**/receive/")
    page.clock.fast_forward(retry_milliseconds)
    page.get_by_text("48 on hand").first.wait_for()
    page.locator("#waiting li").first.wait_for(state="hidden")
    assert len(events()) == 2


def test_an_undo_without_a_connection_says_that_it_was_not_done(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    type_code(page, PART)
    page.get_by_role("button", name="Undo 24 PART-88219").wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="Undo 24 PART-88219").click()
    page.get_by_text("That was not done").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Undo 24 PART-88219").click()
    page.get_by_text("Undone: 24 PART-88219").wait_for()
    page.get_by_text("That was not done").wait_for(state="hidden")
    assert len(events()) == 2


def test_an_undo_that_the_server_cannot_serve_stays_below_its_words(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    type_code(page, PART)
    undo = page.get_by_role("button", name="Undo 24 PART-88219")
    undo.wait_for()
    busy = '<p role="alert">Busy: nothing was booked.</p>'
    ours = {"X-LineSync": "1"}
    page.route("**/receive/undo", lambda route: route.fulfill(status=503, body=busy, headers=ours), times=2)
    for _ in range(2):
        with page.expect_response("**/receive/undo"):
            undo.click()
        page.get_by_text("Busy: nothing was booked.").wait_for()
    assert page.get_by_text("Busy: nothing was booked.").count() == 1
    undo.click()
    page.get_by_text("Undone: 24 PART-88219").wait_for()
    assert len(events()) == 2


def test_an_answer_that_is_not_ours_takes_nothing_from_the_page(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.clock.install()
    page.goto(live_server.url + "/receive/")
    type_code(page, PART)
    page.get_by_text("24 on hand").first.wait_for()
    page.route("**/receive/", lambda route: route.fulfill(status=200, body="<p>Please log in</p>"), times=1)
    type_code(page, OTHER)
    page.get_by_text("waiting for the connection").wait_for()
    assert page.get_by_text("24 on hand").first.is_visible()
    assert page.get_by_text("Please log in").count() == 0
    page.clock.fast_forward(retry_milliseconds)
    page.get_by_text("5 on hand").first.wait_for()


def test_ordinary_use_writes_nothing_to_the_console(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], camera: Camera
) -> None:
    page = open_browser()
    start_camera(page, live_server.url + "/receive/")
    see_frames(page, 2)
    camera.show(PART)
    page.get_by_text("24 on hand").first.wait_for()
    camera.show("https://example.com/carrier")
    page.get_by_text("not one of our labels").wait_for()
    type_code(page, OTHER)
    page.get_by_text("5 on hand").first.wait_for()
    page.get_by_role("button", name="Undo 5 BOLT-7").click()
    page.get_by_text("Undone: 5 BOLT-7").wait_for()
    for path in ("/consume/", "/stock/", "/stock/item/PART-88219/", "/slips/", "/slips/new", "/board/", "/labels/"):
        page.goto(live_server.url + path)
        page.locator("main").wait_for()
    assert page.complaints == []
    assert page.refusals == []


def test_a_refusal_writes_the_browsers_own_line_and_no_other(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    type_code(page, "ITEM=BOLT-7;QTY=0")
    page.get_by_text("Not booked").wait_for()
    assert page.complaints == []
    assert len(page.refusals) == 1
