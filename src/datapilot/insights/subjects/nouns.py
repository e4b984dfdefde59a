"""What one row of a table is: "orders" where every row has its own order ID, "incidents" for INC0001, else "records".

Only a column that tells all rows apart says so; a guess would read worse than the plain word.
"""

import re
from collections.abc import Sequence

from datapilot.contracts.profile import TableProfile
from datapilot.words.labels import label, plural

RECORDS = "records"
FEWEST_ROWS = 10
IN_FRONT = 3  # columns
_KEYS = frozenset({"id", "no", "nr", "number", "num", "code", "key", "tag", "ref", "uid", "uuid", "guid"})
_NO_THINGS = frozenset({
    "row", "record", "line", "index", "serial", "unique", "global", "system", "sys", "internal", "external", "object",
    "source", "primary", "foreign", "legacy", "data", "postal", "phone", "parent", "reference", "type", "class",
    "sequence", "random", "bar", "zip", "post", "area", "hash", "group",
})  # fmt: skip
# What a column by that name alone lists: its own number in every row.
_THINGS = frozenset({
    "project", "order", "invoice", "shipment", "ticket", "employee", "customer", "booking", "contract", "claim", "case",
    "incident", "task", "campaign", "transaction", "delivery", "policy", "loan", "patient", "student", "application",
    "lead", "deal", "opportunity", "consultant", "vehicle", "asset", "subscription", "session", "visit", "item", "sku",
    "article", "product", "appointment", "applicant", "request",
})  # fmt: skip
# Prefixes that ticket, order and ledger systems give their numbers.
_PREFIXES = {
    "INC": "incidents", "EXP": "expenses", "ORD": "orders", "INV": "invoices", "TKT": "tickets", "REQ": "requests",
    "CHG": "changes", "PRB": "problems", "EMP": "employees", "CUST": "customers", "TXN": "transactions",
    "BKG": "bookings", "CLM": "claims", "SHP": "shipments",
}  # fmt: skip
_IN_FULL = {
    "emp": "employee", "cust": "customer", "inv": "invoice", "ord": "order", "acct": "account", "trans": "transaction",
    "txn": "transaction", "prod": "product", "veh": "vehicle", "stud": "student", "appt": "appointment",
    "sub": "subscription", "pat": "patient", "dept": "department", "proj": "project", "ship": "shipment",
    "sku": "item",
}  # fmt: skip
# "atomic number": an adjective tells nothing of what the rows are.
_NO_NOUN = re.compile(r"(?!clinic|topic|comic|traffic|fabric)\w+(?:ic|ical|onal|cial|ous|ive)")
_PREFIXED = re.compile(r"([A-Z]{3,4})[-_ ]?\d{2,}")
_SLOT_OR_TEXT = re.compile(r"(\{(?:[^{}]|\{\{|\}\})*\})")
_RECORDS = re.compile(r"\brecord(s?)\b")
_HEADED = re.compile(r"^Record(s?)\b")


def noun_of(profile: TableProfile) -> str:
    """Return the plural of what the rows are."""
    if profile.rows < FEWEST_ROWS:
        return RECORDS
    keys = [
        (place, column) for place, column in enumerate(profile.columns)
        if column.unique_count == profile.rows - profile.duplicate_rows and column.missing_count == 0
        and column.inferred_type == "identifier"
    ]  # fmt: skip
    # A table's own key stands in front; further back stand the keys of what it refers to.
    found = (
        (_by_name(column.name) if place < IN_FRONT else None) or _by_prefix(column.sample_values)
        for place, column in keys
    )
    return next((noun for noun in found if noun), RECORDS)


def named(template: str, noun: str) -> str:
    """Return the template with "records" and "record" replaced outside its slots."""
    if noun == RECORDS:
        return template
    parts = _SLOT_OR_TEXT.split(template)
    return "".join(part if place % 2 else _renamed(part, noun) for place, part in enumerate(parts))


def _renamed(text: str, noun: str) -> str:
    one = singular(noun)
    text = _HEADED.sub(lambda match: (noun if match[1] else one).capitalize(), text)
    return _RECORDS.sub(lambda match: noun if match[1] else one, text)


def singular(noun: str) -> str:
    """Return the singular of a plural that `plural` makes."""
    return noun[:-3] + "y" if noun.endswith("ies") else noun[:-1]


def _by_name(name: str) -> str | None:
    words = label(name).lower().split()
    if len(words) == 1 and words[0] in _THINGS:
        return plural(_IN_FULL.get(words[0], words[0]))
    if len(words) != 2 or words[1] not in _KEYS or words[0] in _NO_THINGS or _NO_NOUN.fullmatch(words[0]):
        return None
    return plural(_IN_FULL.get(words[0], words[0]))


def _by_prefix(values: Sequence[object]) -> str | None:
    found = {match[1] if (match := _PREFIXED.fullmatch(str(value))) else None for value in values}
    return _PREFIXES.get(found.pop() or "") if len(found) == 1 else None
