"""Uploads: every kind of file, each limit, hostile ones, the same one twice; and what is served back."""

import io
import re

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from PIL import Image

from slips.engines import upright
from slips.models import Slip, SlipFile, SlipLine, SlipPage
from slips.paper import uploads
from slips.paper.pages import slip_bytes_max
from slips.queue import jobs
from slips.tests import papers
from slips.tests.conftest import Upload, Work, slip_of

pytestmark = pytest.mark.long


def lines_of(slip: Slip) -> list[tuple[str, object]]:
    return [(line.item_id, line.qty) for line in SlipLine.objects.draft(slip.slip_id)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF"])
def test_every_kind_of_picture_becomes_an_upright_page(ledger: None, upload: Upload, kind: str) -> None:
    slip = slip_of(upload(papers.picture(kind=kind), name="photo"))
    assert jobs.show_pages(slip.slip_id)
    page = SlipPage.objects.get(slip=slip)
    assert (page.width, page.height) == (1240, papers.picture_height(papers.ROWS))


def test_a_photo_that_lies_on_its_side_is_turned_by_its_exif_and_read(ledger: None, upload: Upload, work: Work) -> None:
    slip = slip_of(upload(papers.picture([("PART-88219", 24, "Hex bolt"), ("WSH-0042", 100, "Washer")], turned=True)))
    work()
    page = SlipPage.objects.get(slip=slip)
    assert page.width > page.height
    assert lines_of(slip) == [("PART-88219", 24), ("WSH-0042", 100)]
    assert all(len(line.box) == 4 for line in SlipLine.objects.all())


SIDEWAYS_ROWS: list[papers.PaperRow] = [
    ("PART-88219", 24, "Hex bolt, zinc plated"),
    ("WSH-0042", 100, "Washer, stainless"),
]


def marks(slip: Slip) -> list[tuple[float, float]]:
    """The middle of each line's box, in fractions of its page."""
    boxes = [line.box for line in SlipLine.objects.draft(slip.slip_id)]
    return [((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in boxes]


@pytest.mark.parametrize(
    ("quarters", "rows"), [(1, SIDEWAYS_ROWS), (2, SIDEWAYS_ROWS), (3, SIDEWAYS_ROWS), (3, SIDEWAYS_ROWS[:1])]
)
def test_a_photo_turned_without_exif_is_shown_upright_with_its_marks_on_the_lines(
    ledger: None,
    upload: Upload,
    work: Work,
    client: Client,
    pictures_read_once: None,
    quarters: int,
    rows: list[papers.PaperRow],
) -> None:
    height = papers.picture_height(rows)
    slip = slip_of(upload(papers.picture(rows, quarters=quarters)))
    work()
    assert lines_of(slip) == [(item_id, qty) for item_id, qty, _ in rows]
    page = SlipPage.objects.get(slip=slip)
    assert (page.width, page.height, page.turns) == (1240, height, quarters)
    address = f"/slips/{slip.slip_id}/pages/0?turns={quarters}"
    assert address in client.get(f"/slips/{slip.slip_id}/").content.decode()
    shown = Image.open(io.BytesIO(client.get(address).content)).convert("L")
    assert shown.size == (1240, height)
    assert min(shown.crop((60, 40, 400, 80)).tobytes()) < 100  # the vendor stands at the upper left again
    for place, (x, y) in enumerate(marks(slip)):
        assert (x, y) == pytest.approx((0.45, papers.line_middle(place) / height), abs=0.05)


def test_an_interrupted_reading_does_not_turn_a_page_twice(
    ledger: None, upload: Upload, pictures_read_once: None
) -> None:
    slip = slip_of(upload(papers.picture(SIDEWAYS_ROWS, quarters=1)))
    jobs.show_pages(slip.slip_id)
    for _ in range(2):
        jobs.read(slip.slip_id, is_last=True, check_wanted=lambda: None)
        Slip.objects.filter(slip_id=slip.slip_id).update(state="reading")
    page = SlipPage.objects.get(slip=slip)
    height = papers.picture_height(SIDEWAYS_ROWS)
    assert (page.width, page.height, page.turns) == (1240, height, 1)
    middles = [papers.line_middle(place) / height for place in (0, 1)]
    assert [y for _, y in marks(slip)] == pytest.approx(middles, abs=0.05)


def test_an_upright_photo_is_kept_as_it_came(
    ledger: None, upload: Upload, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upright, "turned_page", lambda page, quarters: pytest.fail("turned"))
    slip = slip_of(upload(papers.picture(SIDEWAYS_ROWS)))
    work()
    assert SlipPage.objects.get(slip=slip).turns == 0
    assert lines_of(slip) == [(item_id, qty) for item_id, qty, _ in SIDEWAYS_ROWS]


def test_sixty_lines_over_three_pages(ledger: None, upload: Upload, work: Work, client: Client) -> None:
    rows = [(f"PART-{1000 + n}", n % 7 + 1, f"Thing {n}") for n in range(60)]
    slip = slip_of(upload(papers.pdf(rows)))
    work()
    assert lines_of(slip) == [(item_id, qty) for item_id, qty, _ in rows]
    assert {line.page for line in SlipLine.objects.all()} == {0, 1, 2}
    assert client.get(f"/slips/{slip.slip_id}/").status_code == 200


def test_several_files_make_one_slip_with_its_pages_numbered_through(ledger: None, upload: Upload, work: Work) -> None:
    slip = slip_of(upload(papers.pdf([("PART-1001", 1, "a")]), papers.pdf([("PART-1002", 2, "b")])))
    work()
    slip.refresh_from_db()
    assert (slip.pages_total, slip.state) == (2, "review")
    assert lines_of(slip) == [("PART-1001", 1), ("PART-1002", 2)]


def test_a_page_without_lines_is_left_to_the_person(ledger: None, upload: Upload, work: Work, client: Client) -> None:
    slip = slip_of(upload(papers.pdf([])))
    work()
    slip.refresh_from_db()
    assert (slip.state, lines_of(slip)) == ("review", [])
    assert "No lines were read" in client.get(f"/slips/{slip.slip_id}/").content.decode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"this is no slip", "neither a PDF nor a picture"),
        (papers.pdf(password="secret"), "password"),
        (b"%PDF-1.7 broken", "damaged|pages"),
        (b"\xff\xd8\xff but no picture", "damaged"),
    ],
)
def test_what_cannot_be_opened_fails_with_a_sentence(
    ledger: None, upload: Upload, work: Work, client: Client, content: bytes, why: str
) -> None:
    slip = slip_of(upload(content))
    work()
    slip.refresh_from_db()
    assert slip.state == "failed"
    assert re.search(why, client.get(f"/slips/{slip.slip_id}/").content.decode())


