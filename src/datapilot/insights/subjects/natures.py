"""What a quantity is to the people who read of it: set by them, met as it is, or what comes out of their work.

Advice follows from it: a price can be tried, an age can only be allowed for, a cost can be asked about.
"""

from typing import Literal

import numpy as np

from datapilot.contracts.base import Scalar
from datapilot.insights.subjects.subjects import Category, Quantity
from datapilot.words import far_languages
from datapilot.words.labels import label
from datapilot.words.meanings import (
    BECOME,
    DO,
    RATES,
    name_words,
    names_event,
    names_profit,
    says_phrase,
)
from datapilot.words.render import column_slot, is_question
from datapilot.words.splitting import words_in

Nature = Literal["met", "set", "outcome", "unknown"]

FAR = 1_000.0  # miles or kilometres that a car has gone; those it goes with a litre are fewer
ONE_SIDED = 0.02  # of the values, that lie on the other side of zero at most
SIGNED = 0.05  # of the values are below zero
_MET = frozenset({
    "weather", "temperature", "temp", "outdoor", "age", "distance", "area", "experience", "tenure", "population",
    "hum", "windspeed",
    "humidity", "rain", "rainfall", "wind", "weight", "length", "width", "height", "depth", "capacity", "education",
    "rooms", "bedrooms", "bathrooms", "lotsize", "sqft", "altitude", "elevation", "latitude", "longitude", "year",
    "seniority", "size",
})  # fmt: skip
_SET = frozenset({
    "price", "discount", "budget", "spend", "spending", "visits", "calls", "staff", "headcount", "impressions",
    "remise", "descuento", "rabatt", "sconto", "preis", "precio", "prix", "prezzo",
    "emails", "training", "dose", "rebate", "fee", "capital", "investment", "advertising", "ads",
})  # fmt: skip
_OUTCOMES = frozenset({
    "revenue", "sales", "amount", "cost", "costs", "profit", "margin", "rating", "score", "units", "sold", "orders",
    "expense", "expenses", "loss", "losses", "claims", "returns", "satisfaction", "income", "salary", "wage", "gross",
    "turnover", "quantity", "conversion", "conversions", "clicks", "defects", "errors", "delay", "duration", "reply",
    "downtime", "churn", "absence", "absences", "wait", "complaints", "accidents", "charges", "defect", "scrap",
    "returned", "churned", "handling", "waiting", "csat", "nps", "mrr", "visits",
    "lieferzeit", "wartezeit", "fehlzeiten", "retouren", "attendance", "points", "goals", "grade", "marks",
    "krankheitstage", "krankentage", "fehltage", "marge", "margen", "affaires", "überstunden",
    "umsatz", "betrag", "kosten", "gewinn", "menge", "ventas", "importe", "coste", "ingresos",
}) | far_languages.CAME_IN | far_languages.WENT_OUT | far_languages.PROFITS  # fmt: skip
_EARNED = frozenset({
    "revenue", "sales", "units", "sold", "orders", "turnover", "mrr", "gross", "umsatz", "erlös", "menge", "ventas",
    "affaires", "recettes", "fatturato", "ricavi", "omzet", "receita",
    "ingresos", "bookings", "subscriptions",
}) | far_languages.CAME_IN  # fmt: skip
_UNWELCOME = frozenset({
    "claims", "claim", "defects", "errors", "returns", "complaints", "accidents", "losses", "loss", "cost", "costs",
    "expense", "expenses", "delay", "delays", "downtime", "scrap", "absence", "absences", "incidents", "tickets",
    "rejected", "rejects", "rejections", "scrapped", "damaged", "waste", "wasted", "spoilage", "faults", "bugs",
    "fines", "penalties", "returned", "refunded", "cancelled", "canceled", "unsold", "breaches", "outages", "disputes",
    "chargebacks", "ausschuss", "reklamationen", "deaths", "fatalities", "injuries", "crimes", "arrests", "failures",
    "cancellations", "refunds", "spend", "kosten",
    "retouren", "fehlzeiten", "krankheitstage", "krankentage", "fehltage", "überstunden", "overtime",
}) | far_languages.WENT_OUT  # fmt: skip
# What comes last of all: nobody sets or spends it.
_RESULTS = frozenset({
    "wage", "wages", "salary", "salaries", "earnings", "pay", "income", "crime", "crimes", "mortality", "deaths",
    "fatalities", "injuries", "unemployment", "emissions", "pollution", "ozone", "mpg", "mileage", "yield", "score",
    "votes", "winnings", "consumption", "arrests", "performance", "productivity", "runtime", "latency", "throughput",
    "rating", "grade", "grades", "gpa", "mark", "marks", "points", "fertility", "bids", "tip", "tips",
})  # fmt: skip
# A thing's own price or size differs between kinds of things for no one's doing.
_OF_THINGS = frozenset({"price", "preis", "precio", "prix", "prezzo", "capacity", "volume"}) | (
    _MET - {"experience", "tenure", "education", "seniority"}
)


