"""Numbers as people type them: surely right, asked about, or refused; never half of what was meant."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linesync.ground.numbers import BadNumber, TwoReadings, plain, signed, typed, typed_characters_max


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"), ("7", "7"), ("007", "7"), (" 24 ", "24"), ("1000", "1000"), ("24.00", "24"), ("24,0", "24"),
        ("1 000", "1000"), ("1\u00a0000", "1000"), ("1\u202f000", "1000"), ("1'000", "1000"), ("1’000", "1000"),
        ("12 345 678", "12345678"), ("1,000,000", "1000000"), ("1.000.000", "1000000"), ("1,000.00", "1000"),
        ("1.000,00", "1000"), ("1.234,5", "1234.5"), ("1 000,5", "1000.5"), ("1 000.500", "1000.5"), ("2.5", "2.5"),
        ("2,5", "2.5"), (".5", "0.5"), (",25", "0.25"), ("0.500", "0.5"), ("0,125", "0.125"), ("1000.000", "1000"),
        ("1.0000", "1"), ("12,50", "12.5"), ("+5", "5"), ("-5", "-5"), ("−5", "-5"), ("5-", "-5"), ("(5)", "-5"),
        ("−1,204,000", "-1204000"), ("٣", "3"), ("١٢", "12"), ("१२", "12"), ("１２", "12"), ("٢٫٥", "2.5"),
        ("١٬٠٠٠", "1000"),
    ],
)  # fmt: skip
def test_a_number_is_understood(text: str, number: str) -> None:
    assert typed(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "smaller", "larger"),
    [
        ("1.000", "1", "1000"), ("1,000", "1", "1000"), ("2.500", "2.5", "2500"), ("12,345", "12.345", "12345"),
        ("999.999", "999.999", "999999"), ("-1.000", "1", "1000"), ("(2,500)", "2.5", "2500"), ("١,٠٠٠", "1", "1000"),
    ],
)  # fmt: skip
def test_two_readings_are_asked_about_with_both_numbers(text: str, smaller: str, larger: str) -> None:
    with pytest.raises(TwoReadings) as asked:
        typed(text)
    assert (asked.value.smaller, asked.value.larger) == (Decimal(smaller), Decimal(larger))
    assert f"can be {smaller} or {int(larger):,}." in str(asked.value)
    assert {typed(offer) for offer in asked.value.offers} == {Decimal(smaller), Decimal(larger)}
    assert "nothing is stored yet" in str(asked.value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a", "1_000", "1e3", "1.2.3", "1,00,000", "1 00", "1 000 0", "1,000,00", "1.000,000.0", "01,000,000",
        "5.", "5 pcs", "0x10", "½", "²", "1٢", "12٣", "--5", "5--", "( )", "(-5)", "-(5)", "1..5", "1.5,5", "∞", "NaN",
        "Infinity", "1'000 000", "1 000'5", "\0", "1\n2", "1" * (typed_characters_max + 1),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadNumber) as refused:
        typed(text)
    assert not isinstance(refused.value, TwoReadings)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("length", [typed_characters_max, typed_characters_max + 1])
def test_the_limit_of_what_is_typed(length: int) -> None:
    try:
        assert typed("9" * length) == Decimal("9" * length)
    except BadNumber:
        assert length > typed_characters_max
    else:
        assert length <= typed_characters_max


def understood(text: str) -> Decimal | TwoReadings | BadNumber:
    try:
        return typed(text)
    except BadNumber as told:
        return told


@given(st.integers(-(10**12), 10**12))
def test_what_we_print_ourselves_comes_back_right_or_is_asked_about(pieces: int) -> None:
    told = understood(signed(pieces))
    if isinstance(told, TwoReadings):
        assert told.larger == abs(pieces)
        assert 1000 <= abs(pieces) < 10**6
    else:
        assert told == pieces


@given(st.decimals(0, 10**6, places=6))
def test_what_a_field_holds_comes_back_as_it_was(number: Decimal) -> None:
    assert typed(plain(number)) == number


@given(st.text(alphabet="0123456789.,' -()\u202f٣_", max_size=12))
def test_no_digit_of_what_was_typed_is_dropped(text: str) -> None:
    told = understood(text)
    if isinstance(told, Decimal):
        digits = int("".join(str(int(sign)) for sign in text if sign.isdecimal()))
        assert any(abs(told).scaleb(places) == digits for places in range(len(text)))
    else:
        assert str(told).endswith((".", "yet."))
