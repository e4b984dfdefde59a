"""Who in a company most likely answers for a column, judged by the words in its name."""

from datapilot.contracts.insight import Who
from datapilot.words.labels import label

_MARKS: tuple[tuple[Who, frozenset[str]], ...] = (
    ("support", frozenset({
        "ticket", "incident", "caller", "resolved", "complaint", "case", "satisfaction", "support", "agent",
    })),
    ("finance", frozenset({
        "cost", "expense", "amount", "budget", "invoice", "payment", "tax", "salary", "fee", "margin", "profit",
        "claim", "spend", "loss", "gross", "balance",
    })),
    ("sales", frozenset({
        "sales", "revenue", "customer", "order", "discount", "price", "deal", "quota", "region", "store", "sold",
        "client", "units",
    })),
    ("marketing", frozenset({
        "campaign", "channel", "clicks", "impressions", "visits", "conversion", "lead", "ad", "audience",
    })),
    ("product", frozenset({"product", "feature", "item", "model", "version", "sku", "rating", "review", "release"})),
    ("operations", frozenset({
        "delivery", "shipping", "stock", "inventory", "warehouse", "supplier", "delay", "machine", "sensor",
        "temperature", "duration", "opened", "closed", "start", "end", "processed", "station",
    })),
)  # fmt: skip


def owner(*columns: str, default: Who = "operations") -> Who:
    """Return who answers for these columns: the first of finance, sales, … that one of their words speaks of."""
    words = {word.lower() for column in columns for word in label(column).split()}
    words |= {word.removesuffix("s") for word in words}
    return next((who for who, marks in _MARKS if words & marks), default)
