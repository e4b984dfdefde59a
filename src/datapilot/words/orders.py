"""The lists of words that have an order of their own, from `orders.txt`, and how words are compared with them."""

import re
from functools import cache
from pathlib import Path


def bare(text: str) -> str:
    """Return the words of a plain text, without signs but those of grades."""
    return " ".join(re.sub(r"[^\w+\-]|[-_](?=\w)", " ", text).split())


@cache
def orders() -> tuple[dict[str, int], ...]:
    """Return every list as the place of each of its words."""
    _, *lists = (Path(__file__).parent / "orders.txt").read_text(encoding="utf-8").split("\n\n")
    return tuple(
        {bare(word): place for place, step in enumerate(one.split("<")) for word in step.split(",")} for one in lists
    )