def test_too_many_pages_over_several_files_fail(ledger: None, upload: Upload, work: Work) -> None:
    rows = [(f"PART-{n}", 1, "x") for n in range(16)]
    slip = slip_of(upload(papers.pdf(rows, rows_per_page=1), papers.pdf(rows, rows_per_page=1, slip_number="2")))
    work()
    slip.refresh_from_db()
    assert (slip.state, "more than 30 pages" in slip.problem) == ("failed", True)


def test_empty_missing_and_too_large_files_are_refused(db: None, upload: Upload, client: Client) -> None:
    for answer, why in (
        (client.post("/slips/new"), "Choose a file"),
        (upload(b""), "is empty"),
        (upload(b"%PDF-" + b"x" * slip_bytes_max), "larger than 20 MB"),
        (upload(*[b"x"] * 31), "31 files"),
    ):
        assert (answer.status_code, Slip.objects.count()) == (422, 0)
        assert why in answer.content.decode()


def test_a_file_just_under_the_limit_is_taken(db: None, upload: Upload) -> None:
    assert upload((b"%PDF-" + b"x" * slip_bytes_max)[:slip_bytes_max]).status_code == 302


def test_a_request_larger_than_any_slip_is_not_even_kept(
    db: None, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "upload_bytes_max", 1000)
    monkeypatch.setattr(uploads, "form_bytes_max", 0)
    answer = upload(b"x" * 2000)
    assert (answer.status_code, Slip.objects.count()) == (422, 0)
    assert "Send fewer at once" in answer.content.decode()


