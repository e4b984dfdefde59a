"""What the door to the fleet's figures promises: amounts that all processes add to and anybody may read."""

from collections.abc import Mapping
from typing import Protocol


class Totals(Protocol):
    """Sums by name, kept for all processes together. Both raise QueueUnavailable when they cannot be reached."""

    async def add(self, amounts: Mapping[str, float]) -> None:
        """Add each amount to its sum, all at once."""
        ...

    async def read(self) -> dict[str, float]:
        """Return every sum; a name that nothing was added to is missing."""
        ...
