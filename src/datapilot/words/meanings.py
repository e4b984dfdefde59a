"""What the words of a column's name say: that something happened to a record, that a number is a profit, that it is
a level, which adds up at one moment and never over time, or that a date is an origin. Names rank and word what types
and roles have allowed."""

import re
from collections.abc import Sequence

from datapilot.words import far_languages
from datapilot.words.labels import label
from datapilot.words.splitting import words_in

# What is to happen or not: of two flags that go together, this one is told of the groups of the other.
RATES = frozenset({
    "attrition", "churn", "default", "fraud", "complaint", "dropout", "event", "retoure", "storno", "turnover",
    "readmission", "failure", "breach", "escalation", "response", "relapse", "conversion", "cancellation", "damage",
    "death", "mortality", "rearrest", "arrest", "recurrence", "participation", "purchase", "subscription", "denial",
    "rejection", "approval", "admission", "renewal", "bankruptcy", "unemployment", "refund", "delinquency",
    "accident", "complication", "bounce", "infection", "fluktuation", "kündigung", "reklamation", "ausfall",
    "devuelto", "devolución", "cancelado", "abandono", "retour", "annulé", "reso", "annullato",
})  # fmt: skip
BECOME = frozenset({
    "returned", "readmitted", "converted", "cancelled", "canceled", "lost", "won", "late", "delayed", "escalated",
    "breached", "approved", "rejected", "abandoned", "resolved", "reopened", "refunded", "declined", "terminated",
    "denied", "accepted", "arrested", "rearrested", "dead", "deceased", "employed", "unemployed", "refused",
    "admitted", "damaged", "fraudulent", "overdue", "infected", "promoted", "hired", "insolvent", "satisfied",
    "dissatisfied", "completed",
})  # fmt: skip
DO = frozenset({
    "voted", "recurred", "participated", "enrolled", "exited", "recovered", "improved",
    "churned", "left", "defaulted", "passed", "failed", "survived", "died", "renewed", "bought", "purchased",
    "responded", "subscribed", "complained", "clicked", "bounced", "opened", "attended", "relapsed", "graduated",
    "resigned", "quit",
})  # fmt: skip
ACTS = frozenset({"deny", "vote", "accept", "reject", "admit", "cancel", "convert", "renew", "approve", "refund"})
EVENTS = RATES | BECOME | DO | ACTS | far_languages.EVENTS
# Things that happen whose names are two words, or one made of them.
PHRASES = frozenset({
    "stock out", "stockout", "no show", "noshow", "drop out", "opt out", "write off", "writeoff", "charge back",
    "chargeback", "back order", "backorder", "out of stock", "sold out", "past due", "no answer", "did not attend",
})  # fmt: skip
# What a column is called whose yes is what all others are there to foretell.
TARGETS = frozenset({"y", "target", "outcome", "label"})
TOTALS = frozenset({"total", "sum", "gesamt", "summe"})
PROFITS = frozenset({
    "profit", "profits", "margin", "earnings", "ebit", "ebitda", "gain", "pnl", "contribution",
    "gewinn", "ergebnis", "deckungsbeitrag", "beneficio", "ganancia", "bénéfice", "utile", "winst",
}) | far_languages.PROFITS  # fmt: skip
# What a heading or a kind of entry says: money that came in, or went out.
CAME_IN = frozenset({
    "income", "revenue", "revenues", "sales", "turnover", "receipts", "receipt", "credit", "credits", "deposit",
    "deposits", "inflow", "inflows", "einnahme", "einnahmen", "erlös", "erlöse", "ertrag", "erträge", "umsatz",
    "umsatzerlöse", "eingang", "eingänge", "haben", "gutschrift", "ingreso", "ingresos", "ventas", "recette",
    "recettes", "produits", "crédit", "ricavi", "entrate", "inkomsten", "receita", "receitas",
}) | far_languages.CAME_IN  # fmt: skip
WENT_OUT = frozenset({
    "expense", "expenses", "expenditure", "expenditures", "cost", "costs", "cogs", "spending", "debit", "debits",
    "withdrawal", "withdrawals", "outflow", "outflows", "tax", "taxes", "overhead", "overheads", "ausgabe", "ausgaben",
    "aufwand", "aufwendungen", "kosten", "ausgang", "ausgänge", "soll", "lastschrift", "steuern", "gasto", "gastos",
    "egreso", "egresos", "dépense", "dépenses", "charges", "débit", "costi", "spese", "uscite", "uitgaven", "despesa",
    "despesas",
}) | far_languages.WENT_OUT  # fmt: skip
# What the two columns of an account are called, of which each row fills one.
CREDITS = frozenset({"credit", "credits", "haben", "crédit", "deposit", "deposits", "in", "eingang", "abono"})
DEBITS = frozenset({"debit", "debits", "soll", "débit", "withdrawal", "withdrawals", "out", "ausgang", "cargo"})
_NET_RESULT = re.compile(
    r"net (?:income|profit|loss|earnings|result|surplus|deficit)\b.*|(?:profit|loss|result|surplus|deficit) for the "
    r"(?:year|period|quarter|month)\b.*|net (?:change|increase|decrease) in cash\b.*|bottom line"
    r"|jahres(?:überschuss|ergebnis|fehlbetrag)|reingewinn|résultat net\b.*|bénéfice net|utile netto|resultado neto"
    r"|beneficio neto|lucro líquido|nettoresultaat|winst na belastingen",
    re.IGNORECASE,
)
# The sides of a balance sheet.
_SHEET = frozenset({
    "assets", "liabilities", "equity", "aktiva", "passiva", "eigenkapital", "verbindlichkeiten", "vermögen", "activo",
    "pasivo", "patrimonio", "actif", "passif", "attivo", "passivo",
})  # fmt: skip
_CASH = re.compile(r"(?:net )?cash (?:flows? )?(?:from|used|provided|generated)\b.*|(?:cashflow|mittelzufluss) aus .*",
                   re.IGNORECASE)  # fmt: skip
