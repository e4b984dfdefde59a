"""Who in a company most likely answers for a column, judged by the words in its name."""

from datapilot.contracts.insight import Who
from datapilot.words import far_languages
from datapilot.words.labels import label
from datapilot.words.render import is_question
from datapilot.words.splitting import words_in

_MARKS: tuple[tuple[Who, frozenset[str]], ...] = (
    ("leadership", frozenset({"attrition", "absence", "overtime", "headcount", "engagement", "fluktuation"})),
    ("support", frozenset({
        "ticket", "incident", "caller", "resolved", "complaint", "case", "satisfaction", "support", "agent", "csat",
        "abandoned", "reopened",
    })),
    ("finance", frozenset({
        "cost", "expense", "amount", "budget", "invoice", "payment", "tax", "salary", "fee", "margin", "profit",
        "claim", "spend", "loss", "gross", "balance", "paid", "payee", "debit", "credit",
    }) | far_languages.WENT_OUT | far_languages.PROFITS),
    ("sales", frozenset({
        "sales", "revenue", "customer", "order", "discount", "price", "deal", "quota", "store", "sold",
        "client", "umsatz", "ventas", "churn", "mrr", "opportunity", "stage", "tenure", "subscription",
    }) | far_languages.CAME_IN),
    ("marketing", frozenset({
        "campaign", "channel", "clicks", "impressions", "visits", "conversion", "lead", "ad", "audience",
    })),
    ("product", frozenset({"product", "feature", "item", "model", "version", "sku", "rating", "review", "release"})),
    ("operations", frozenset({
        "delivery", "shipping", "stock", "inventory", "warehouse", "supplier", "delay", "machine", "sensor",
        "temperature", "duration", "opened", "closed", "start", "end", "processed", "station",
    })),
)  # fmt: skip
_OF_EMPLOYERS = frozenset({"manager", "employer", "workload", "colleagues", "workplace", "department", "team", "job"})


def owner(*columns: str, default: Who = "operations") -> Who:
    """Return who answers for the first of these columns that says it: finance, sales, … by a word of its name."""
    said = [who for column in columns if (who := _answers_for(column)) is not None]
    return "leadership" if "leadership" in said else said[0] if said else default


def _answers_for(column: str) -> Who | None:
    words = {word.lower() for word in label(column).split()} | set(words_in(label(column)))
    if is_question(column):
        # A survey's words are about everything; those about work are asked of employees.
        return "leadership" if {word.strip("?.,:()[]") for word in words} & _OF_EMPLOYERS else "marketing"
    words |= {word.removesuffix("s") for word in words}
    if {"lead", "time"} <= words:
        return "operations"  # how long a delivery takes is no lead of a campaign
    return next((who for who, marks in _MARKS if words & marks), None)
