"""What only a browser can show: the whole way on a handheld, the paper beside its lines, the same without script."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from inventory.bookings import INTAKE, Scan
from inventory.models import ScanEvent, Stock
from slips.desk import receiving
from slips.models import Slip, SlipLine
from slips.tests import papers
from slips.tests.conftest import Upload, Work, slip_of, start_worker, to_review

pytestmark = pytest.mark.long

# Generous: a test machine may be busy with other things.
wait_seconds_max = 120
ROWS = [("PART-88219", 24, "Hex bolt M8"), ("WSH-0042", 100, "Washer"), ("PART-88219", 24, "Hex bolt M8")]


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    process = start_worker()
    yield process
    process.terminate()
    process.wait(wait_seconds_max)


def eventually(is_true: Callable[[], Any]) -> None:
    """Wait for what the server does after the browser has gone."""
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def line_at(page: Any, place: int) -> Any:
    return page.locator(".line").nth(place)


def test_the_whole_way_on_a_handheld(
    ledger: None,
    live_server: LiveServer,
    open_browser: Callable[..., Any],
    worker: subprocess.Popen[bytes],
    tmp_path: Path,
) -> None:
    (tmp_path / "slip.jpg").write_bytes(papers.picture(ROWS))
    page = open_browser()
    page.goto(live_server.url + "/slips/")
    page.get_by_role("link", name="New slip").click()
    page.locator("#photo").set_input_files(tmp_path / "slip.jpg")
    page.locator("#chosen img").wait_for()
    page.get_by_role("button", name="Read this slip").click()
    page.get_by_text("To review").first.wait_for()
    page.locator(".line").nth(2).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    line_at(page, 0).get_by_label("Counted").fill("20")
    line_at(page, 0).get_by_role("button", name="Checked").click()
    line_at(page, 0).get_by_text("4 fewer than the paper says").wait_for()
    line_at(page, 1).get_by_role("button", name="Checked").click()
    page.get_by_text("2 of 3 checked").wait_for()
    page.get_by_role("button", name="Receive").click()
    page.get_by_text("Nobody has checked line 3 yet").wait_for()
    line_at(page, 2).get_by_role("button", name="Checked").click()
    page.get_by_text("3 of 3 checked").wait_for()
    page.get_by_role("button", name="Receive").click()
    page.get_by_text("20 → 44").wait_for()
    assert Stock.objects.get(item_id="PART-88219").on_hand_qty == 44
    # The refusal of the first press is what the browser itself reports as a failed resource.
    assert page.complaints == []


def test_a_photo_taken_before_the_script_came_is_shown_and_sent(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "slip.jpg").write_bytes(papers.picture(ROWS))
    page = open_browser()
    held = []
    page.route("**/slip_new*.js", lambda route: held.append(route))
    page.goto(f"{live_server.url}/slips/new", wait_until="commit")
    page.locator("#photo").set_input_files(tmp_path / "slip.jpg")
    held[0].continue_()
    page.locator("#chosen img").wait_for()
    assert page.evaluate("document.getElementById('new-slip').elements.files.files.length") == 1


def test_a_line_and_its_mark_are_chosen_together(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], upload: Upload, work: Work
) -> None:
    slip = slip_of(upload(papers.pdf(ROWS)))
    work()
    page = open_browser(viewport={"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    line_at(page, 1).get_by_label("Counted").focus()
    ids = [line.line_id for line in SlipLine.objects.draft(slip.slip_id)]
    page.locator(f"#mark-{ids[1]}.is-chosen").wait_for()
    page.locator(f"#mark-{ids[2]} rect").click()
    page.locator(f"#line-{ids[2]}.is-chosen").wait_for()
    assert page.evaluate("document.activeElement.name") == "item_id"
    page.keyboard.press("ArrowUp")
    page.locator(f"#mark-{ids[1]}.is-chosen").wait_for()
    box, picture = page.locator(f"#mark-{ids[0]} rect").bounding_box(), page.locator(".page img").bounding_box()
    assert picture["x"] < box["x"] < picture["x"] + picture["width"] / 4
    assert page.complaints == []


def test_what_is_typed_is_kept_without_pressing_anything(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 5))
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    line_at(page, 0).get_by_label("Paper").fill("13")
    line_at(page, 1).get_by_label("Paper").click()
    page.get_by_text("2 lines, 18 pieces").wait_for()
    page.close()
    assert SlipLine.objects.get(item_id="PART-1").qty == 13


def test_what_is_typed_is_kept_when_the_tab_goes_away_in_the_middle_of_a_field(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 5))
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    line_at(page, 0).get_by_label("Counted").press_sequentially("11")
    page.goto("about:blank")
    eventually(lambda: SlipLine.objects.get(item_id="PART-1").found_qty == 11)
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    line_at(page, 0).get_by_label("Counted").fill("10")
    line_at(page, 0).get_by_role("button", name="Checked").click()
    page.get_by_text("1 of 2 checked").wait_for()
    assert SlipLine.objects.get(item_id="PART-1").found_qty == 10


def test_a_vendor_half_typed_is_kept_when_the_tab_goes_away(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    slip = to_review(("PART-1", 12))
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    page.get_by_label("Vendor").press_sequentially("Acme")
    page.goto("about:blank")
    eventually(lambda: Slip.objects.get().vendor == "Acme")


def test_a_check_under_way_when_the_tab_goes_away_is_a_check(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    slip = to_review(("PART-1", 12))
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    line_at(page, 0).get_by_role("button", name="Checked").click(no_wait_after=True)
    page.goto("about:blank")
    eventually(lambda: SlipLine.objects.get().checked_by == "dana@example.com")


def test_adding_is_ready_for_the_next_line_and_a_double_tap_adds_one(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    slip = to_review(("PART-1", 12))
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    page.get_by_label("Add a line: item").fill("NEW-1")
    page.locator("#add-qty").fill("3")
    page.get_by_role("button", name="Add", exact=True).dblclick()
    page.get_by_text("2 lines, 15 pieces").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.get_by_label("Add a line: item").input_value() == ""
    assert page.evaluate("document.activeElement.id") == "add-item"
    page.keyboard.type("NEW-2")
    page.keyboard.press("Enter")
    page.get_by_text("3 lines, 15 pieces").wait_for()
    assert [line.item_id for line in SlipLine.objects.draft(slip.slip_id)] == ["PART-1", "NEW-1", "NEW-2"]
    assert page.complaints == []


def test_enter_in_a_field_checks_the_line_with_what_was_just_typed(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    slip = to_review(("PART-1", 12))
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    line_at(page, 0).get_by_label("Counted").fill("11")
    page.keyboard.press("Enter")
    page.get_by_text("1 of 1 checked").wait_for()
    line = SlipLine.objects.get()
    assert (line.found_qty, line.checked_by) == (11, "dana@example.com")


def test_a_conflict_keeps_what_was_typed_on_the_screen_and_asks(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], client: Client
) -> None:
    slip = to_review(("PART-1", 12))
    line = SlipLine.objects.get()
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    fields = {"item_id": "PART-1", "qty": "50", "found_qty": "", "description": "", "version": 1, "do": "save"}
    client.post(f"/slips/{slip.slip_id}/lines/{line.line_id}", fields)
    line_at(page, 0).get_by_label("Paper").fill("13")
    line_at(page, 0).get_by_role("button", name="Checked").click()
    page.get_by_text("It now says PART-1, 50").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert line_at(page, 0).get_by_label("Paper").input_value() == "13"
    assert SlipLine.objects.get().qty == 50
    page.get_by_role("button", name="Keep mine").click()
    page.get_by_text("1 line, 13 pieces").wait_for()


def test_two_people_on_two_lines_and_nothing_unseen_is_received(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    slip = to_review(("PART-1", 12), ("PART-2", 5))
    dana, kim = open_browser(), open_browser(viewport={"width": 1280, "height": 800})
    for page in (dana, kim):
        page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    line_at(kim, 0).get_by_label("Paper").fill("50")
    kim.keyboard.press("Enter")
    kim.get_by_text("1 of 2 checked").wait_for()
    line_at(dana, 1).get_by_role("button", name="Checked").click()
    dana.get_by_text("2 of 2 checked").wait_for()
    dana.get_by_text("This slip was changed elsewhere since you opened this page").wait_for()
    dana.get_by_role("button", name="Receive").click()
    dana.get_by_text("Nothing was received; look again.").wait_for()
    with dana.expect_navigation():
        dana.get_by_role("link", name="Show the slip as it stands now").click()
    assert line_at(dana, 0).get_by_label("Paper").input_value() == "50"
    dana.get_by_role("button", name="Receive").click()
    dana.get_by_text("0 → 50").wait_for()


def test_dropped_files_join_the_chosen_ones_and_are_seen(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "first.jpg").write_bytes(papers.picture())
    page = open_browser(viewport={"width": 1280, "height": 800})
    page.goto(live_server.url + "/slips/new")
    page.locator("#files").set_input_files(tmp_path / "first.jpg")
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["%PDF-1.7"], "second.pdf", { type: "application/pdf" }));
          document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }"""
    )
    page.get_by_text("second.pdf (1 kB)").wait_for()
    assert page.evaluate("Array.from(document.getElementById('files').files, (file) => file.name)") == [
        "first.jpg",
        "second.pdf",
    ]
    page.get_by_role("button", name="Remove first.jpg").click()
    assert page.locator("#chosen li").count() == 1
    assert page.complaints == []