_BALANCE = re.compile(
    r"gross (?:profit|margin)|operating (?:profit|income|result|loss)|ebitda?|(?:profit|income) before tax(?:es)?"
    r"|(?:rohertrag|rohergebnis|betriebsergebnis)|marge brute|résultat d[’']exploitation|utile operativo",
    re.IGNORECASE,
)
# One amount for each of another. Money by the hour is no such thing.
PARTS = frozenset({
    "rate", "ratio", "share", "percent", "percentage", "pct", "proportion", "ctr", "cvr", "cpc", "cpm", "roas", "roi",
    "quote", "anteil", "prozent", "taux", "tasa", "porcentaje", "pourcentage", "percentuale", "aandeel", "utilization",
    "utilisation", "yield",
})  # fmt: skip
_PAID = frozenset({"hourly", "daily", "interest", "exchange", "pay", "wage", "heart"})
LEVELS = frozenset({
    "pop", "population", "inhabitants", "residents", "headcount", "employees", "employed", "employment", "unemployed",
    "unemploy", "unemployment", "workforce", "subscribers", "inventory", "stock", "balance", "debt", "reserves",
    "assets", "liabilities", "holdings", "mrr", "arr", "aum", "followers", "backlog", "vermögen", "activos", "actifs",
    "einwohner", "bevölkerung", "mitarbeiter", "bestand", "lagerbestand", "kontostand", "saldo", "población",
}) | far_languages.LEVELS  # fmt: skip
# Of these there may be so many at a time, or they may have come one by one: their numbers tell.
COUNTED_AT_A_TIME = frozenset({
    "customers", "clients", "users", "accounts", "members", "students", "stores", "shops", "branches", "vehicles",
    "contracts", "policies", "kunden", "mitglieder", "verträge", "clientes", "socios", "abonnés",
})  # fmt: skip
MOVEMENTS = frozenset({
    "new", "lost", "churned", "gained", "added", "net", "joined", "left", "hired", "won", "change", "growth", "neue",
    "verlorene", "nuevos", "nouveaux",
})  # fmt: skip

SO_FAR = frozenset({"cumulative", "cum", "cumul", "ytd", "mtd", "running", "kumuliert", "acumulado", "cumulé"})
LATEST = frozenset(
    {"last", "latest", "recent", "letzte", "letzter", "letztes", "última", "último", "dernier", "dernière"}
)
ORIGINS = frozenset({
    "built", "birth", "born", "birthday", "founded", "established", "constructed", "construction", "yob", "dob",
    "incorporated", "manufactured", "manufacture", "modelljahr", "baujahr", "geburtsdatum", "geburtsjahr", "gründung",
    "gründungsjahr",
})  # fmt: skip

# Of two dates the one that was promised; what then happened is told by how often it came later.
PROMISED = frozenset({"planned", "plan", "expected", "due", "scheduled", "promised", "target", "deadline", "estimated",
                       "eta", "sla", "committed", "required", "geplant", "geplantes", "fällig", "soll", "fälligkeit",
                       "vencimiento", "échéance", "scadenza", "vencimento", "vervaldatum",
                       "fälligkeitsdatum"}) | far_languages.PROMISED  # fmt: skip
_LIES_AHEAD = frozenset({"end", "ends", "until", "till", "valid", "expiration", "expires", "expiry", "expire",
                         "renewal", "maturity", "to", "next", "forecast", "retirement",
                         "bis", "ende", "ablauf"})  # fmt: skip
METERS = frozenset({"odometer", "zählerstand", "kilometerstand", "tachostand", "meterstand"})
# The values of a column that says of each row whether it was planned or came to pass.
PLANS = frozenset({"budget", "budgeted", "plan", "planned", "target", "forecast", "soll", "presupuesto", "previsto"})
CAME = frozenset({"actual", "actuals", "ist", "real", "réel", "réalisé", "consuntivo"})
# The value of a category that stands for all others: "All products", "Total".
NAMES_OF_ALL = r"(?:all|total|sum|overall|gesamt|insgesamt|alle|grand total|world)(?:\W.*)?"
_OF_ALL = re.compile(NAMES_OF_ALL, re.IGNORECASE)