_PRICES = frozenset({"price", "prezzo", "preis", "precio", "prix", "rent", "miete"})
_VERDICTS = frozenset({
    "satisfaction", "csat", "nps", "rating", "stars", "review", "zufriedenheit", "bewertung", "feedback",
    "recommend", "recommendation", "weiterempfehlen", "weiterempfehlung",
})  # fmt: skip


# Ends that a status names, and no column does by itself.
_STATUSES = frozenset({
    "state", "status", "stage", "outcome", "result", "disposition", "zustand", "decision", "verdict", "entscheidung",
    "estado", "statut", "stato", "estatus", "situação",
})  # fmt: skip
_ENDS = frozenset({
    "processed", "completed", "delivered", "paid", "done", "expired", "withdrawn", "charged", "foreclosed",
    "storniert", "abgelehnt", "erledigt",
    "bezahlt", "gewonnen", "verloren", "cancelada", "cancelado", "anulada", "anulado", "devuelto", "devuelta",
    "entregado", "entregada", "pagado", "pagada", "confirmada", "confirmado", "rechazado", "rechazada", "annulé",
    "annulée", "résolu", "résolue", "rejeté", "rejetée", "clôturé", "clôturée", "livré", "livrée",
    "payé", "payée", "remboursé", "annullato", "annullata", "consegnato", "pagato",
    "geannuleerd", "afgewezen", "geleverd",
})  # fmt: skip
_BEGINNINGS = frozenset({"opened"})  # of a ticket; of a letter it is what was hoped for
_WELCOME = frozenset({
    "opened", "attended",
    "entregado", "entregada", "pagado", "pagada", "confirmada", "confirmado", "livré", "livrée", "payé", "payée",
    "consegnato", "pagato", "geleverd",
    "processed", "completed", "delivered", "paid", "done", "gewonnen", "erledigt", "bezahlt",
    "converted", "won", "approved", "resolved", "renewed", "bought", "purchased", "responded", "subscribed", "passed",
    "accepted", "employed", "recovered", "improved", "enrolled", "participated", "voted", "purchase",
    "subscription", "approval", "admission", "renewal", "participation",
    "survived", "graduated", "promoted", "satisfied", "clicked", "conversion", "response", "hired", "admitted",
    "transaction", "transactions", "conversions", "purchases", "orders", "bookings", "signups",
})  # fmt: skip
# What visitors come to, or do not: a flag of a visit that is called like a count of them.
_CAME_TO = frozenset({"transaction", "transactions", "conversions", "purchases", "orders", "bookings", "signups"})
# The group of a trial that was left alone.
_LEFT_ALONE, MOST_ARMS = frozenset({"control", "control group", "placebo"}), 5
_TRIALS = frozenset(
    {"variant", "treatment", "treat", "trt", "rx", "experiment", "arm", "bucket", "variante", "therapy"}
)
# What people are, which nobody can copy from one group to another.
_TRAITS = frozenset({
    "sex", "gender", "race", "ethnicity", "ethnic", "age", "religion", "nationality", "female", "male", "black",
    "white", "hispanic", "asian", "married", "marital", "disability", "birth", "generation", "geschlecht", "alter",
})  # fmt: skip
_FATES = frozenset({"death", "dead", "died", "deceased", "survived", "mortality"})
# The bad one of two ends first.
_VERDICT_PAIRS = (
    ("bad", "good"), ("fail", "pass"), ("failed", "passed"), ("fail", "ok"), ("nok", "ok"), ("nio", "io"),
    ("defect", "ok"), ("defective", "ok"), ("faulty", "ok"), ("faulty", "good"), ("failure", "success"),
    ("failed", "success"), ("rejected", "accepted"), ("loss", "win"), ("lost", "won"), ("late", "on time"),
    ("churned", "retained"), ("churned", "active"), ("fraud", "legit"), ("fraudulent", "legitimate"),
    ("no-show", "attended"), ("no show", "attended"), ("noshow", "attended"), ("no-show", "show"), ("no show", "show"),
    ("missed", "attended"), ("out of stock", "in stock"),
    ("noncompliant", "compliant"), ("non-compliant", "compliant"), ("absent", "present"), ("schlecht", "gut"),
)  # fmt: skip
_OPEN = frozenset({
    "open", "pending", "progress", "new", "active", "outstanding", "unpaid", "todo", "ongoing", "waiting", "hold",
    "cours", "process", "processing", "curso", "proceso", "attente", "andamento",
    "negotiation", "proposal", "qualification", "draft", "blocked", "backlog", "running", "offen", "abierto", "ouvert",
})  # fmt: skip
_OPEN_ENDED = frozenset({"observed", "censored", "censor", "open", "closed", "ongoing", "active"})
# How long somebody was watched until something happened, or until watching ended.
_WATCHED = frozenset({
    "time", "days", "weeks", "months", "duration", "futime", "survtime", "survival", "followup", "spell", "stay", "los",
})  # fmt: skip
# Days before it all began: how early was booked, how long ago was bought.
_BEFOREHAND = frozenset({"lead", "advance", "notice", "since", "last", "ahead", "prior", "wait", "waiting", "queue"})
_WATCHING = frozenset({
    "death", "dead", "died", "deceased", "survived", "event", "observed", "censored", "censor", "status", "relapse",
    "relapsed", "recurrence", "recurred", "failure", "rearrest", "arrest",
})  # fmt: skip
_ADJECTIVES_BY_NAME = frozenset({
    "female", "male", "black", "white", "hispanic", "asian", "married", "foreign", "urban", "rural", "single", "new",
    "paid", "late", "open", "free", "local", "public", "private", "remote", "critical", "external", "internal",
})  # fmt: skip
_ADJECTIVES, _SHORTEST_ADJECTIVE = ("able", "ible", "ed", "ive", "ent"), 6
_STATES = frozenset({"out of stock", "sold out", "past due"})  # phrases that say how a thing is, not what happened
_BEFORE_A_STATE = frozenset({"is", "was", "has", "been", "did"})


