"""Work beside other work: its answer, its errors, and a connection of its own."""

import threading

import pytest

from datapilot.contracts.limits import Limits
from datapilot.engine.beside import Beside
from datapilot.engine.connect import connect
from datapilot.engine.table import Table


@pytest.mark.parametrize("is_long", [True, False], ids=["beside", "on the spot"])
def test_the_answer_is_what_the_work_gave(is_long: bool) -> None:
    """Long work has a thread of its own, short work none."""
    with Beside(threading.current_thread, is_long=is_long) as worker:
        found = worker.answer()

    assert (found is not threading.main_thread()) == is_long


def test_what_the_work_raises_is_raised_where_its_answer_is_asked_for() -> None:
    """As if it had been done there."""
    with Beside(lambda: 1 // 0, is_long=True) as broken, pytest.raises(ZeroDivisionError):
        broken.answer()


def test_leaving_waits_for_the_work() -> None:
    """Also when something else breaks meanwhile: what the work uses may be closed afterwards."""
    may_end, ended = threading.Event(), threading.Event()

    def work() -> None:
        may_end.wait()
        ended.set()

    def break_meanwhile() -> None:
        with Beside(work, is_long=True):
            may_end.set()
            raise KeyError

    with pytest.raises(KeyError):
        break_meanwhile()

    assert ended.is_set()


def test_a_table_beside_another_reads_the_same_cells_in_the_same_zone() -> None:
    """Its connection is another one to the same engine."""
    connection = connect(Limits(), None)
    connection.execute("CREATE TABLE data AS SELECT 7 AS c0")
    table = Table(connection, (), 1)

    own = table.beside().connection

    assert own is not connection
    assert own.execute("SELECT c0, current_setting('TimeZone') FROM data").fetchone() == (7, "UTC")
