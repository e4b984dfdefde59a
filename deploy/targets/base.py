"""The verbs that every target knows, and the one order in which a deployment uses them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Failed(Exception):
    """The target could not do it; the message says what to look at."""


class Target(Protocol):
    """A place that runs releases, of which one is active."""

    def release(self, version: str) -> None:
        """Bring the version to the place, beside what runs there. Repeating it is harmless."""
        ...

    def activate(self, version: str) -> None:
        """Let the version be the one that runs. Workers first finish what they have in hand."""
        ...

    def verify(self) -> None:
        """Return once what is active says that it is well; Failed when it does not in time."""
        ...

    def smoke(self) -> None:
        """Try what is active from outside; Failed when a step fails."""
        ...

    def rollback(self, version: str) -> None:
        """Make an earlier version the active one again, without waiting for what is broken now."""
        ...

    def current(self) -> str | None:
        """Return the active version; None when nothing is."""
        ...

    def previous(self) -> str | None:
        """Return the version that was active before the current one; None when there was none."""
        ...


@dataclass(frozen=True)
class Told:
    """Says what is done, with the seconds since the beginning."""

    say: Callable[[str], None]
    begun: float

    def __call__(self, sentence: str) -> None:
        self.say(f"[{time.monotonic() - self.begun:6.1f} s] {sentence}")


def deploy(target: Target, version: str, *, say: Callable[[str], None] = print) -> bool:
    """Bring the version into use, or leave what was in use. Return whether the version is in use and well."""
    told = Told(say, time.monotonic())
    before = target.current()
    told(f"now: {before or 'nothing'}; wanted: {version}")
    try:
        target.release(version)
    except Failed as failed:
        told(f"FAILED: {failed}")
        told(f"{before or 'nothing'} is in use as before")
        return False
    told(f"{version} is there")
    try:
        target.activate(version)
        told(f"{version} is active")
        target.verify()
        told(f"{version} is well")
        target.smoke()
        told(f"{version} passed the smoke test")
    except Failed as failed:
        told(f"FAILED: {failed}")
        _back(target, before, version, told)
        return False
    return True


def _back(target: Target, before: str | None, version: str, told: Told) -> None:
    """Return to what was in use, where there was something else than this version."""
    if before is None or before == version:
        told("there is no earlier version to go back to")
        return
    target.rollback(before)
    target.verify()
    told(f"rolled back: {before} is active and well")
