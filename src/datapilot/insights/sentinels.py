"""A number that stands for "no value": -200 or 9999, repeated and far from every real one."""

from dataclasses import dataclass

import numpy as np

from datapilot.contracts.profile import TableProfile
from datapilot.insights.statistics import Floats

_USUAL = frozenset({-1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0, -200.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0,
                    -32768.0, 32767.0, 65535.0, 2147483647.0, -2147483648.0})  # fmt: skip
_FEWEST = 3
_LEAST_SHARE = 0.002
_USUAL_GAP = 0.5  # of the others' range between the value and the nearest other, for numbers used as marks
_ODD_GAP = 3.0  # the same for any other number


@dataclass(frozen=True)
class Sentinel:
    """The value, and how many of the cells held have it."""

    value: float
    count: int


def find_sentinel(values: Floats, name: str, profile: TableProfile) -> Sentinel | None:
    """Return the least or greatest value when it is repeated, apart from all others and no likely measurement."""
    known = values[np.isfinite(values)]
    stats = profile.numeric.get(name)
    if len(known) < 20 or stats is None:
        return None
    for value in (float(known.min()), float(known.max())):
        others = known[known != value]
        count = len(known) - len(others)
        if count < max(_FEWEST, _LEAST_SHARE * len(known)) or len(np.unique(others)) < 5:
            continue
        low, high = float(others.min()), float(others.max())
        gap = (low - value) if value < low else (value - high)
        is_mark = value in _USUAL and abs(value) >= 1
        is_only_negative = is_mark and value < 0 <= low
        needed = _USUAL_GAP if is_mark and abs(value) > 1 else _ODD_GAP
        if is_only_negative or (value != 0 and gap >= needed * max(high - low, 1e-12)):
            return Sentinel(value, count)
    return None
