"""How many pieces there may be, and how a number of them is written."""

event_pieces_max = 999_999
"""Pieces that one scan or one line of a delivery may book; 1 is the least."""
event_digits_max = 12
"""Digits that such a number may be written with, leading zeros counted."""
policy_pieces_max = 999_999_999
"""Pieces that a reorder point or a reorder quantity may ask for."""


def signed(pieces: int) -> str:
    """A number of pieces, for example “−1,204”: thousands apart, a true minus sign."""
    return f"{pieces:,}".replace("-", "−")
