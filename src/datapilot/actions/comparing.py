"""Compare what is stated with what was recomputed, leaf by leaf, and keep the count. Knows nothing of reports."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from datapilot.contracts.verification import Mismatch, Verification

TOLERANCE = 1e-9  # relative; the last digits of a double depend on the order of addition
_NOTHING: frozenset[str] = frozenset()


class Ledger:
    """Every comparison made, those that failed, and what is not stated at all. A place is counted once, however often
    it is looked at."""

    def __init__(self) -> None:
        self._places: set[str] = set()
        self._mismatches: dict[str, Mismatch] = {}
        self._unstated: dict[str, None] = {}

    @property
    def verification(self) -> Verification:
        """What came of it so far."""
        return Verification(
            claims=len(self._places), mismatches=tuple(self._mismatches.values()), unstated=tuple(self._unstated)
        )

    def compare(self, where: str, stated: object, recomputed: object) -> None:
        """Count one claim; keep it when the two differ."""
        self._places.add(where)
        if not is_equal(stated, recomputed):
            self.refuse(where, str(stated), str(recomputed))

    def refuse(self, where: str, stated: str, recomputed: str) -> None:
        """Count one claim that does not stand."""
        self._places.add(where)
        self._mismatches.setdefault(where, Mismatch(where=where, stated=stated, recomputed=recomputed))

    def leave_open(self, where: str) -> None:
        """Keep a place at which the report states nothing: silence is no claim, so none that could be false."""
        self._unstated[where] = None

    def compare_models(self, where: str, stated: Any, recomputed: Any, *, without: frozenset[str] = _NOTHING) -> None:
        """Compare two models, mappings or sequences leaf by leaf; keys in `without` are left out at every depth. A
        field that the report's maker did not know, and that would not be at its default now, is left open."""
        self._walk(where, _plain(stated), _plain(stated, only_given=True), _plain(recomputed), without)

    def _walk(self, where: str, stated: Any, given: Any, recomputed: Any, without: frozenset[str]) -> None:
        if isinstance(stated, Mapping) and isinstance(recomputed, Mapping):
            for key in dict.fromkeys((*stated, *recomputed)):
                if key in without:
                    continue
                one, other = stated.get(key), recomputed.get(key)
                if key in stated and key not in given and one != other:
                    self.leave_open(f"{where}.{key}")
                else:
                    self._walk(f"{where}.{key}", one, given.get(key, one), other, without)
        elif isinstance(stated, list) and isinstance(recomputed, list):
            if len(stated) != len(recomputed):
                self.compare(f"{where}.length", len(stated), len(recomputed))
            for position, (one, known, other) in enumerate(zip(stated, given, recomputed, strict=False)):
                self._walk(f"{where}.{position}", one, known, other, without)
        else:
            self.compare(where, stated, recomputed)


def _plain(value: Any, *, only_given: bool = False) -> Any:
    """Return models as the JSON they become, tuples as lists; on demand without fields that nobody gave a value."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=only_given)
    if isinstance(value, Mapping):
        return {key: _plain(one, only_given=only_given) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one, only_given=only_given) for one in value]
    return value


def is_equal(stated: object, recomputed: object) -> bool:
    """Whether two scalars are the same; floats within TOLERANCE, whole numbers exactly."""
    if isinstance(stated, bool) or isinstance(recomputed, bool):
        return stated is recomputed
    if isinstance(stated, int | float) and isinstance(recomputed, int | float):
        if isinstance(stated, int) and isinstance(recomputed, int):
            return stated == recomputed
        return math.isclose(stated, recomputed, rel_tol=TOLERANCE, abs_tol=0.0)
    return stated == recomputed
