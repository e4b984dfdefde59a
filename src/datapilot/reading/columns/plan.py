"""How one column is going to be read: its type, and the SQL that turns a cell's text into a value."""

from dataclasses import dataclass, field
from typing import NamedTuple

from datapilot.contracts.base import Scalar
from datapilot.contracts.table import InferredType, StorageType
from datapilot.engine.values import BEYOND

ANY_NUMBER, IS_COMPUTABLE = "TRY_CAST({x} AS DOUBLE)", f"abs({{v}}) < {BEYOND}"
# The engine knows years before 1 and after 9999, which no calendar of ours, no ISO date and no reader does.
_IN_OUR_YEARS = "{v} BETWEEN '0001-01-01' AND '9999-12-31"
_MEANT = {"DOUBLE": IS_COMPUTABLE, "DATE": f"{_IN_OUR_YEARS}'", "TIMESTAMP": f"{_IN_OUR_YEARS} 23:59:59.999999'"}


@dataclass(frozen=True)
class OtherReading:
    """The reading that the cells would allow as well. `value` is its SQL; `option` is what the user would set."""

    question: str
    chosen: str
    other: str
    value: str | None = None
    storage: StorageType | None = None
    option: dict[str, Scalar] = field(default_factory=dict)


class Plan(NamedTuple):
    """`value` is SQL over `{x}`, a cell's text: the typed value, or NULL where the text does not fit. A plan without
    `value` keeps the text. Where not all that can be cast is meant, `only_if` is a condition over `{v}`, the value, and
    `{x}`; of dates, only those of the years 1 to 9999 ever are. `words` say the reading for the receipt."""

    inferred_type: InferredType
    storage: StorageType
    value: str | None = None
    words: str = "text as it stands"
    subtype: str | None = None
    unit: str | None = None
    fit: float = 1.0
    reasons: tuple[str, ...] = ()
    other: OtherReading | None = None
    only_if: str | None = None

    def sql(self, text: str) -> str:
        """Return the SQL of the value for the SQL of the text, whether it fits or not."""
        return text if self.value is None else self.value.replace("{x}", text)

    def condition(self, value: str, text: str) -> str:
        """Return the SQL that is true where the value is what the text means."""
        meant = _MEANT.get(self.storage, "{v} IS NOT NULL")
        if self.only_if is not None:
            meant = f"{self.only_if} AND {meant}" if self.storage in {"DATE", "TIMESTAMP"} else self.only_if
        return meant.replace("{v}", value).replace("{x}", text)

    @property
    def is_any_computable(self) -> bool:
        """Whether every text that the engine takes for a number is meant, but for those beyond what is computed with:
        the value alone tells."""
        return (self.value, self.only_if) == (ANY_NUMBER, IS_COMPUTABLE)

    def reads_like(self, other: "Plan") -> bool:
        """Whether both plans make the same of every text."""
        return (self.value, self.only_if) == (other.value, other.only_if)

    def but(self, **changes: object) -> "Plan":
        """Return the plan with some fields replaced."""
        return self._replace(**changes)  # type: ignore[arg-type]
