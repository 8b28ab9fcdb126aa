"""What only a browser can show: a label before a camera, fast typing, no JavaScript, no camera."""

import re

import pytest

from inventory.models import ScanEvent, Stock
from inventory.tests.film import film, jpeg, picture

PART = "ITEM=PART-88219;QTY=24"
OTHER = "ITEM=BOLT-7;QTY=5"


def events():
    return [(event.event_type, event.item_id, event.qty) for event in ScanEvent.objects.order_by("event_ts")]


def start_camera(page, url):
    page.goto(url)
    page.get_by_role("button", name="Start the camera").click()


@pytest.mark.timeout(120)
def test_a_label_held_for_five_seconds_counts_once(ledger, live_server, open_browser, tmp_path):
    page = open_browser(video=film(tmp_path / "camera.mjpeg", (30, PART)))
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("24 on hand").first.wait_for()
    page.wait_for_timeout(5000)
    assert events() == [("INTAKE", "PART-88219", 24)]
    assert page.evaluate("document.documentElement.dataset.sounded") == "booked"
    assert page.complaints == []


@pytest.mark.timeout(120)
def test_a_label_shown_again_after_four_seconds_away_counts_twice(ledger, live_server, open_browser, tmp_path):
    page = open_browser(video=film(tmp_path / "camera.mjpeg", (4, PART), (4.5,), (60, PART)))
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("48 on hand").first.wait_for(timeout=30_000)
    page.wait_for_timeout(4000)
    assert len(events()) == 2


@pytest.mark.timeout(120)
def test_two_labels_in_turn_count_once_each(ledger, live_server, open_browser, tmp_path):
    page = open_browser(video=film(tmp_path / "camera.mjpeg", (1, PART), (1, OTHER)))
    start_camera(page, live_server.url + "/consume/")
    page.wait_for_timeout(9000)
    assert sorted(events()) == [("CONSUME", "BOLT-7", 5), ("CONSUME", "PART-88219", 24)]


def test_a_refused_camera_says_why_and_leaves_the_other_ways(ledger, live_server, open_browser):
    page = open_browser(camera_allowed=False)
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("The camera is not allowed.").wait_for()
    page.get_by_label("Code").fill(PART)
    page.keyboard.press("Enter")
    page.get_by_text("24 on hand").first.wait_for()
    assert events() == [("INTAKE", "PART-88219", 24)]


def test_ten_scans_of_a_hardware_scanner_in_two_seconds_are_ten_events(ledger, live_server, open_browser):
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    for _ in range(10):
        page.keyboard.type(PART)
        page.keyboard.press("Enter")
    page.get_by_text("240 on hand").first.wait_for()
    assert Stock.objects.get().on_hand_qty == 240
    assert page.complaints == []


def test_plus_one_books_another_carton_with_the_same_label(ledger, live_server, open_browser):
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.get_by_label("Code").fill(PART)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("\\+1 same label")).click()
    page.get_by_text("48 on hand").first.wait_for()
    assert len(events()) == 2


def test_a_photo_is_read_and_booked_after_a_look(ledger, live_server, open_browser):
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.get_by_label("Photo of a label").set_input_files(
        {"name": "carton.jpg", "mimeType": "image/jpeg", "buffer": jpeg(picture(PART))}
    )
    page.get_by_role("button", name="Read photo").click()
    page.get_by_role("button", name="Book it").click()
    page.get_by_text("24 on hand").first.wait_for()
    assert len(events()) == 1


def test_without_javascript_the_form_still_works(ledger, live_server, open_browser):
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


def test_a_lost_connection_keeps_the_typed_codes_and_books_them_once(ledger, live_server, open_browser):
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.context.set_offline(True)
    page.get_by_label("Code").fill(PART)
    page.keyboard.press("Enter")
    page.get_by_text("waiting for the connection").wait_for()
    page.context.set_offline(False)
    page.get_by_text("24 on hand").first.wait_for(timeout=10_000)
    page.wait_for_timeout(500)
    assert events() == [("INTAKE", "PART-88219", 24)]
    assert page.locator("#waiting li").count() == 0


