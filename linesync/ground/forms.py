"""A form that says what is wrong in words for one line of a page."""

from django import forms


class SentenceForm(forms.Form):
    """A form of ours: each field's first fault is a whole sentence."""

    def sentence(self) -> str:
        """What is wrong, a sentence for each field; empty when nothing is."""
        return " ".join(str(errors[0]) for errors in self.errors.values())