def test_while_files_are_on_their_way_the_button_says_so(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "slip.txt").write_bytes(b"")
    page, held = open_browser(), []
    page.goto(live_server.url + "/slips/new")
    page.route("**/slips/new", lambda route: held.append(route))
    page.locator("#files").set_input_files(tmp_path / "slip.txt")
    page.get_by_role("button", name="Read this slip").click()
    page.get_by_role("button", name="Sending").wait_for()
    assert page.get_by_role("button", name="Sending").is_disabled()
    held[0].continue_()
    page.get_by_text("is empty").wait_for()
    assert page.get_by_role("button", name="Read this slip").is_enabled()


def test_a_suggested_item_is_one_tap(ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]) -> None:
    ScanEvent.objects.record(Scan(INTAKE, "DOCK-1", "ITEM=WSH-0042;QTY=1", "WSH-0042", 1))
    slip = to_review(("WSH-OO42", 12))
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    page.get_by_role("button", name="WSH-0042").click()
    page.get_by_text("Unknown item").wait_for(state="detached")
    assert SlipLine.objects.get().item_id == "WSH-0042"


def test_lines_are_split_removed_put_back_and_added_without_a_reload(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    slip = to_review(("PART-1", 12))
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{slip.slip_id}/")
    line_at(page, 0).get_by_role("button", name="Split").click()
    page.get_by_text("2 lines, 12 pieces").wait_for()
    line_at(page, 1).get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Put back").wait_for()
    page.get_by_text("1 line, 12 pieces").wait_for()
    page.get_by_label("Add a line: item").fill("NEW-1")
    page.locator("#add-qty").fill("3")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("2 lines, 15 pieces").wait_for()
    line_at(page, 1).get_by_role("button", name="Checked").click()
    page.get_by_text("1 of 2 checked").wait_for()
    assert page.complaints == []


def test_the_whole_way_without_script(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], work: Work, tmp_path: Path
) -> None:
    (tmp_path / "slip.pdf").write_bytes(papers.pdf(ROWS[:2]))
    page = open_browser(java_script_enabled=False)
    page.goto(live_server.url + "/slips/new")
    page.locator("#files").set_input_files(tmp_path / "slip.pdf")
    page.get_by_role("button", name="Read this slip").click()
    work()
    page.goto(f"{live_server.url}/slips/{Slip.objects.get().slip_id}/")
    line_at(page, 0).get_by_label("Counted").fill("20")
    line_at(page, 0).get_by_role("button", name="Checked").click()
    page.get_by_text("1 of 2 checked").wait_for()
    page.get_by_label("I checked all lines").check()
    page.get_by_role("button", name="Receive").click()
    page.get_by_text("0 → 20").wait_for()
    assert ScanEvent.objects.count() == 2


