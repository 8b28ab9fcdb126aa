"""Frames, typed codes and photos through the front door, then a look at the table."""

import re
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from PIL import Image, ImageFilter
from pytest_django.fixtures import DjangoAssertNumQueries

from inventory import scanning
from inventory.bookings import INTAKE, Scan
from inventory.decoding.symbol import Symbol
from inventory.forms import code_characters_max, state_characters_max
from inventory.labels import parse
from inventory.models import ScanEvent, Stock
from inventory.pictures import frame_bytes_max
from inventory.sighting import Scene, gone_milliseconds_min, hold_milliseconds_min, labels_in_view_max
from inventory.tests.film import Placed, frame, jpeg, picture
from linesync.testing import at_once
from signals.models import Signal
from slips.paper.uploads import form_bytes_max, upload_bytes_max

PART = "ITEM=PART-88219;QTY=24"
OTHER = "ITEM=BOLT-7;QTY=5"


class Handheld:
    """A page with a camera: posts frames and brings the page's state back, as the script and htmx do."""

    def __init__(self, client: Client, station: str = "DOCK-1", direction: str = "receive") -> None:
        self.client, self.station, self.direction, self.state = client, station, direction, ""

    def shows(self, *placed: Placed, data: bytes | None = None) -> Any:
        picture = SimpleUploadedFile("frame.jpg", frame(*placed) if data is None else data, "image/jpeg")
        answer = self.client.post(
            f"/{self.direction}/frame",
            {"station": self.station, "state": self.state, "frame": picture},
            headers={"HX-Request": "true"},
        )
        if found := re.search(r'name="state" value="([^"]*)"', answer.content.decode()):
            self.state = found[1]
        return answer


@pytest.fixture
def handheld(client: Client) -> Handheld:
    return Handheld(client)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The server's clock, moved by hand, in milliseconds."""
    now = {"ms": 1_800_000_000_000}
    monkeypatch.setattr(time, "time_ns", lambda: now["ms"] * 1_000_000)
    return lambda milliseconds: now.update(ms=now["ms"] + milliseconds)