def test_the_same_file_again_stops_with_when_and_by_whom_until_a_reason_is_given(db: None, upload: Upload) -> None:
    first = slip_of(upload(papers.pdf()))
    again = upload(papers.pdf(), papers.pdf(slip_number="other"))
    text = again.content.decode()
    assert again.status_code == 409
    assert "“slip.pdf” was uploaded already, by dana@example.com on" in text
    assert f"/slips/{first.slip_id}/" in text
    second = slip_of(upload(papers.pdf(), again_reason="The first photo was cut off"))
    assert second.again_reason == "The first photo was cut off"


def test_a_discarded_slips_file_may_come_again(db: None, upload: Upload, client: Client) -> None:
    first = slip_of(upload(papers.pdf()))
    client.post(f"/slips/{first.slip_id}/discard")
    assert upload(papers.pdf()).status_code == 302


def test_discarding_while_it_waits_cancels_the_reading(
    ledger: None, upload: Upload, work: Work, client: Client
) -> None:
    slip = slip_of(upload(papers.pdf()))
    client.post(f"/slips/{slip.slip_id}/discard")
    work()
    slip.refresh_from_db()
    assert (slip.state, SlipLine.objects.count()) == ("discarded", 0)


def test_the_progress_tells_pages_and_leads_to_the_review(
    ledger: None, upload: Upload, work: Work, client: Client
) -> None:
    slip = slip_of(upload(papers.pdf()))
    jobs.show_pages(slip.slip_id)
    first = client.get(f"/slips/{slip.slip_id}/progress", HTTP_HX_REQUEST="true")
    assert "Read 0 of 1 page" in first.content.decode()
    assert f"/slips/{slip.slip_id}/pages/0" in first.content.decode()
    assert client.get(f"/slips/{slip.slip_id}/progress?seen=1.0").status_code == 204
    work()
    done = client.get(f"/slips/{slip.slip_id}/progress?seen=1.0", HTTP_HX_REQUEST="true")
    assert done["HX-Redirect"] == f"/slips/{slip.slip_id}/"


def test_pages_are_shown_and_files_only_saved(ledger: None, upload: Upload, client: Client) -> None:
    evil = papers.pdf()
    slip = slip_of(upload(evil, name='a"b\r\nc.html'))
    jobs.show_pages(slip.slip_id)
    page = client.get(f"/slips/{slip.slip_id}/pages/0")
    assert (page["Content-Type"], page.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    file = client.get(f"/slips/{slip.slip_id}/files/0")
    assert file.content == evil
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]
    assert client.get(f"/slips/{slip.slip_id}/pages/9").status_code == 404


@pytest.mark.parametrize(("days", "forgotten"), [(29, 0), (31, 1)])
def test_old_slips_files_are_forgotten_and_their_record_stays(
    ledger: None, upload: Upload, client: Client, days: int, forgotten: int
) -> None:
    slip = slip_of(upload(papers.pdf()))
    jobs.show_pages(slip.slip_id)
    client.post(f"/slips/{slip.slip_id}/discard")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE slips SET changed_at = now() - make_interval(days => %s)", [days])
    assert jobs.forget_old(days=30) == forgotten
    stored = SlipFile.objects.get(slip=slip).stored_name
    assert storages["slips"].exists(stored) == (not forgotten)
    assert client.get(f"/slips/{slip.slip_id}/").status_code == 200
    assert client.get(f"/slips/{slip.slip_id}/files/0").status_code == (404 if forgotten else 200)
    assert jobs.forget_old(days=30) == 0


def test_young_and_unfinished_slips_are_not_forgotten(ledger: None, upload: Upload) -> None:
    upload(papers.pdf())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE slips SET changed_at = now() - interval '99 days'")
    assert jobs.forget_old(days=30) == 0
