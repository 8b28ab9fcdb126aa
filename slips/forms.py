"""The door of the slips' pages: what people type becomes an Edit, a Head or a search, or a sentence."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings

from linesync.ground.forms import NumberField, PiecesField, SentenceForm
from linesync.ground.item_ids import item_id_characters_max, station_characters_max
from linesync.ground.numbers import event_pieces_max, typed
from slips.models import states
from slips.values import Edit, Head, Shown

words_characters_max = 200
# 2,000 lines as a page tells them.
shown_characters_max = 2_000_000


class LineForm(SentenceForm):
    """One line as a person sees it. `do` names the button; without one the line is saved."""

    item_id = forms.CharField(
        required=False,
        max_length=item_id_characters_max,
        error_messages={"max_length": f"An item number has at most {item_id_characters_max} characters."},
    )
    description = forms.CharField(required=False, max_length=words_characters_max * 2)
    qty = NumberField(required=False, most=event_pieces_max)
    found_qty = PiecesField(required=False, most=event_pieces_max)
    version = forms.IntegerField(required=False, min_value=0)
    over = forms.IntegerField(required=False, min_value=0)
    do = forms.CharField(required=False)
    revision = forms.IntegerField(required=False, min_value=0)
    blind = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """A blind check needs a count: the point is that nobody sees what to expect."""
        values = dict(super().clean() or {})
        if values.get("do") == "check" and values.get("blind") and values.get("found_qty") is None:
            self.add_error("found_qty", "Count first, and enter the number of pieces.")
        return values

    def edit(self) -> Edit:
        values = self.cleaned_data
        return Edit(
            values["item_id"], values["qty"], values["description"], values["found_qty"],
            check=values["do"] == "check",
        )  # fmt: skip

    def version_seen(self) -> int:
        """The version that the person knows of: after a conflict, the one they chose to overwrite."""
        values = self.cleaned_data
        seen = values["over"] if values["do"] == "keep" else values["version"]
        return int(seen or 0)


class AddForm(LineForm):
    """A line that the reader did not see; the page names it."""

    line_id = forms.UUIDField(
        error_messages=dict.fromkeys(["required", "invalid"], "Reload the page, then add the line.")
    )

    def clean_item_id(self) -> str:
        item_id = str(self.cleaned_data["item_id"])
        if not item_id:
            raise forms.ValidationError("Enter the item number of the line.")
        return item_id


class HeadForm(SentenceForm):
    """What stands around the lines."""

    vendor = forms.CharField(required=False, max_length=words_characters_max)
    po_number = forms.CharField(required=False, max_length=words_characters_max)
    slip_number = forms.CharField(required=False, max_length=words_characters_max)
    ship_date = forms.CharField(required=False, max_length=words_characters_max)
    head_version = forms.IntegerField(min_value=0)
    revision = forms.IntegerField(required=False, min_value=0)

    def head(self) -> Head:
        values = self.cleaned_data
        return Head(values["vendor"], values["po_number"], values["slip_number"], values["ship_date"])


class ReceiveForm(SentenceForm):
    """The press of Receive."""

    revision = forms.IntegerField(min_value=0, error_messages={"required": "Reload the page, then press Receive."})
    station = forms.CharField(required=False, max_length=station_characters_max)
    check_all = forms.BooleanField(required=False)
    again_reason = forms.CharField(required=False, max_length=words_characters_max)
    shown = forms.CharField(required=False, max_length=shown_characters_max)

    def clean_shown(self) -> dict[UUID, Shown] | None:
        """What the page shows of each line, as its script told; None from a page without script."""
        text = str(self.cleaned_data["shown"])
        if not text:
            return None
        try:
            return {UUID(line_id): _shown(fields) for line_id, fields in json.loads(text).items()}
        except (ValueError, AttributeError, TypeError) as error:
            raise forms.ValidationError(
                "A line of this page is not saved as it stands. Look at its fields, then press Receive again."
            ) from error

    def clean_station(self) -> str:
        """Empty: the packing slip's own station."""
        station = str(self.cleaned_data["station"])
        if station and station not in settings.STATIONS:
            raise forms.ValidationError(f"“{station}” is not a station here.")
        return station


class SearchForm(SentenceForm):
    """What the slips' page is asked for."""

    words = forms.CharField(required=False, max_length=words_characters_max)
    state = forms.ChoiceField(required=False, choices=[("", "All"), *states.items()])
    before = forms.DateTimeField(required=False)


def _shown(fields: dict[str, str]) -> Shown:
    """Raises BadNumber where a field shows what could not have been stored."""
    number, found = (fields.get(name, "").strip() for name in ("qty", "found_qty"))
    return Shown(
        fields.get("item_id", "").strip(), typed(number) if number else None, int(typed(found)) if found else None
    )