@pytest.fixture
def one_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one engine reads, so that the two-frame rule decides."""
    monkeypatch.setattr(scanning, "confirm", lambda gray, symbol: symbol)


def counts() -> list[tuple[str, str, str, str | None]]:
    return sorted(ScanEvent.objects.values_list("event_type", "station_id", "barcode_raw", "user_email"))


def test_both_decoders_in_one_frame_are_enough(db: None, handheld: Handheld) -> None:
    answer = handheld.shows(PART)
    assert "+24 PART-88219" in answer.content.decode()
    assert "24 on hand" in answer.content.decode()
    assert counts() == [("INTAKE", "DOCK-1", PART, "dana@example.com")]


def test_one_decoder_needs_two_frames_300_ms_apart(
    db: None, handheld: Handheld, clock: Callable[[int], None], one_decoder: None
) -> None:
    assert "Hold it still" in handheld.shows(PART).content.decode()
    clock(hold_milliseconds_min - 1)
    handheld.shows(PART)
    assert counts() == []
    clock(1)
    handheld.shows(PART)
    assert len(counts()) == 1


def test_a_label_in_view_counts_once_however_long(db: None, handheld: Handheld, clock: Callable[[int], None]) -> None:
    for _ in range(40):
        handheld.shows(PART)
        clock(1000)
    assert len(counts()) == 1


def test_a_label_under_a_slow_camera_counts_once(db: None, handheld: Handheld, clock: Callable[[int], None]) -> None:
    for _ in range(5):
        handheld.shows(PART)
        clock(10_000)
    assert len(counts()) == 1


@pytest.mark.parametrize(("away", "events"), [(gone_milliseconds_min - 1, 1), (gone_milliseconds_min, 2)])
def test_it_counts_again_only_after_three_seconds_out_of_view(
    db: None, handheld: Handheld, clock: Callable[[int], None], away: int, events: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "repeat_seconds", None)
    handheld.shows(PART)
    clock(500)
    handheld.shows()
    clock(away)
    handheld.shows(PART)
    assert len(counts()) == events


@pytest.mark.parametrize("spoiled", ["blurred", "dim"])
def test_a_counted_label_that_cannot_be_read_for_a_while_has_not_left(
    db: None, handheld: Handheld, clock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, spoiled: str
) -> None:
    monkeypatch.setattr(scanning, "repeat_seconds", None)
    handheld.shows(PART)
    image = picture(PART, size=(960, 320))
    image = image.filter(ImageFilter.GaussianBlur(14)) if spoiled == "blurred" else image.point(lambda v: 8 + v // 24)
    for _ in range(8):
        clock(1000)
        handheld.shows(data=jpeg(image, quality=30))
    handheld.shows(PART)
    assert len(counts()) == 1


def test_two_labels_in_turn_count_once_each(db: None, handheld: Handheld, clock: Callable[[int], None]) -> None:
    for _ in range(6):
        for payload in (PART, OTHER):
            handheld.shows(payload)
            clock(700)
    assert len(counts()) == 2


def test_the_label_at_the_centre_is_meant(db: None, handheld: Handheld) -> None:
    handheld.shows((PART, (480, 160)), (OTHER, (140, 160)))
    assert [row[2] for row in counts()] == [PART]


def test_between_two_labels_equally_near_nothing_is_guessed(db: None, handheld: Handheld) -> None:
    answer = handheld.shows((PART, (300, 160)), (OTHER, (660, 160)))
    assert "Two labels are equally near" in answer.content.decode()
    assert counts() == []


def test_a_lost_reply_books_once_and_tells_it_again(db: None, handheld: Handheld) -> None:
    before = handheld.state
    handheld.shows()
    before = handheld.state
    handheld.shows(PART)
    handheld.state = before
    answer = handheld.shows(PART)
    assert "+24 PART-88219" in answer.content.decode()
    assert len(counts()) == 1


def test_a_ticket_that_comes_again_after_a_long_outage_is_done_and_says_when_it_was_booked(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "lost_reply_seconds_max", -1)
    typed = {"station": "DOCK-1", "code": PART, "event_id": str(uuid4())}
    client.post("/receive/", typed)
    answer = client.post("/receive/", typed)
    assert (answer.status_code, len(counts())) == (200, 1)
    assert "Already booked at" in answer.content.decode()


def test_a_lost_reply_does_not_swallow_the_next_carton(
    db: None, handheld: Handheld, clock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "repeat_seconds", None)
    handheld.shows()
    before = handheld.state
    handheld.shows(PART)
    handheld.state = before
    for _ in range(4):
        clock(1500)
        handheld.shows()
    handheld.shows(PART)
    assert len(counts()) == 2


def test_two_tabs_before_one_label_count_it_once(db: None, client: Client) -> None:
    Handheld(client).shows(PART)
    answer = Handheld(client).shows(PART)
    assert "Repeat" in answer.content.decode()
    assert len(counts()) == 1


def test_two_stations_and_both_directions_never_block_each_other(db: None, client: Client) -> None:
    for station in ("DOCK-1", "DOCK-2"):
        for direction in ("receive", "consume"):
            Handheld(client, station, direction).shows(PART)
    assert len(counts()) == 4


def test_a_frame_without_a_label_costs_no_query(
    db: None, handheld: Handheld, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        handheld.shows()
        assert handheld.shows().status_code == 204


def test_a_foreign_symbol_is_named_and_never_booked(db: None, handheld: Handheld) -> None:
    answer = handheld.shows("https://example.com/carrier")
    assert "not one of our labels" in answer.content.decode()
    assert counts() == []


def test_a_label_of_ours_with_a_bad_quantity_says_what_is_wrong(db: None, handheld: Handheld) -> None:
    answer = handheld.shows("ITEM=PART-1;QTY=0")
    assert "Nothing was booked" in answer.content.decode()
    assert counts() == []


def png_bomb() -> bytes:
    buffer = BytesIO()
    Image.new("1", (12_000, 12_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", frame(PART)[:700], b"\xff" * (frame_bytes_max + 1), png_bomb()],
    ids=["0 bytes", "not an image", "truncated", "too many bytes", "PNG bomb"],
)
def test_a_bad_picture_is_refused_with_a_sentence(db: None, handheld: Handheld, data: bytes) -> None:
    answer = handheld.shows(data=data)
    assert answer.status_code == 422
    assert re.search(r'class="hint">[A-Z].{15,}\.', answer.content.decode())
    assert counts() == []


@pytest.mark.parametrize(
    "state", ["forged", Scene.empty("DOCK-1", INTAKE).signed()[:-1] + "!", "x" * (state_characters_max + 1)]
)
def test_a_forged_page_state_is_refused(db: None, handheld: Handheld, state: str) -> None:
    handheld.state = state
    answer = handheld.shows(PART)
    assert answer.status_code == 422
    assert "afresh" in answer.content.decode()
    assert counts() == []


def test_an_expired_page_state_is_refused_and_what_lies_there_has_to_go_first(
    db: None, handheld: Handheld, clock: Callable[[int], None]
) -> None:
    with mock.patch("django.core.signing.time.time", return_value=1_000_000_000):
        handheld.state = Scene.empty("DOCK-1", INTAKE).signed()
    assert handheld.shows(PART).status_code == 422
    for _ in range(5):
        clock(1000)
        handheld.shows(PART)
    assert counts() == []
    for _ in range(5):
        clock(1000)
        handheld.shows()
    handheld.shows(PART)
    assert len(counts()) == 1


def test_a_damaged_frame_does_not_make_a_carton_that_lies_there_count_again(
    db: None, handheld: Handheld, clock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "repeat_seconds", None)
    handheld.shows(PART)
    clock(4000)
    assert handheld.shows(data=b"\xff\xd8\xff damaged").status_code == 422
    handheld.shows(PART)
    assert len(counts()) == 1


@pytest.mark.parametrize("path", ["/receive/", "/receive/undo"])
def test_a_station_that_no_text_can_hold_is_refused(db: None, client: Client, path: str) -> None:
    values = {"station": "A\0", "code": PART, "event_id": str(uuid4())}
    assert client.post(path, values, headers={"HX-Request": "true"}).status_code == 422


def test_a_page_remembers_a_limited_number_of_labels() -> None:
    gray, payloads = np.zeros((320, 960), np.uint8), [f"ITEM=P{n};QTY=1" for n in range(labels_in_view_max + 1)]
    scene = Scene.empty("DOCK-1", INTAKE).after(payloads, gray, now=1_800_000_000_000)
    corners = ((100, 100), (200, 100), (200, 200), (100, 200))
    for payload in payloads:
        scene = scene.counted(payload).remembering([Symbol(payload, "QRCode", corners, frozenset())], gray)
    assert len(scene.sightings) == labels_in_view_max
    assert Scene.unsigned(scene.signed()) == scene
    assert len(scene.signed()) < state_characters_max


def typed(client: Client, code: str = PART, **values: str) -> Any:
    return client.post("/receive/", {"station": "DOCK-1", "code": code, **values})


@pytest.mark.parametrize("code", [
    "", "ITEM=P;QTY=0", "ITEM=P;QTY=-1", "ITEM=P;QTY=1.5", "ITEM=P;QTY=1000000", "ITEM=P;QTY=１２", "ITEM=P\nQ;QTY=1",
    "QTY=1", "ITEM=P;Q;QTY=1", f"ITEM={'P' * 65};QTY=1", "ITEM=<script>;QTY=1", "ITEM==HYPERLINK(1);QTY=1",
    "ITEM=P;QTY=1" + " " * 500,
])  # fmt: skip
def test_a_bad_code_is_refused_with_a_sentence_and_stays_in_the_field(db: None, client: Client, code: str) -> None:
    answer = typed(client, code)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Not booked" in text
    assert "<script>;" not in text
    assert counts() == []


def test_an_unknown_station_is_refused_and_the_stations_are_named(db: None, client: Client) -> None:
    answer = typed(client, station="DOCK-99")
    assert answer.status_code == 422
    assert "DOCK-1, DOCK-2" in answer.content.decode()


def test_a_typed_code_without_an_id_is_guarded_against_repeats(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vars(scanning)["repeat_seconds"] == 3
    # Stretched, so that a busy machine is never too slow for it.
    monkeypatch.setattr(scanning, "repeat_seconds", 180)
    assert typed(client).status_code == 200
    again = typed(client)
    assert again.status_code == 429
    wait = re.search(r"Wait (\d+) s", again.content.decode())
    assert wait
    assert 1 <= int(wait[1]) <= 180
    assert len(counts()) == 1


def test_a_typed_code_with_its_own_id_counts_every_time_and_each_id_once(db: None, client: Client) -> None:
    ids = [str(uuid4()), str(uuid4())]
    for event_id in ids * 2:
        assert typed(client, event_id=event_id).status_code == 200
    assert Stock.objects.get().on_hand_qty == 48


def test_a_broken_id_is_refused(db: None, client: Client) -> None:
    assert typed(client, event_id="42").status_code == 422


def test_a_lost_database_says_so_and_keeps_what_was_typed(db: None, client: Client) -> None:
    event_id = str(uuid4())
    with mock.patch.object(ScanEvent.objects, "record", side_effect=OperationalError("connection refused")):
        answer = typed(client, event_id=event_id)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    text = answer.content.decode()
    assert f'value="{event_id}"' in text
    assert PART in text
    assert typed(client, event_id=event_id).status_code == 200
    assert len(counts()) == 1


def test_a_frame_during_a_lost_database_books_when_it_is_back(db: None, handheld: Handheld) -> None:
    handheld.shows()
    with mock.patch.object(ScanEvent.objects, "record", side_effect=OperationalError("connection refused")):
        assert handheld.shows(PART).status_code == 503
    handheld.shows(PART)
    assert len(counts()) == 1


def test_a_photo_offers_what_was_read_and_books_after_a_look(db: None, client: Client) -> None:
    photo = SimpleUploadedFile("carton.jpg", jpeg(picture(PART)), "image/jpeg")
    text = client.post("/receive/", {"station": "DOCK-1", "photo": photo}).content.decode()
    assert counts() == []
    offered = re.search(r'name="event_id" value="([^"]+)">\s*<p class="big">24 PART-88219', text)
    assert offered
    typed(client, event_id=offered[1])
    assert len(counts()) == 1


@pytest.mark.parametrize("over", [0, 1])
def test_a_photo_that_did_not_arrive_is_told(db: None, client: Client, over: int) -> None:
    """None was chosen; or it was so large that it was dropped on the way."""
    large = SimpleUploadedFile("carton.jpg", b"\xff" * (upload_bytes_max + form_bytes_max), "image/jpeg")
    answer = client.post("/receive/", {"station": "DOCK-1", **({"photo": large} if over else {})})
    assert answer.status_code == 422
    assert "No photo arrived" in answer.content.decode()


@pytest.mark.parametrize(("length", "status"), [(code_characters_max, 200), (code_characters_max + 1, 422)])
def test_a_code_has_a_longest_length(db: None, client: Client, length: int, status: int) -> None:
    answer = typed(client, PART.ljust(length))
    assert answer.status_code == status
    assert ("too long for a label" in answer.content.decode()) == (status == 422)


def test_a_photo_without_a_label_says_why(db: None, client: Client) -> None:
    photo = SimpleUploadedFile("wall.jpg", jpeg(picture()), "image/jpeg")
    answer = client.post("/receive/", {"station": "DOCK-1", "photo": photo})
    assert answer.status_code == 422


def test_the_device_remembers_its_station(db: None, client: Client) -> None:
    typed(client, station="LINE-2")
    assert "<option selected>LINE-2</option>" in client.get("/consume/").content.decode()


def test_on_hand_below_zero_is_told_loudly(db: None, client: Client) -> None:
    answer = client.post("/consume/", {"station": "LINE-1", "code": PART})
    assert "count this item" in answer.content.decode()


def test_payloads_are_booked_as_read(db: None, client: Client) -> None:
    label = parse("  ITEM=A.b/c+d#e:1;QTY=007\r\n")
    typed(client, "  ITEM=A.b/c+d#e:1;QTY=007\r\n")
    assert counts()[0][2] == label.payload == "ITEM=A.b/c+d#e:1;QTY=007"


def undo(client: Client, event_id: UUID | str) -> Any:
    return client.post("/receive/undo", {"station": "DOCK-1", "event_id": event_id})


def test_undo_appends_the_opposite_once(db: None, client: Client) -> None:
    event_id = str(uuid4())
    typed(client, event_id=event_id)
    for _ in range(3):
        answer = undo(client, event_id)
        assert answer.status_code == 200
        assert "0 on hand" in answer.content.decode()
    assert counts() == [
        ("CONSUME", "DOCK-1", f"UNDO={event_id}", "dana@example.com"),
        ("INTAKE", "DOCK-1", PART, "dana@example.com"),
    ]


def test_an_undo_cannot_be_undone_and_an_unknown_booking_is_refused(db: None, client: Client) -> None:
    event_id = str(uuid4())
    typed(client, event_id=event_id)
    undo(client, event_id)
    opposite = ScanEvent.objects.get(event_type="CONSUME").event_id
    assert undo(client, opposite).status_code == 422
    assert undo(client, uuid4()).status_code == 422
    assert undo(client, "nonsense").status_code == 422
    assert len(counts()) == 2


def test_undoing_the_consume_that_opened_a_signal_fulfils_it(db: None, client: Client) -> None:
    typed(client)
    event_id = str(uuid4())
    client.post("/consume/", {"station": "LINE-1", "code": PART, "event_id": event_id})
    assert Signal.objects.get().status == "OPEN"
    undo(client, event_id)
    assert Signal.objects.get().status == "FULFILLED"


def test_twenty_undos_at_once_write_one_row(ledger: None) -> None:
    booking = ScanEvent.objects.record(Scan(INTAKE, "DOCK-1", PART, "PART-88219", 24))
    results = at_once([lambda: ScanEvent.objects.undo(booking.event_id, user_email=None)] * 20)
    assert sum(result.first for result in results) == 1
    assert Stock.objects.get().on_hand_qty == 0


def test_the_labels_page_makes_a_sheet(client: Client) -> None:
    answer = client.post("/labels/", {"pairs": "PART-88219:24\nA:B:7\n", "copies": "2", "paper": "A4"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("pairs", ["", "PART-88219", "PART:0", "PART:1000000", "<b>:1"])
def test_the_labels_page_refuses_with_a_sentence(client: Client, pairs: str) -> None:
    answer = client.post("/labels/", {"pairs": pairs, "copies": "1", "paper": "A4"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
