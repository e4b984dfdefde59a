"""The lists of words that have an order of their own, from `orders.txt`, and how words are compared with them."""

import re
import unicodedata
from functools import cache
from pathlib import Path


def plain(text: str) -> str:
    """Return a text without case, accents and what surrounds it."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).replace("−", "-").split())


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


@cache
def _months() -> dict[str, int]:
    return next(one for one in orders() if "january" in one)


def month_named(word: str) -> int | None:
    """Return the number of the month, from 1, that a word names in one of a dozen languages; None for another word."""
    place = _months().get(plain(word))
    return None if place is None else place + 1