@pytest.mark.timeout(120)
def test_a_reload_does_not_count_what_lies_there_again(ledger, live_server, open_browser, tmp_path):
    page = open_browser(video=film(tmp_path / "camera.mjpeg", (60, PART)))
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("24 on hand").first.wait_for()
    page.wait_for_timeout(3500)
    page.reload()
    page.get_by_text("is counted").wait_for()
    page.wait_for_timeout(1500)
    assert len(events()) == 1


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("status", "words"), [(503, "LineSync cannot book right now"), (403, "This page is too old")])
def test_an_answer_that_is_not_about_the_frame_leaves_what_is_in_view_alone(
    ledger, live_server, open_browser, tmp_path, status, words
):
    page = open_browser(video=film(tmp_path / "camera.mjpeg", (60, PART)))
    start_camera(page, live_server.url + "/receive/")
    page.get_by_text("24 on hand").first.wait_for()
    page.route("**/receive/frame", lambda route: route.fulfill(status=status, body="<p>no database</p>"))
    page.get_by_text(words).wait_for()
    page.unroute("**/receive/frame")
    # More frames than a label needs to count.
    for _ in range(8):
        with page.expect_response(lambda response: "/frame" in response.url and response.status in (200, 204)):
            pass
    page.get_by_text(words).wait_for(state="hidden")
    assert len(events()) == 1


def type_code(page, code):
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")


def test_two_tabs_keep_their_waiting_scans_apart(ledger, live_server, open_browser):
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
    # In the list of what was booked: the ones that wait show their names too.
    for item_id in ("PART-88219", "BOLT-7"):
        second.locator("#news .recent").get_by_text(item_id).first.wait_for(timeout=60_000)
    assert sorted(event[1] for event in events()) == ["BOLT-7", "PART-88219"]


@pytest.mark.parametrize("status", [401, 404, 413, 429])
def test_a_refusal_that_is_not_ours_keeps_the_scan(ledger, live_server, open_browser, status):
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.route("**/receive/", lambda route: route.fulfill(status=status, body="not LineSync"), times=1)
    type_code(page, PART)
    page.get_by_text("24 on hand").first.wait_for(timeout=15_000)
    assert len(events()) == 1


def test_a_button_pressed_while_the_server_cannot_book_stays_and_books_once(ledger, live_server, open_browser):
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    type_code(page, PART)
    page.get_by_text("24 on hand").first.wait_for()
    busy = '<p role="alert">Busy: nothing was booked.</p>'
    page.route("**/receive/", lambda route: route.fulfill(status=503, body=busy), times=2)
    for _ in range(2):
        with page.expect_response("**/receive/"):
            page.get_by_role("button", name="+1 same label").click()
        page.get_by_text("Busy: nothing was booked.").wait_for()
    assert page.get_by_text("Busy: nothing was booked.").count() == 1
    page.get_by_role("button", name="+1 same label").click()
    page.get_by_text("48 on hand").first.wait_for()
    assert len(events()) == 2


def test_a_scan_right_after_the_station_was_chosen_is_booked(ledger, live_server, open_browser):
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    page.get_by_label("Station").first.select_option("DOCK-2")
    page.get_by_label("Station").first.focus()
    page.keyboard.type(PART)
    page.keyboard.press("Enter")
    page.get_by_text("24 on hand").first.wait_for()
    assert ScanEvent.objects.get().station_id == "DOCK-2"


def test_a_refused_code_comes_back_to_be_mended(ledger, live_server, open_browser):
    page = open_browser()
    page.goto(live_server.url + "/receive/")
    type_code(page, "ITEM=BOLT-7;QTY=0")
    page.get_by_text("Not booked").wait_for()
    assert page.get_by_label("Code").input_value() == "ITEM=BOLT-7;QTY=0"
    page.keyboard.type(PART)
    page.keyboard.press("Enter")
    page.get_by_text("24 on hand").first.wait_for()
    assert len(events()) == 1
