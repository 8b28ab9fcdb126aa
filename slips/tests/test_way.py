"""The whole way of a slip through its front doors: uploaded, read, reviewed, received."""

from django.test import Client

from inventory.models import ScanEvent, Stock
from slips.models import SlipLine
from slips.tests import papers
from slips.tests.conftest import Upload, Work, slip_of


def test_a_pdf_becomes_received_stock(ledger: None, client: Client, upload: Upload, work: Work) -> None:
    rows = [("PART-88219", 24, "Hex bolt M8"), ("WSH-0042", 100, "Washer"), ("PART-88219", 24, "Hex bolt M8")]
    answer = upload(papers.pdf(rows))
    assert answer.status_code == 302
    slip = slip_of(answer)
    assert slip.state == "reading"
    work()
    slip.refresh_from_db()
    assert (slip.state, slip.pages_total, slip.pages_read) == ("review", 1, 1)
    lines = SlipLine.objects.draft(slip.slip_id)
    assert [(line.item_id, line.qty) for line in lines] == [("PART-88219", 24), ("WSH-0042", 100), ("PART-88219", 24)]
    page = client.get(answer["Location"])
    assert page.status_code == 200
    received = client.post(
        f"/slips/{slip.slip_id}/receive", {"revision": slip.revision, "check_all": "1", "station": ""}
    )
    assert received.status_code == 302, received.content.decode()
    assert {event.station_id for event in ScanEvent.objects.all()} == {"PACKING_SLIP"}
    assert Stock.objects.get(item_id="PART-88219").on_hand_qty == 48
    shown = client.get(answer["Location"]).content.decode()
    assert "24 → 48" in shown
    assert "Received" in shown
