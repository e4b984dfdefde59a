"""The guard on the finished bytes: what may not leave does not, whatever way it is written, and our own words do."""

import json

import pytest

from datapilot.insights.language_model.egress import EgressGuard, PersonalDataFound

pytestmark = pytest.mark.spec("C8")

CELLS = ["Xiomara Quackenbush", "Ignatius", "x.quack@mailbox.example", "(555) 867-5309", "532-11-9876", "J", "user"]


def body(text: str) -> bytes:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("sold to Xiomara Quackenbush", id="a cell"),
        pytest.param("XIOMARA  QUACKENBUSH", id="in capitals, other spaces"),
        pytest.param('{"name":"Xiomara_x","who":"Ignatius"}', id="one word, in JSON"),
        pytest.param("Xiomara-Quackenbush", id="joined by a hyphen"),
        pytest.param("xi\u200bomara quackenbush", id="with an invisible sign"),
        pytest.param("x.quack at mailbox.example x quack mailbox example", id="an address in words"),
        pytest.param("5558675309", id="a phone without its signs"),
        pytest.param("532 11 9876", id="another form of a number"),
    ],
)
def test_cells_of_personal_columns_do_not_leave(text: str) -> None:
    """Found by words and by digits, not by bytes."""
    with pytest.raises(PersonalDataFound):
        EgressGuard(CELLS).check(body(text))


@pytest.mark.parametrize(
    "text",
    [
        "jane@other.example",
        "+49 30 901820",
        "4111 1111 1111 1111",
        "DE89370400440532013000",
        "123-45-6789",
        "0x12345678",
    ],
)
def test_personal_forms_do_not_leave_even_if_no_cell_is_known(text: str) -> None:
    """What looks like somebody's is not sent."""
    with pytest.raises(PersonalDataFound) as found:
        EgressGuard().check(body(f"see {text} there"))

    assert text not in str(found.value)


@pytest.mark.parametrize(
    "text",
    [
        "average {c2} where {c3} is {c3.1}", "f_12345678 f_a1234567", "48,210", "377,222", "0.000162", "38%",
        "2.8 days", "2024-03", "$184,000", "−29%", "1.24M",
    ],
)  # fmt: skip
def test_the_catalogue_s_own_writing_leaves(text: str) -> None:
    """Ids, tokens and figures as the renderer writes them are nobody's."""
    EgressGuard(CELLS, known=["user"]).check(body(text))


def test_our_own_words_are_known() -> None:
    """A cell "user" must not stop every request; examples may hold what was written before the table was seen."""
    guard = EgressGuard(["user", "Jane Doe"], known=["the user asks", "as Jane Doe said, call 555-123-4567"])

    guard.check(body("the user user user, Jane Doe, 555-123-4567"))
    with pytest.raises(PersonalDataFound):
        guard.check(body("Jane Doe and Jane Doe"))
    with pytest.raises(PersonalDataFound):
        guard.check(body("555-123-4567 and 555-123-4567"))


def test_a_long_cell_is_known_by_its_beginning() -> None:
    """The first words of a note give it away."""
    note = "the caller said that she lives at number twelve of the old mill lane behind the church"

    with pytest.raises(PersonalDataFound):
        EgressGuard([note]).check(body(note))


def test_a_body_that_is_no_json_is_read_all_the_same() -> None:
    """Whatever is about to leave is looked at."""
    with pytest.raises(PersonalDataFound):
        EgressGuard(CELLS).check(b"Xiomara Quackenbush \xff")
