"""Say what is wrong with values that do not fit a contract, for people: which one, and what it must be."""

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


def complaint(errors: Iterable[Mapping[str, Any]], *, leave_out: frozenset[str] = frozenset()) -> str:
    """Return a sentence for each of the validator's errors, each beginning with the name of the value, as the caller
    wrote it, unless all together are meant. Parts of a name in `leave_out` are not his. Values are not repeated: one
    may be a secret in the wrong place."""
    return " ".join(_sentence(error, leave_out) for error in errors)


def _sentence(error: Mapping[str, Any], leave_out: frozenset[str]) -> str:
    name = ".".join(str(part) for part in error["loc"] if part not in leave_out)
    reason = _reason(str(error["type"]), str(error["msg"])).rstrip(".")
    return f"{name}: {reason}." if name else f"{reason[:1].upper()}{reason[1:]}."


def _reason(kind: str, said: str) -> str:
    if kind in _PLAIN:
        return _PLAIN[kind]
    for beginning, instead in _BEGINNINGS.items():
        if said.startswith(beginning):
            return instead + said.removeprefix(beginning)
    return said