def name_words(column_name: str) -> list[str]:
    """Return the words of a name in small letters, without figures and signs."""
    return list(words_in(label(column_name)))


def names_event(column_name: str) -> bool:
    """Whether a name says what became of a record: left, returned, won."""
    words = name_words(column_name)
    is_target = len(words) == 1 and words[0] in TARGETS
    return is_target or bool(set(words) & EVENTS) or ends_in_phrase(column_name)


def ends_in_phrase(column_name: str) -> bool:
    """Whether a name ends in something that happens to things in two words: stock-out, no show."""
    return says_phrase(column_name) is not None


def says_phrase(text: str) -> str | None:
    """Return the phrase for what happens to things that a name or a cell ends in ("No-show"), else None."""
    words = list(words_in(label(text)))
    return next((said for n in (1, 2, 3) if (said := " ".join(words[-n:])) in PHRASES), None)


def names_profit(column_name: str) -> bool:
    """Whether a name says what was earned, and can be lost."""
    words = name_words(column_name)
    return bool(set(words) & PROFITS) or words[:2] == ["p", "l"]  # P/L, P&L


def comes_in(value: str) -> bool | None:
    """Whether what stands below a heading, or bears a word as its kind, is money that came in; False where it went out,
    None where its words say neither, or both ("Other income and expenses")."""
    words = list(words_in(value))
    if words in (["in"], ["out"]):
        return words == ["in"]
    earned, spent = set(words) & CAME_IN, set(words) & WENT_OUT
    if earned and spent:
        # Cost of sales and income tax are spent.
        return False if words[0] in WENT_OUT or words[-1] in {"tax", "taxes"} else None
    return bool(earned) if earned or spent else None


def is_net_result(value: str) -> bool:
    """Whether a line of a statement is what all others leave: net income."""
    return bool(_NET_RESULT.fullmatch(value.strip()))


def is_cash_flow(value: str) -> bool:
    """Whether a line of a cash flow statement says what one kind of activity brought: net cash from operations."""
    return bool(_CASH.fullmatch(value.strip()))


def is_side_of_sheet(value: str) -> bool:
    """Whether a heading is one of a balance sheet's: current assets, equity."""
    return bool(_SHEET.intersection(words_in(value)))


def is_balance(value: str) -> bool:
    """Whether a line of a statement is what those before it leave: gross profit."""
    return bool(_BALANCE.fullmatch(value.strip()))


def names_rate(column_name: str) -> bool:
    """Whether a name says that its numbers are one amount for each of another, of rows that may be large or small."""
    words = set(name_words(column_name))
    return bool(words & PARTS) and not words & _PAID


def names_origin(column_name: str) -> bool:
    """Whether a date says since when something has been there, of which only what is left is listed: built, born."""
    words = set(name_words(column_name))
    return bool(words & ORIGINS) or {"model", "year"} <= words


def names_total_so_far(column_name: str) -> bool:
    """Whether a name says that each row holds the sum of all until then."""
    words = name_words(column_name)
    return bool(set(words) & SO_FAR) or words[-3:] == ["year", "to", "date"]


def names_latest(column_name: str) -> bool:
    """Whether a date says when something happened last to what a row stands for (last sold, last login), of which only
    the latest time is kept."""
    words = name_words(column_name)
    return len(words) > 1 and bool(set(words) & LATEST) and not set(words) & {"name", "day"}


def names_level(column_name: str) -> bool:
    """Whether a name says that its numbers are levels: inhabitants, a balance; new inhabitants add up."""
    words = set(name_words(column_name))
    return bool(words & LEVELS) and not words & MOVEMENTS


def may_be_level(column_name: str) -> bool:
    """Whether a name counts what there may be at a time (customers, stores) or what came in it: its numbers tell."""
    words = set(name_words(column_name))
    return bool(words & COUNTED_AT_A_TIME) and not words & MOVEMENTS


def names_meter(column_name: str) -> bool:
    """Whether a name says that its numbers are those on a meter, which only run on: what matters is their steps."""
    words = set(name_words(column_name))
    return bool(words & METERS) or {"meter", "reading"} <= words or {"counter", "reading"} <= words


def names_total(column_name: str) -> bool:
    """Whether a name says that a column is the sum of others, or of everything."""
    return bool(TOTALS & set(label(column_name).lower().split()))


def says_all(value: str) -> bool:
    """Whether a cell may stand for all others of its column: "All products", "Total"."""
    return bool(_OF_ALL.fullmatch(value.strip()))


def plan_among(values: Sequence[str]) -> str | None:
    """Return the one of two values that stands for what was planned where the other is what came of it, else None."""
    if len(values) != len(("plan", "outcome")):
        return None
    words = [set(words_in(value)) for value in values]
    return next(
        (
            value for value, one, other in zip(values, words, reversed(words), strict=True)
            if one & PLANS and other & CAME and not other & PLANS
        ),
        None,
    )  # fmt: skip


def lies_ahead(column_name: str) -> bool:
    """Whether a date's name says that it may lie ahead: due, planned, valid until."""
    return bool(set(label(column_name).lower().split()) & (PROMISED | _LIES_AHEAD))
