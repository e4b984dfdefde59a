"""How a computed value is published: plain JSON scalars, twelve digits, ISO dates."""

import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from datapilot.contracts.base import Scalar

# A cell from here on measures nothing (some programs write the largest double for "missing"), and to compute with it
# fails: the product of two sums of its squares, which a correlation needs, is no double any more.
BEYOND = 1e70
SIGNIFICANT_DIGITS = 12  # doubles carry 15-17; the last ones depend on the order in which threads add


def published(value: Any) -> Scalar:
    """Return a value of the engine as it stands in a fact: whole numbers exact, others to 12 significant digits,
    moments as ISO text, and None for what is not a number."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        number = float(value)
        if not math.isfinite(number):
            return None
        return float(f"{number:.{SIGNIFICANT_DIGITS}g}") + 0.0  # + 0.0 turns -0.0 into 0.0
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"the engine published a {type(value).__name__}")
