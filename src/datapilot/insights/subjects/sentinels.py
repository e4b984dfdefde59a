"""A number that stands for "no value": -200 or 9999, repeated and far from every real one."""

from dataclasses import dataclass

import numpy as np

from datapilot.contracts.profile import TableProfile
from datapilot.insights.statistics import Floats

_USUAL = frozenset({-1.0, -9.0, -99.0, -127.0, -999.0, -9999.0, -99999.0, -200.0, 99.0, 999.0, 9999.0, 99999.0,
                    999999.0, -32768.0, 32767.0, 65535.0, 2147483647.0, -2147483648.0})  # fmt: skip
_FEWEST = 3
_LEAST_SHARE = 0.002
_USUAL_GAP = 0.5  # of the others' range between the value and the nearest other, for numbers used as marks
_ODD_GAP = 3.0  # the same for an odd one: nines, eights or sevens alone, or below zero where nothing else is


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
        if is_only_negative or _is_apart(value, gap=gap, spread=max(high - low, 1e-12), low=low):
            return Sentinel(value, count)
    return None


def _is_apart(value: float, *, gap: float, spread: float, low: float) -> bool:
    if value in _USUAL and abs(value) > 1:
        return gap >= _USUAL_GAP * spread
    # A number like any other may well come back far from the rest: a salary among the withdrawals of an account.
    return (_is_one_digit(value) or value < 0 <= low) and gap >= _ODD_GAP * spread


def _is_one_digit(value: float) -> bool:
    """True for 77, 888, 9999 and the like, and where weather services write tenths and hundredths: 999.9, 99.99."""
    is_whole = value == int(value)
    digits = f"{abs(value):.0f}" if is_whole else repr(abs(value)).replace(".", "")
    return len(digits) >= (2 if is_whole else 3) and len(set(digits)) == 1 and digits[0] in "789"
