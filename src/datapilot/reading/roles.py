"""Say how a column may be aggregated: added, averaged, only counted, or never."""

from datapilot.contracts.table import Role
from datapilot.reading.evidence import Evidence
from datapilot.reading.plan import Plan

LONG_TAIL = 20.0  # greatest value against the middle one
# Words of names whose numbers describe a state or a ratio: adding them up says nothing.
AVERAGED = frozenset({
    "rate", "ratio", "pct", "percent", "percentage", "share", "price", "score", "rating", "average", "avg", "mean", "median", "temperature",
    "temp", "age", "index", "margin", "discount", "humidity", "pressure", "speed", "height", "width", "length", "depth", "latency", "level",
    "grade", "gpa", "rank", "ranking", "bmi", "density", "yield", "probability", "prob", "confidence", "per", "interest", "apr", "elevation",
    "altitude", "angle", "stars", "intensity", "concentration", "ph", "voltage", "frequency", "hz", "likelihood", "std", "stdev", "deviation",
    "min", "max", "minimum", "maximum", "lowest", "highest", "high", "low", "open", "close", "target", "threshold", "quality", "satisfaction",
    "nps", "utilization", "efficiency", "growth", "change", "delta", "duration", "tenure", "weight", "size", "capacity", "mileage", "mpg",
    "credit", "salary", "wage", "unitprice", "cpi", "ppi", "rh", "dewpoint", "wind", "glucose", "insulin", "bp", "heartrate", "pulse", "preis",
    "prix", "precio", "prezzo", "alter", "temperatur", "anteil", "quote", "rabatt", "note", "hours", "days", "minutes", "seconds", "time", "lag",
})  # fmt: skip
SUMMED = frozenset({
    "revenue", "sales", "amount", "total", "quantity", "qty", "units", "count", "cost", "costs", "profit", "income", "expense", "expenses", "spend",
    "spending", "budget", "turnover", "volume", "orders", "visits", "clicks", "views", "impressions", "downloads", "population", "deaths", "cases",
    "births", "injuries", "fee", "fees", "tax", "payment", "payments", "paid", "balance", "gross", "gross", "net", "donation", "goals", "points",
    "calls", "users", "customers", "passengers", "students", "employees", "votes", "value", "subtotal", "shipping", "freight", "loss", "debt",
    "umsatz", "menge", "betrag", "kosten", "gewinn", "anzahl", "summe", "ventas", "cantidad", "importe", "monto", "quantité", "montant", "number", "num",
    "sold", "stock", "inventory", "production", "consumption", "emissions", "attendance", "hits", "wins", "losses",
})  # fmt: skip
NEVER = frozenset({
    "id", "ids", "uuid", "guid", "key", "code", "codes", "zip", "zipcode", "postal", "postcode", "plz", "isbn", "ean", "upc", "sku", "lat", "latitude", "lon",
    "lng", "long", "longitude", "year", "yr", "jahr", "month", "day", "week", "weekday", "hour", "quarter", "phone", "fips", "index", "pk", "fk", "ssn",
    "barcode", "gtin", "nr", "serial", "ref", "reference", "iso", "naics", "sic", "geoid", "ticket", "order_id", "seq", "sequence", "row", "rownum", "x", "y",
    "unnamed", "version", "port", "asn",
})  # fmt: skip


def role_of(plan: Plan, evidence: Evidence) -> Role:
    """Return the role of a column by its type first, its unit next, and the words of its name last."""
    if plan.inferred_type in {"categorical", "boolean"}:
        return "count"
    if plan.inferred_type != "numeric":
        return (
            "never"
            if plan.inferred_type != "constant" or plan.storage not in {"BIGINT", "DOUBLE"}
            else _numeric_role(plan, evidence)
        )
    return _numeric_role(plan, evidence)


def _numeric_role(plan: Plan, evidence: Evidence) -> Role:
    words = evidence.words
    if plan.subtype in {"year", "code", "latitude", "longitude", "rank"}:
        return "never"
    if plan.subtype == "percent":
        return "average"
    if words & AVERAGED and not words & {"total", "sum", "count", "revenue", "sales", "amount"}:
        return "average"
    if words & SUMMED or plan.subtype == "currency":
        return "sum"
    if plan.subtype == "unit":
        return "average"
    return _role_by_values(plan, evidence)


def _role_by_values(plan: Plan, evidence: Evidence) -> Role:
    """A name that says nothing: counts from zero up and amounts with a long tail add up; measurements do not."""
    numbers = []
    for text in evidence.values:
        try:
            numbers.append(float(text.replace(",", "")))
        except ValueError:
            continue
    if not numbers or min(numbers) < 0:
        return "average"
    middle = sorted(numbers)[len(numbers) // 2]
    is_count = plan.storage == "BIGINT" and min(numbers) <= 1
    return "sum" if is_count or max(numbers) >= LONG_TAIL * max(middle, 1) else "average"