def is_event(column: str) -> bool:
    """Whether a column says what became of a record (left, returned, won)."""
    return not is_question(column) and (names_event(column) or came_to(column))


def came_to(column: str) -> bool:
    """Whether a name counts what a visit may come to: of a yes or no it says whether it did."""
    return len(words := name_words(column)) == 1 and words[0] in _CAME_TO


def is_fate(column: str) -> bool:
    """Whether a column says who lived and who died: no target is set for that."""
    return bool(set(name_words(column)) & _FATES)


def is_two_sided(column: str) -> bool:
    """Whether an event is neither wished for nor to be brought down by all: an arrest."""
    return bool(set(name_words(column)) & {"arrest", "arrested", "arrests"})


def is_unfinished(column: str) -> bool:
    """Whether a column says how far a record has come, or whether watching it has ended: the latest ones always come
    less far, which is no change."""
    return is_status(column) or bool({word.rstrip("0123456789") for word in name_words(column)} & _OPEN_ENDED)


def is_trait(column: str) -> bool:
    """Whether a column says what somebody is: "do the same elsewhere" is no advice then."""
    return bool(set(name_words(column)) & _TRAITS)


def is_watched(quantity: Quantity, category: str) -> bool:
    """Whether a quantity is the time until the event that a category tells of, or until watching ended without it:
    its average says how long people were watched, not how long it takes."""
    words = set(name_words(quantity.column)) if quantity.minus is None else _WATCHED
    if words & _BEFOREHAND:
        return False
    return bool(words & _WATCHED) and bool({word.rstrip("0123456789") for word in name_words(category)} & _WATCHING)


