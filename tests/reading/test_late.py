"""Expressions that few files ask for."""

import re

import pytest

from datapilot.reading.late import late


def test_expression_is_compiled_when_it_is_first_asked_and_once() -> None:
    """What no file asks for takes no time, not even to be found wrong."""
    notes, wrong = late(r"note: .*", re.IGNORECASE), late("(")

    assert notes() is notes()
    assert notes().fullmatch("NOTE: estimates")
    with pytest.raises(re.error):
        wrong()
