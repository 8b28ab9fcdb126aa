"""Pictures, files and lists that a slip's pages link to."""

import csv
import re
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from linesync.ground.cells import formula_safe
from slips.checks import plain
from slips.models import Receipt, SlipFile, SlipPage
from slips.paper import storages

columns = [
    "received_at", "received_by", "vendor", "po_number", "slip_number", "position", "item_id", "description",
    "slip_qty", "found_qty", "difference",
]  # fmt: skip


@require_safe
def page(request: HttpRequest, slip_id: UUID, number: int) -> HttpResponse:
    """A page's picture: a JPEG that our own renderer wrote."""
    found = get_object_or_404(SlipPage, slip_id=slip_id, number=number)
    response = HttpResponse(_kept(found.stored_name), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def file(request: HttpRequest, slip_id: UUID, position: int) -> HttpResponse:
    """The file as it was sent: foreign bytes, to be saved and never to be shown in our name."""
    found = get_object_or_404(SlipFile, slip_id=slip_id, position=position)
    response = HttpResponse(_kept(found.stored_name), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_safe
def differences_csv(request: HttpRequest, slip_id: UUID | None = None) -> HttpResponse:
    """What came over or short, for the buyer's spreadsheet."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="differences.csv"'
    writer = csv.writer(response)
    writer.writerow(columns)
    for row in Receipt.objects.differences(slip_id):
        row |= {"slip_qty": plain(row["slip_qty"]), "difference": plain(row["difference"])}
        row["received_at"] = row["received_at"].isoformat(timespec="seconds")
        writer.writerow([harmless(row[column]) for column in columns])
    return response


def harmless(value: Any) -> str:
    """The value as text that a spreadsheet does not take for a formula. Numbers stay numbers."""
    text = "" if value is None else str(value)
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    return formula_safe(text)


def _kept(name: str) -> bytes:
    try:
        return storages.kept(name)
    except FileNotFoundError as gone:
        raise Http404 from gone