def is_progress(quantity: Quantity, category: str) -> bool:
    """Whether a quantity says in figures how far a record has come, which a status says in words."""
    is_how_far = bool(_words(quantity) & {"complete", "completion", "completed", "progress", "fortschritt", "avance"})
    return quantity.minus is None and is_how_far and is_status(category)


def is_status(column: str) -> bool:
    """Whether a column says how far a record has come, or what it came to; one of yes and no, whether it came to the
    one thing that the table is about: a loan's, that it failed."""
    return bool(set(name_words(column)[-1:]) & _STATUSES)


def is_experiment(column: str) -> bool:
    """Whether a column says what was tried on whom: what did better can be given to all."""
    return bool(set(name_words(column)[-1:]) & _TRIALS)


def is_trial(category: Category) -> bool:
    """Whether a category says what was tried on whom, by its name or because one of its few groups was left alone."""
    said = {str(one).lower().replace("_", " ") for one in category.codes.labels}
    return is_experiment(category.column) or (len(said) <= MOST_ARMS and bool(said & _LEFT_ALONE))


def is_reason(column: str) -> bool:
    """Whether a column says why something happened, which only those say to whom it did."""
    return bool(set(name_words(column)) & {"reason", "reasons", "grund", "motivo", "motif", "raison", "cause", "reden"})


def is_answer_code(category: Category) -> bool:
    """Whether a column of status holds what servers answer: 200, 404, 500."""
    labels = [str(label) for label in category.codes.labels]
    is_coded = all(len(label) == len("200") and label.isdecimal() and "1" <= label[0] <= "5" for label in labels)
    return is_coded and is_status(category.column) and any(label[0] == "2" for label in labels)


def is_outcome_value(value: Scalar) -> bool:
    """Whether a cell says what became of its record: "Closed Won", "Cancelled"."""
    if not isinstance(value, str):
        return False
    return bool(set(words_in(value)) & ((BECOME | DO | _ENDS) - _BEGINNINGS)) or says_phrase(value) is not None


def bad_end_of(category: Category) -> int | None:
    """Return the code of "bad" or "fail" where a column says of each record whether it was good, else None."""
    said = [str(one).lower() for one in category.codes.labels]
    if len(said) != 2:
        return None
    return next((said.index(bad) for bad, good in _VERDICT_PAIRS if {bad, good} == set(said)), None)


def is_bad_end(value: Scalar) -> bool:
    """Whether a cell says that its record came to no good: "fail", "defect"."""
    return str(value).lower() in {bad for bad, _ in _VERDICT_PAIRS}


def is_open_value(value: Scalar) -> bool:
    """Whether a cell says that its record has not come to an end: "open", "in progress"."""
    return isinstance(value, str) and bool(set(words_in(value)) & _OPEN)


def is_welcome(column: str) -> bool:
    """Whether people wish that it happens: a sale, an approval."""
    return bool(set(name_words(column)) & _WELCOME)


def rate_name(column: str) -> str | None:
    """Return the template "churn rate" of an event that is a thing; None for what records are or do."""
    is_thing = bool(set(name_words(column)[-1:]) & RATES) or says_phrase(column) not in {None, *_STATES}
    return f"{column_slot(column)} rate" if is_thing else None


