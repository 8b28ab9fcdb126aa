"""The door: bytes and strings from a page become a Label, a picture or a Scene, or a sentence."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from inventory.bookings import EventType
from inventory.decoding.symbol import Gray
from inventory.labels import BadLabel, Label, parse
from inventory.pictures import BadPicture, frame_bytes_max, read_gray, read_photo
from inventory.sheets import BadSheet, label_of_pair, label_sheet, papers, sheet_labels_max
from inventory.sighting import BadPageState, Scene
from linesync.ground.forms import PiecesField, SentenceForm
from linesync.ground.item_ids import station_characters_max
from linesync.ground.pictures import photo_bytes_max

code_characters_max = 500
state_characters_max = 8000
photo_missing = f"No photo arrived. Take or choose one, of at most {photo_bytes_max // 2**20} MB."


class StationForm(SentenceForm):
    """Every scan says where it happens."""

    station = forms.CharField(
        max_length=station_characters_max, error_messages={"required": "Choose the station you are at."}
    )

    def clean_station(self) -> str:
        station = str(self.cleaned_data["station"])
        if station not in settings.STATIONS:
            known = ", ".join(settings.STATIONS)
            raise ValidationError(f"“{station}” is not a station here. The stations are {known}.")
        return station


class CodeForm(StationForm):
    """A code typed by a person or by a hardware scanner."""

    code = forms.CharField(
        max_length=code_characters_max,
        strip=False,
        error_messages={
            "required": "Type or scan a label's code first.",
            "max_length": f"This is too long for a label: a code has at most {code_characters_max} characters.",
        },
    )
    event_id = forms.UUIDField(
        required=False, error_messages={"invalid": "This page lost its thread. Reload it and scan again."}
    )

    def clean_code(self) -> Label:
        try:
            return parse(str(self.cleaned_data["code"]))
        except BadLabel as bad:
            raise ValidationError(str(bad)) from bad


class UndoForm(StationForm):
    """Which event to reverse."""

    event_id = forms.UUIDField(error_messages={"required": "Choose a booking.", "invalid": "There is no such booking."})


class PhotoForm(StationForm):
    """A still photo of labels, for where there is no live camera."""

    photo = forms.FileField(allow_empty_file=True, error_messages={"required": photo_missing})

    def clean_photo(self) -> Gray:
        return _picture(self.cleaned_data["photo"], read_photo, photo_bytes_max)


class FrameForm(StationForm):
    """One frame of the live camera and the page's state."""

    frame = forms.FileField(allow_empty_file=True, error_messages={"required": "The camera sent no picture."})
    state = forms.CharField(required=False)

    def __init__(self, *arguments: Any, event_type: EventType, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.event_type = event_type

    def clean_frame(self) -> Gray:
        return _picture(self.cleaned_data["frame"], read_gray, frame_bytes_max)

    def clean(self) -> dict[str, Any]:
        """Adds `scene`: the page's own, or an empty one where the page has none or moved to another station."""
        values = dict(super().clean() or {})
        if "station" not in values:
            return values
        try:
            scene = _scene(values["state"]) if values.get("state") else None
        except BadPageState:
            raise ValidationError(
                "This page stood idle too long or was changed. Scanning starts afresh: "
                "take the label away for a moment and show it again."
            ) from None
        if scene is None or (scene.station_id, scene.event_type) != (values["station"], self.event_type):
            scene = Scene.empty(values["station"], self.event_type)
        return values | {"scene": scene}


def _scene(state: str) -> Scene:
    if len(state) > state_characters_max:
        raise BadPageState
    return Scene.unsigned(state)


def fresh_event_id() -> str:
    """The id that a page's next typed scan will have."""
    return str(uuid4())


def _picture(file: "UploadedFile[Any]", read: Callable[[bytes], Gray], bytes_max: int) -> Gray:
    try:
        # One byte past the limit is enough to refuse; a huge upload is never read whole.
        return read(file.read(bytes_max + 1))
    except BadPicture as bad:
        raise ValidationError(str(bad)) from bad


class SheetForm(forms.Form):
    """Labels to print: `ITEM:QTY`, one a line. Valid, it holds the sheet itself as `pdf`."""

    pairs = forms.CharField(
        max_length=20_000, error_messages={"required": "Write at least one label, for example PART-88219:24."}
    )
    copies = PiecesField(least=1, most=sheet_labels_max, initial=1)
    paper = forms.ChoiceField(choices=[(paper, paper) for paper in sorted(papers)])

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or {})
        if self.errors:
            return values
        try:
            labels = [label_of_pair(line) for line in values["pairs"].splitlines() if line.strip()]
            return values | {"pdf": label_sheet(labels, copies=values["copies"], paper=values["paper"])}
        except (BadLabel, BadSheet) as bad:
            raise ValidationError(str(bad)) from bad
