"""What holds for the whole run: the long files come first, examples are the same every time, nothing stays behind in
the folder of temporary files, and nothing at the exit."""

import gc
import tempfile
from collections.abc import Iterator
from multiprocessing import util

import pytest
from hypothesis import HealthCheck, settings

# A run says something about the code, not about luck or load: the same examples each time, however long one takes.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.hookimpl(trylast=True)  # once the journeys have been marked
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that start browsers and servers: a run in several processes then ends with files of a
    second or two, and no core waits for the last one."""
    browsers, slow = ({item.path for item in items if item.get_closest_marker(mark)} for mark in ("browser", "slow"))
    items.sort(key=lambda item: (item.path not in browsers, item.path not in slow))


@pytest.fixture(scope="session", autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One folder for what all processes of the run leave, removed at its end: workers, servers and browsers are killed
    in many tests, and a killed process tidies nothing up. Its path is short, because sockets live there."""
    tmp_path_factory.getbasetemp()  # pytest's own folders stay where it keeps them, to look at after a failure
    with (
        tempfile.TemporaryDirectory(prefix="t", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        patch.delenv("XDG_RUNTIME_DIR", raising=False)
        yield
        util._run_finalizers()  # type: ignore[attr-defined]  # else multiprocessing looks for its folder at the exit


def pytest_unconfigure() -> None:
    """Take hypothesis's callback out of the collector: it keeps every module alive beyond the interpreter's end, where
    DuckDB would list all its objects as leaked."""
    gc.callbacks.clear()
