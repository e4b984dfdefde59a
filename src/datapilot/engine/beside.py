"""Do two things at once: the engine and numpy release the interpreter while they scan, group and sort."""

import threading
from collections.abc import Callable
from typing import Generic, Self, TypeVar

Answer = TypeVar("Answer")


class Beside(Generic[Answer]):
    """Work that goes on in a thread of its own. Leaving the block waits for its end, whatever becomes of the answer.

    A connection serves one thread at a time: work that asks the engine needs one of its own (`Table.beside`). Work
    that is not long is done on the spot: handing the interpreter to and fro takes more time than it saves.
    """

    def __init__(self, work: Callable[[], Answer], *, is_long: bool) -> None:
        self._work = work
        self._answer: Answer
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run) if is_long else None
        if self._thread is None:
            self._answer = work()
        else:
            self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def answer(self) -> Answer:
        """Return what came out, once it has; raises what the work raised."""
        self._end()
        if self._error is not None:
            raise self._error
        return self._answer

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._answer = self._work()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asks for the answer
            self._error = error
