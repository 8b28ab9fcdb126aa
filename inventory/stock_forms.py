"""What a person asks of the past: a moment, a stretch of time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

earliest = datetime(1970, 1, 1, tzinfo=UTC)
latest = datetime(9000, 1, 1, tzinfo=UTC)
text_characters_max = 500


class MomentField(forms.DateTimeField):
    """A date and time of the site's time zone, or an ISO time with an offset."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            validators=[
                MinValueValidator(earliest, "Nothing was booked before 1970."),
                MaxValueValidator(latest, "That is too far in the future."),
            ],
            error_messages={"invalid": "That is no date and time; write it like 2026-05-03T14:05."},
            **options,
        )


class AsOfForm(forms.Form):
    at = MomentField()

    def clean_at(self) -> datetime:
        moment: datetime = self.cleaned_data["at"]
        if moment > timezone.now():
            raise ValidationError("That moment has not come yet.")
        return moment


class EventsForm(forms.Form):
    """`until` as a date means the whole of that day. Blank fields do not narrow."""

    since = MomentField(required=False)
    until = MomentField(required=False)
    item = forms.CharField(required=False, max_length=text_characters_max, strip=False)
    station = forms.CharField(required=False, max_length=text_characters_max, strip=False)

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        is_date = len(self.data.get("until", "").strip()) == len("2026-05-03")
        return until + timedelta(days=1) if until and is_date else until

    @property
    def sentence(self) -> str:
        """What is wrong, in one line."""
        return " ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in self.errors.items())
