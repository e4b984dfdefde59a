"""Name the class a model builder wants to know: one of the nine of SortingHat (Shah et al., SIGMOD 2021)."""

import re

from datapilot.contracts.table import MlType
from datapilot.reading.evidence import Evidence
from datapilot.reading.plan import Plan


def ml_type_of(plan: Plan, evidence: Evidence, *, rows: int) -> MlType:
    """Return the class by the column's type, how often its values repeat, and how much is missing."""
    del rows
    distinct, cells = len(evidence.values), evidence.cells
    if distinct <= 1:
        return "not-generalizable"
    match plan.inferred_type:
        case "datetime":
            return "datetime"
        case "url":
            return "url"
        case "list" | "json":
            return "list"
        case "identifier" | "constant" | "empty":
            return "not-generalizable"
        case "email" | "phone" | "location":
            return "context-specific"
        case "boolean" | "categorical":
            return "categorical"
        case "numeric":
            if plan.subtype == "year":
                return "datetime"
            plain = re.compile(r"[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?")
            return "numeric" if evidence.share(plain) >= 0.9 else "embedded-number"
        case _:
            words = sum((text.count(" ") + 1) * count for text, count in evidence.values.items()) / max(1, cells)
            return "sentence" if words >= 6 else "context-specific"
