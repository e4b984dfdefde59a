"""Expressions that few files ask for, compiled when the first one does: a short run would wait for all of them."""

import re
from collections.abc import Callable
from functools import cache, partial


def late(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Callable[[], re.Pattern[str]]:
    """Return the function that gives the expression."""
    return cache(partial(re.compile, pattern, flags))
