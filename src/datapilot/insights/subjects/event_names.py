"""What the name of a date column says of its event: whether it begins or ends something, was planned or happened."""

from datapilot.words.labels import label
from datapilot.words.meanings import PROMISED
from datapilot.words.render import column_slot

_BEGINS = frozenset({"opened", "open", "start", "started", "begin", "created", "ordered", "order", "purchased", "hired",
                     "received", "submitted", "requested", "departure", "birth", "issued", "from",
                     "admitted", "arrived", "registered", "joined", "enrolled", "placed", "listed", "reported",
                     "raised", "booked", "sent", "invoiced", "posted", "hire"})  # fmt: skip
_ENDS = frozenset({"closed", "close", "end", "ended", "finished", "processed", "delivered", "shipped", "resolved",
                   "completed", "expiration", "expires", "expiry", "due", "paid", "returned", "arrival",
                   "to"})  # fmt: skip
_HAPPENED = frozenset({"actual", "real", "ist", "tatsächlich", "done", "arrived", "received", "geliefert",
                       "erledigt", "bezahlt", "payment", "paid", "settled", "settlement", "zahlung", "pago", "paiement",
                       "pagamento", "betaling", "pagado", "delivery", "completion", "shipment", "shipping", "receipt",
                       "resolution", "handover", "lieferung", "lieferdatum", "entrega", "livraison", "consegna",
                       "levering"})  # fmt: skip
_AGREED = frozenset({"expiration", "expires", "expiry", "expire", "expired", "maturity", "renewal", "valid", "until",
                     "due", "ablauf", "ablaufdatum", "gültig", "laufzeit", "fällig", "fälligkeit", "échéance", "expira",
                     "vencimiento", "caducidad", "scadenza", "vencimento", "vervaldatum"})  # fmt: skip
_BOOKKEEPING = ("sys", "updated", "modified", "changed", "imported", "loaded", "inserted", "synced")
# What the time until an event is called.
_CALLED = {
    "closed": "time to close", "resolved": "time to resolve", "processed": "processing time",
    "delivered": "delivery time", "shipped": "time to ship", "completed": "completion time", "paid": "time to pay",
    "end": "duration", "ended": "duration", "finished": "duration", "returned": "time to return",
    "approved": "approval time", "answered": "time to answer", "discharged": "length of stay",
}  # fmt: skip
_DATE_ENDINGS = ("at", "on", "date", "time", "datetime", "timestamp", "day", "dt")


def duration_name(start: str, end: str) -> str | None:
    """Return what people call the time between two dates by how it ends ("processing time", "time to close"); None
    where they have no word for it."""
    begins, ends = (_words(column) for column in (start, end))
    if len(begins) > 1 or not set(begins) & (_BEGINS | {"begun"}):
        return None
    return _CALLED.get(ends[-1]) if len(ends) == 1 else None


def promise_of(one: str, other: str) -> tuple[str, str] | None:
    """Return the planned date and the actual one of two that say so by their names."""
    words = [set(label(name).lower().split()) for name in (one, other)]
    for (promised, first), (happened, second) in (((one, words[0]), (other, words[1])),
                                                  ((other, words[1]), (one, words[0]))):  # fmt: skip
        if first & PROMISED and not second & PROMISED and second & (_HAPPENED | _ENDS):
            return promised, happened
    return None


def is_agreed(end: str) -> bool:
    """Whether a date says until when something holds, as a warranty or a contract does: the time up to it is a term
    that was agreed on, no work that goes through steps."""
    return bool(_AGREED.intersection(label(end).lower().split()))


def leaning_of(one: str, other: str) -> int:
    """Return how clearly the names say that the first date begins what the second ends; below 0 the other way round."""
    first, second = (set(label(name).lower().split()) for name in (one, other))
    return bool(first & _BEGINS) + bool(second & _ENDS) - bool(second & _BEGINS) - bool(first & _ENDS)


def is_bookkeeping(name: str) -> bool:
    """Whether a column is kept for the system's sake: who updated a record, when it was imported."""
    words = set(label(name).lower().split())
    return any(mark in words for mark in _BOOKKEEPING)


def event_of(column: str) -> str:
    """Return "opened" for `opened_at`: the template's words where the label has no digit, else its slot."""
    said = label(column)
    words = said.split()
    while len(words) > 1 and words[-1].lower() in _DATE_ENDINGS:
        words.pop()
    event = " ".join(words)
    if any(character.isnumeric() for character in event):
        return column_slot(column)
    return event.replace("{", "{{").replace("}", "}}")


def _words(column: str) -> list[str]:
    """Return ["opened"] for `opened_at`: the label's words without those that only say "date"."""
    words = label(column).lower().split()
    while len(words) > 1 and words[-1] in _DATE_ENDINGS:
        words.pop()
    return words
