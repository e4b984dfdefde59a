"""Check an insight that a person has rewritten: of its facts and figures nothing may be new, nor anything personal."""

import re
from collections.abc import Mapping, Sequence

from datapilot.contracts.insight import Insight
from datapilot.contracts.measure import Fact
from datapilot.contracts.report import Report
from datapilot.insights.language_model.catalogue import personal_cells
from datapilot.insights.language_model.claims import number_words
from datapilot.insights.language_model.egress import EgressGuard, PersonalDataFound
from datapilot.words.render import UnfitTemplate, render, slots_as_shown

_MARKUP = re.compile(r"[<>`]|\]\s*\(|://|www\.|javascript:", re.IGNORECASE)
_FIXED = ("id", "kind", "columns", "score", "statistics")  # what says which finding it is
LONGEST_TEXT = 2_000
_NO_UNIT = r"(?!\s(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|percent|points?)\b)"


class UnfitEdit(ValueError):
    """The edit cannot be kept. `flaws` are sentences for the person who wrote it."""

    def __init__(self, flaws: Sequence[str]) -> None:
        self.flaws = tuple(flaws)
        super().__init__(" ".join(flaws))


def fit_edit(edited: Insight, published: Insight, report: Report) -> Insight:
    """Return the edited insight with templates that render to its texts. Raises UnfitEdit.

    Facts, rows and charts must be those of the report, and every figure one that its facts bring: a number that was
    changed or added has nothing behind it.
    """
    facts = {fact.id: fact for fact in report.facts}
    flaws = [f"{name}: belongs to the finding and stays as it is." for name in _changed(edited, published)]
    flaws += _flaws_of_evidence(edited, report, facts)
    if not flaws:
        flaws += _flaws_of_text(edited, published, report)
    if flaws:
        raise UnfitEdit(flaws)
    own = {one: facts[one] for evidence in edited.evidence for one in evidence.fact_ids}
    try:
        headline = _template("headline", edited, published, own)
        detail = _template("detail", edited, published, own)
    except UnfitTemplate as unfit:
        raise UnfitEdit([str(unfit)]) from None
    return edited.model_copy(update={"headline_template": headline, "detail_template": detail, "verified": True})


def _changed(edited: Insight, published: Insight) -> list[str]:
    return [name for name in _FIXED if getattr(edited, name) != getattr(published, name)]


def _flaws_of_evidence(edited: Insight, report: Report, facts: Mapping[str, Fact]) -> list[str]:
    charts = {chart.id for chart in report.chart_specs}
    flaws = []
    for evidence in edited.evidence:
        flaws += [f"evidence: there is no fact {one}." for one in evidence.fact_ids if one not in facts]
        if evidence.chart_id is not None and evidence.chart_id not in charts:
            flaws.append(f"evidence: there is no chart {evidence.chart_id}.")
        if any(not 0 <= row < report.kpis.row_count for row in evidence.row_indices or ()):
            flaws.append("evidence: a row index lies outside the table.")
    if not any(evidence.kind == "aggregates" and evidence.fact_ids for evidence in edited.evidence):
        flaws.append("evidence: at least one fact must be named.")
    return flaws


def _flaws_of_text(edited: Insight, published: Insight, report: Report) -> list[str]:
    before = {published.headline, published.detail, published.recommendation.what}
    texts = {
        "headline": edited.headline,
        "detail": edited.detail,
        "recommendation": edited.recommendation.what,
        **{f"evidence {at}": evidence.text for at, evidence in enumerate(edited.evidence)},
    }
    guard = EgressGuard(personal_cells(report), known=before)
    flaws = []
    for name, text in texts.items():
        if text in before:
            continue
        if not text.strip() and not name.startswith("evidence"):
            flaws.append(f"{name}: is empty.")
        if len(text) > LONGEST_TEXT:
            flaws.append(f"{name}: longer than {LONGEST_TEXT:,} characters.")
        if _MARKUP.search(text):
            flaws.append(f"{name}: links and markup do not belong here.")
        known = {word for one in before for word in number_words(one)}
        if name.startswith(("recommendation", "evidence")) and any(sign.isnumeric() for sign in text):
            flaws.append(f"{name}: a figure stands here that no fact brings.")
        flaws += [f"{name}: “{word}” counts something that no fact brings." for word in number_words(text) - known]
        try:
            guard.check(text.encode())
        except PersonalDataFound as found:
            flaws.append(f"{name}: holds personal data ({', '.join(found.kinds)}).")
    return flaws


def _template(part: str, edited: Insight, published: Insight, facts: Mapping[str, Fact]) -> str:
    """Return the template of a text: the edited one if it was edited, else one found for the new text.

    Raises UnfitTemplate.
    """
    text: str = getattr(edited, part)
    template: str = getattr(edited, f"{part}_template")
    if template == getattr(published, f"{part}_template"):
        if text == getattr(published, part):
            return template
        told = (published.headline_template, published.detail_template)
        template = _with_slots(text, [slot for one in told for slot in slots_as_shown(one, facts)], facts)
        if any(sign.isnumeric() for sign in _outside_slots(template)):
            raise UnfitTemplate(f"{part}: a figure stands in it that no cited fact brings.")
    if render(template, facts) != text[:1].upper() + text[1:] and render(template, facts) != text:
        raise UnfitTemplate(f"{part}: does not read as its template with the facts filled in.")
    return template


def _with_slots(text: str, told: Sequence[str], facts: Mapping[str, Fact]) -> str:
    """Return the text with every figure that the facts bring, as it is written or as the slots `told` show it, replaced
    by its slot. A figure shown without its unit is known only where no other unit follows."""
    slots: dict[str, str] = {}
    for slot in (*_own_slots(facts), *told):
        try:
            said = render("{" + slot + "}", facts)
        except UnfitTemplate:
            continue
        if any(sign.isnumeric() for sign in said):
            slots[said] = "{" + slot + "}"
    escaped = text.replace("{", "{{").replace("}", "}}")
    if not slots:
        return escaped
    longest_first = sorted(slots, key=len, reverse=True)
    known = "|".join(re.escape(said) + _NO_UNIT * slots[said].endswith("|plain}") for said in longest_first)
    whole = rf"(?<![\w.,])(?:{known})(?!\w|[.,%]\d|%)"
    return re.sub(whole, lambda found: slots[found[0]], escaped)


def _own_slots(facts: Mapping[str, Fact]) -> list[str]:
    found: list[str] = []
    for fact in facts.values():
        if isinstance(fact.value, tuple):
            for at in range(len(fact.value)):
                found += [f"{fact.id}[{at}].key", f"{fact.id}[{at}].n", f"{fact.id}[{at}].value"]
        else:
            found += [f"{fact.id}|n", fact.id]
    return found


def _outside_slots(template: str) -> str:
    return re.sub(r"(?<!\{)\{[^{}]*\}", "", template)
