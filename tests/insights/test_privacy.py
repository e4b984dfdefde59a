"""The mask that fails closed: everything planted is covered, whatever stands around it; and the forms people see."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datapilot.insights.language_model.privacy import find_personal, mask_wholly, passes_luhn, readable

pytestmark = pytest.mark.spec("C8")

PLANTED = [
    # e-mail
    "user@example.com", "u.ser+tag%x@mail.example.co.uk", "ÜSER@münchen.de", "user@localhost", "first'last@host.museum",
    "user @ example.com", "user (at) example (dot) com", "jane[at]example[dot]org", "@janedoe",
    # phone
    "555-123-4567", "(555) 123-4567", "+1 (555) 123-4567", "+49 30 901820", "+44 20 7946 0958", "0171/2345678",
    "555.123.4567", "5551234567", "+7 (495) 123-45-67", "8 800 555-35-35", "555-1234", "1-555-123-4567 x89",
    "00 33 1 70 18 99 00", "555‑123‑4567", "(0)30 / 12 34 56", "+91-98765-43210", "tel:5551234567",
    # SSN
    "123-45-6789", "123 45 6789", "123456789", "123.45.6789",
    # card
    "4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "3782 822463 10005", "6011000990139424",
    "4111 1111 1111 1112", "4111.1111.1111.1111", "4111  1111  1111  1111",
    # IBAN
    "DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "gb82west12345698765432",
    "FR14 2004 1010 0505 0001 3M02 606", "MT84 MALT 0110 0001 2345 MTLC AST0 01S", "NO93 8601 1117 947",
    # other numbers of people
    "AB1234567", "X1234567Y", "２３４５６７８９", "1 2 3 4 5 6 7 8 9", "12345\u200b6789",
]  # fmt: skip

AROUND = [
    "{}", "Call {} now", "ref={};", "({})", "“{}”", "a,{},b", "<{}>", "Ring {}, please.", "x\t{}\ny", "id:{}", "{}!",
    "2024 {} 17", "The price is 12.50 for {}.",
]  # fmt: skip


def covered(text: str) -> set[int]:
    """Return the positions that are masked."""
    return {at for start, end, _ in find_personal(text) for at in range(start, end)}


@pytest.mark.parametrize("value", PLANTED)
def test_every_planted_value_is_covered_whole(value: str) -> None:
    """Recall is 1: not a letter or digit of it is left, whatever stands around it."""
    for around in AROUND:
        text = readable(around.format(value))
        planted = readable(value).strip()
        start, hidden = text.index(planted), covered(text)

        left = "".join(text[at] for at in range(start, start + len(planted)) if text[at].isalnum() and at not in hidden)

        # "tel:" says what follows; it is nobody's data.
        assert left in {"", "tel"}, text


@given(
    digits=st.lists(st.sampled_from("0123456789"), min_size=6, max_size=24),
    gaps=st.lists(st.sampled_from(["", "", " ", "-", ".", "/", ") ", " (", " - "]), min_size=24, max_size=24),
    before=st.text(alphabet="abc xyz,.:;!?", max_size=12),
    after=st.text(alphabet="abc xyz,.:;!?", max_size=12),
)
def test_no_run_of_six_digits_is_left(digits: list[str], gaps: list[str], before: str, after: str) -> None:
    """However a number is cut up, the mask leaves no run of it, but for a month or a span of years."""
    number = "".join(digit + gap for digit, gap in zip(digits, gaps, strict=False)).strip()

    masked = mask_wholly(f"{before} {number} {after}")

    runs = [
        masked[start:end] for start, end, _ in find_personal(masked) if sum(map(str.isdigit, masked[start:end])) >= 6
    ]
    assert runs == []


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_masking_is_total_and_idempotent(text: str) -> None:
    """Any text can be masked, and a masked text holds nothing more to mask but the marks' own neighbours."""
    once = mask_wholly(text)

    assert not [span for span in find_personal(once) if span.kind != "email"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to user@example.com", "write to [EMAIL_MASKED]"),
        ("phone 555-123-4567", "phone [PHONE_MASKED]"),
        ("ssn 123-45-6789", "ssn [ID_MASKED]"),
        ("card 4111 1111 1111 1111", "card [ID_MASKED]"),
        ("nothing here", "nothing here"),
    ],
)
def test_whole_masks(text: str, masked: str) -> None:
    """What logs and prompts may hold."""
    assert mask_wholly(text) == masked


@pytest.mark.parametrize(
    "text",
    ["revenue 2024", "Q3 2023", "2024-03", "2023/2024", "2023-2024", "price €3,200", "12.50", "room 4711", "v2.1.0",
     "38%", "zip 10115", "covid-19", "ISO 9001"],
)  # fmt: skip
def test_names_of_columns_are_left_readable(text: str) -> None:
    """Years, months, prices and small numbers are nobody's."""
    assert mask_wholly(text) == text


@pytest.mark.parametrize(
    ("digits", "passes"),
    [("4111111111111111", True), ("4111111111111112", False), ("79927398713", True), ("79927398710", False)],
)
def test_luhn(digits: str, passes: bool) -> None:
    """79927398713 is the worked example of the method's descriptions."""
    assert passes_luhn(digits) is passes


@pytest.mark.parametrize("text", ["x" * 200_000, "@" * 20_000, "1 " * 20_000, "ab12" * 20_000, "(at)" * 8_000])
def test_hostile_text_takes_linear_time(text: str) -> None:
    """A cell of 200 kB holds nobody up."""
    started = time.perf_counter()

    mask_wholly(text)

    assert time.perf_counter() - started < 10
