"""Forms that say what is wrong in a line of words, and fields that understand numbers as people type them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linesync.ground.numbers import BadNumber, plain, signed, typed


class SentenceForm(forms.Form):
    """A form of ours: each field's first fault is a whole sentence."""

    def sentence(self) -> str:
        """What is wrong, a sentence for each field; empty when nothing is."""
        return " ".join(str(errors[0]) for errors in self.errors.values())


class NumberField(forms.Field):
    """A number of pieces as people type it, as a Decimal; None for an empty field that is not required.

    Where the text has two readings the sentence names both, and nothing is taken. `least` and `most` are pieces;
    `places_max` digits may stand behind the decimal mark.
    """

    widget = forms.TextInput

    def __init__(self, *, least: int = 0, most: int, places_max: int = 6, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most, self.places_max = least, most, places_max

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return self.checked(typed(text))
        except BadNumber as told:
            raise ValidationError(str(told)) from told

    def checked(self, number: Decimal) -> Decimal:
        """The number, if it is within the limits. Raises BadNumber."""
        if number < self.least:
            raise BadNumber(f"Fewer than {signed(self.least)} pieces cannot be.")
        if number > self.most:
            raise BadNumber(f"At most {signed(self.most)} pieces fit here.")
        if number != round(number, self.places_max):
            raise BadNumber(f"At most {self.places_max} digits may stand behind the decimal mark.")
        return number

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "decimal"}


class PiecesField(NumberField):
    """Whole pieces, as an int."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else int(number)

    def checked(self, number: Decimal) -> Decimal:
        if number != number.to_integral_value():
            raise BadNumber(f"{plain(number)} is not a whole number of pieces.")
        return super().checked(number)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "numeric"}
