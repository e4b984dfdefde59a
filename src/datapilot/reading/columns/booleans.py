"""Yes and no in several languages, as table programs and people write them."""

from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.columns.plan import Plan
from datapilot.reading.text_table import quoted
from datapilot.reading.vocabulary import boolean_pairs, word_set

PAIRS = boolean_pairs()
COMPASS = frozenset("nesow")  # north, Ost or ouest: the same letters begin sim, oui and não
PLACES = word_set("names", "group") | word_set("roles", "direction") | {"area", "hemisphere", "orientation", "side"}


def plan_boolean(evidence: Evidence) -> Plan | None:
    """Return the plan for a column of two words that mean true and false; both must occur."""
    found = {text.lower() for text in evidence.values}
    if not 2 <= len(found) <= 4 or (found <= COMPASS and evidence.words & PLACES):
        return None
    pairs = [pair for pair in PAIRS if pair[0] in found or pair[1] in found]
    yes = {pair[0] for pair in pairs if pair[0] in found and (pair[1] in found or len(found) > 2)}
    no = {pair[1] for pair in pairs if pair[1] in found and (pair[0] in found or len(found) > 2)}
    if not yes or not no or (yes | no) != found:
        return None
    return _plan(sorted(yes), sorted(no))


def plan_flag() -> Plan:
    """Return the plan that reads 1 and 0 as true and false."""
    return _plan(["1", "1.0"], ["0", "0.0"])


def _plan(yes: list[str], no: list[str]) -> Plan:
    value = (
        f"CASE WHEN lower({{x}}) IN ({', '.join(map(quoted, yes))}) THEN true "
        f"WHEN lower({{x}}) IN ({', '.join(map(quoted, no))}) THEN false END"
    )
    return Plan("boolean", "BOOLEAN", value, f"{yes[0]} / {no[0]}")
