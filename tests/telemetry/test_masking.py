"""No line of a log names a person, and masks leave numbers that name nobody alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datapilot.telemetry.masking import mask, masked


@pytest.mark.spec("G1")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail to max.mustermann+x@example.co.uk now", "mail to [EMAIL_MASKED] now"),
        ("<jürgen@müller.de>", "<[EMAIL_MASKED]>"),
        ("user=anna@firma.example;x", "user=[EMAIL_MASKED];x"),
        ("call +49 170 1234567", "call [PHONE_MASKED]"),
        ("call (555) 123-4567 today", "call [PHONE_MASKED] today"),
        ("555-123-4567", "[PHONE_MASKED]"),
        ("0170/1234567", "[PHONE_MASKED]"),
        ("ssn 123-45-6789", "ssn [ID_MASKED]"),
        ("card 4111 1111 1111 1111", "card [ID_MASKED]"),
        ("iban DE89 3704 0044 0532 0130 00", "iban [ID_MASKED]"),
        ("iban DE89370400440532013000", "iban [ID_MASKED]"),
        ("tax 123456789", "tax [ID_MASKED]"),
    ],
)
def test_what_names_a_person_is_masked(text: str, shown: str) -> None:
    """Addresses, phone numbers and id numbers are replaced, with nothing of them left."""
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "9,357 rows, 12 columns", "took 12.5 ms", "2026-11-22T10:00:00.123+00:00", "http://127.0.0.1:5328/api",
        "job_0123456789abcdef01234567", "version 9.1.2", "20971520 bytes", "sales_2024-01-31.csv", "15.03.2024",
        "unix:///tmp/x/server.sock", "line 1234567", "50 %",
    ],
)  # fmt: skip
def test_ordinary_lines_stay_readable(text: str) -> None:
    """Times, sizes, addresses of machines and job ids name nobody."""
    assert mask(text) == text


def test_masking_reaches_every_text_of_a_value() -> None:
    """Whatever is logged, however nested, passes the mask; numbers stay numbers."""
    value = {"who": ["a@b.org", {"phone": "+1 555 123 4567"}], "rows": 5, "share": 0.5, "none": None}

    assert masked(value) == {
        "who": ["[EMAIL_MASKED]", {"phone": "[PHONE_MASKED]"}],
        "rows": 5,
        "share": 0.5,
        "none": None,
    }


@given(st.emails(), st.text(alphabet="abc \n:,<>()", max_size=10))
def test_no_address_survives(address: str, around: str) -> None:
    """An address is masked whatever stands beside it."""
    local, _, domain = address.partition("@")
    if not set(local) & set("'=|{}/"):  # rare letters of local parts that also end a word in a log line
        assert f"{local}@{domain}" not in mask(f"{around} {address} {around}")


@given(st.text())
def test_masking_again_changes_nothing(text: str) -> None:
    """A masked text is safe to mask again on the way out."""
    assert mask(mask(text)) == mask(text)
