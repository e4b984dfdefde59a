"""Expressions that few files ask for."""

import re

import pytest

from datapilot.reading.formats.server_log import holds_server_log
from datapilot.reading.late import late


def test_expression_is_compiled_when_it_is_first_asked_and_once() -> None:
    """What no file asks for takes no time, not even to be found wrong."""
    notes, wrong = late(r"note: .*", re.IGNORECASE), late("(")

    assert notes() is notes()
    assert notes().fullmatch("NOTE: estimates")
    with pytest.raises(re.error):
        wrong()


@pytest.mark.parametrize(
    ("line", "is_log"),
    [
        ("2024-03-01T10:00:00Z web cron: started", True),  # as few blanks as a line of a log can have
        ("2024-03-01T10:00:00Z,web,cron: started", False),
        ("2024-03-01T10:00:00Z,web,cron: started after the backup", False),
    ],
)
def test_a_table_of_commas_is_no_log(line: str, is_log: bool) -> None:
    """Lines of a log have blanks between their parts; a file without is asked for none of the forms."""
    assert holds_server_log([line] * 5) is is_log
