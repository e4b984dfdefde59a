"""Personal cells as people may see them: enough to recognise one's own, not enough to learn another's."""

from datapilot.contracts.base import Scalar
from datapilot.contracts.table import Pii

HIDDEN = "***"


def masked(value: Scalar, kind: Pii) -> str:
    """Return the cell in the public form of its kind: `u***@example.com`, `555-***-4567`, `4111 **** **** 1111`."""
    text = str(value)
    digits = [character for character in text if character.isdigit()]
    match kind:
        case "email":
            name, at, domain = text.partition("@")
            return f"{name[:1]}***@{domain}" if at and domain else HIDDEN
        case "phone" if len(digits) >= 10:
            return f"{''.join(digits[-10:-7])}-***-{''.join(digits[-4:])}"
        case "ssn":
            return "***-**-****"
        case "card" if len(digits) >= 12:
            return f"{''.join(digits[:4])} **** **** {''.join(digits[-4:])}"
        case "iban" if len(text) > 8:
            return f"{text[:2]}** **** {HIDDEN}"
        case "name":
            return " ".join(f"{word[:1]}{HIDDEN}" for word in text.split()[:3]) or HIDDEN
        case "birth_date":
            return "****-**-**"
        case _:
            return HIDDEN