def test_receiving_a_delivery_twice_asks_for_a_reason(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any]
) -> None:
    first, second = (to_review(("PART-1", 1), digest="same") for _ in range(2))
    first.refresh_from_db()
    receiving.receive(first.slip_id, revision=first.revision, by="kim@example.com", check_all=True)
    page = open_browser()
    page.goto(f"{live_server.url}/slips/{second.slip_id}/")
    page.get_by_text("This file was received already, by kim@example.com").wait_for()
    page.get_by_label("I checked all lines").check()
    page.get_by_role("button", name="Receive").click()
    page.get_by_label("If it really came twice").fill("Second pallet")
    page.get_by_role("button", name="Receive").click()
    page.get_by_text("Received before; again because: Second pallet").wait_for()


def test_the_same_file_again_takes_a_reason(
    ledger: None, live_server: LiveServer, open_browser: Callable[..., Any], upload: Upload, tmp_path: Path
) -> None:
    upload(papers.pdf())
    (tmp_path / "slip.pdf").write_bytes(papers.pdf())
    page = open_browser()
    page.goto(live_server.url + "/slips/new")
    page.locator("#files").set_input_files(tmp_path / "slip.pdf")
    page.get_by_role("button", name="Read this slip").click()
    page.get_by_text("was uploaded already, by dana@example.com").wait_for()
    page.get_by_label("To upload it again all the same").fill("The first was cut off")
    page.get_by_role("button", name="Read this slip").click()
    page.get_by_text("again because: The first was cut off").wait_for()
    assert Slip.objects.count() == 2
