"""Say what is wrong with values that do not fit a contract, for people: which one, and what it must be."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

# What the validator says of a kind of mistake in the words of programs; where it speaks of the value itself, its own
# words serve with another beginning.
_PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be a text",
    "dict_type": "must be a map",
    "model_type": "must be an object",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
}
_BEGINNINGS = {"Value error, ": "", "Input should ": "must ", "String should ": "must "}
_NAMES_ITS_VALUE = re.compile(r"\w+: ")


def complaint(errors: Iterable[Mapping[str, Any]], *, leave_out: frozenset[str] = frozenset()) -> str:
    """Return a sentence for each of the validator's errors, each beginning with the name of the value, as the caller
    wrote it, unless all together are meant. Parts of a name in `leave_out` are not his. Values are not repeated: one
    may be a secret in the wrong place."""
    return " ".join(_sentence(error, leave_out) for error in errors)


def _sentence(error: Mapping[str, Any], leave_out: frozenset[str]) -> str:
    name = ".".join(str(part) for part in error["loc"] if part not in leave_out)
    reason = (_PLAIN.get(str(error["type"])) or in_plain_words(str(error["msg"]))).rstrip(".")
    if name:
        return f"{name}: {reason}."
    return f"{reason}." if _NAMES_ITS_VALUE.match(reason) else f"{reason[:1].upper()}{reason[1:]}."


def in_plain_words(said: str) -> str:
    """Return what a validator said without the beginnings that speak of input and of error classes."""
    for beginning, instead in _BEGINNINGS.items():
        if said.startswith(beginning):
            rest = said.removeprefix(beginning).partition(", unable to parse")[0]
            return instead + rest.replace("be a valid integer", "be a whole number")
    return said