def became(column: str) -> str:
    """Return the template of what is said of records to which the event happened: "are returned", "left"."""
    words = [word for word in name_words(column) if word not in _BEFORE_A_STATE]
    if says_phrase(column) in _STATES:
        return f"are {says_phrase(column)}"
    if len(words) == 1 and words[0] in BECOME:
        return f"are {words[0]}"
    if len(words) == 1 and words[0] in DO:
        return words[0]
    if came_to(column):
        return f"have {column_slot(column)}"
    if len(words) == 2 and words[0] in DO and label(column).isascii():
        return f"{words[0]} the {words[1]}"  # left company, passed exam
    return said_of(column)


def said_of(column: str, *, is_so: bool = True) -> str:
    """Return the template of what a yes or no says of records: "are active", "have no garage", "are not marked gift
    aid"."""
    said = label(column)
    first, _, rest = said.partition(" ")
    no, none = ("", "") if is_so else ("not ", "no ")
    is_plain = bool(rest) and not any(character.isnumeric() or character in "{}" for character in rest)
    if first.lower() in {"has", "have", "had"} and is_plain:
        return f"have {none}{rest}"
    if first.lower() in {"is", "was", "are", "were"} and is_plain:
        return f"are {no}{rest}"
    if is_status(column):
        return f"have {column_slot(column)} {'yes' if is_so else 'no'}"
    return f"are {no}{column_slot(column)}" if is_adjective(column) else f"are {no}marked {column_slot(column)}"


def is_adjective(column: str) -> bool:
    """Whether a name is one word that says how a thing is: billable, insured."""
    said = label(column).lower()
    is_one = " " not in said and said.endswith(_ADJECTIVES) and len(said) >= _SHORTEST_ADJECTIVE
    return is_one or said in _ADJECTIVES_BY_NAME


def nature_of(quantity: Quantity) -> Nature:
    """Return what people can do about a quantity, judged by the words of its name; durations come out of work."""
    if quantity.minus is not None:
        return "outcome"
    words = _words(quantity)
    if words & _MET:
        return "met"
    if names_profit(quantity.column):
        return "outcome"
    if float(np.mean(quantity.values < 0)) > SIGNED:
        return "unknown"  # what goes in and out is no result to aim at
    if words & _SET:
        return "set"
    return "outcome" if words & (_OUTCOMES | _RESULTS | _VERDICTS) else "unknown"


def differs_by_nature(quantity: Quantity) -> bool:
    """Whether groups of things always differ in this: a sofa costs more than a pen."""
    return quantity.minus is None and bool(_words(quantity) & _OF_THINGS)


def _words(quantity: Quantity) -> set[str]:
    words = set(name_words(quantity.column))
    if "mileage" in words and quantity.minus is None and float(np.nanmedian(quantity.values)) >= FAR:
        return words - {"mileage"} | {"distance"}
    return words


def has_sides(quantity: Quantity) -> bool:
    """Whether its values lie on both sides of zero, as what an account takes and pays does."""
    values = quantity.values[quantity.is_known]
    return len(values) > 0 and ONE_SIDED < float((values < 0).mean()) < 1 - ONE_SIDED


def is_profit(quantity: Quantity) -> bool:
    """Whether a number is what was earned, and can be lost."""
    return quantity.minus is None and quantity.unit != "%" and names_profit(quantity.column)


def is_unwelcome(quantity: Quantity) -> bool:
    """Whether people wish for less of it: claims, defects, costs."""
    return bool(_words(quantity) & _UNWELCOME)


def is_earned(quantity: Quantity) -> bool:
    """Whether a number is what a business lives of: revenue, units sold, profit."""
    return is_profit(quantity) or (quantity.minus is None and bool(_words(quantity) & _EARNED))


def is_result(quantity: Quantity) -> bool:
    """Whether a number can only be what comes out: a wage, a crime rate, miles per gallon."""
    words = _words(quantity)
    return quantity.minus is None and (bool(words & _RESULTS) or {"miles", "gallon"} <= words)


def is_price(quantity: Quantity) -> bool:
    """Whether a number is what a thing costs."""
    return quantity.minus is None and bool(_words(quantity) & _PRICES)


def is_verdict(quantity: Quantity) -> bool:
    """Whether a number is what people said when all was over: a rating, their satisfaction."""
    return quantity.minus is None and bool(_words(quantity) & _VERDICTS)
