"""What reading says about a table: how it was asked to read, what each column is, and the receipt of what it did."""

from typing import Literal

from pydantic import Field, field_validator

from datapilot.contracts.base import Contract, Scalar

InferredType = Literal[
    "numeric", "categorical", "boolean", "datetime", "identifier", "text", "url", "email", "phone",
    "location", "list", "json", "constant", "empty",
]  # fmt: skip
FOUND_TYPES = frozenset({"constant", "empty"})  # no user can make a column that
Role = Literal["sum", "average", "count", "never"]
Pii = Literal["email", "phone", "card", "iban", "ssn", "national_id", "ip", "name", "address", "birth_date"]
MlType = Literal[
    "numeric", "categorical", "datetime", "sentence", "url", "embedded-number", "list", "not-generalizable",
    "context-specific",
]  # fmt: skip
StorageType = Literal["BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIME", "TIMESTAMP", "VARCHAR"]
DateOrder = Literal["DMY", "MDY", "YMD"]
FileType = Literal["csv", "xlsx", "xls", "ods", "json", "jsonl", "parquet", "pdf", "html", "xml"]


class ReadingOptions(Contract):
    """How the user asks for the file to be read; None leaves the choice to the reader.

    `sheet` is the name of one, or `*` for all sheets of a workbook that have the columns of the largest.
    `header_row` counts the lines (or sheet rows) of the file from 1; 0 says there is none.
    `types` maps a column's name to the `inferred_type` it shall have.
    """

    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=0)
    delimiter: str | None = Field(default=None, min_length=1, max_length=8)
    decimal: Literal[".", ","] | None = None
    date_order: DateOrder | None = None
    types: dict[str, InferredType] = Field(default_factory=dict)

    @field_validator("types")
    @classmethod
    def _can_be_chosen(cls, value: dict[str, InferredType]) -> dict[str, InferredType]:
        if found := FOUND_TYPES & set(value.values()):
            raise ValueError(f"whether a column is {min(found)} is found in its cells, and cannot be chosen")
        return value

    @field_validator("delimiter")
    @classmethod
    def _parts_cells(cls, value: str | None) -> str | None:
        if value is not None and any(mark in value for mark in '"\r\n\0'):
            raise ValueError("a quote, a line end or a NUL cannot separate cells")
        return value


class Column(Contract):
    """What one column is and how it may be aggregated. `confidence` is 0-1; `reasons` are sentences for people.
    `bounds` is how many of the cells that count as missing hold a bound such as `<5`."""

    name: str
    inferred_type: InferredType
    storage: StorageType
    subtype: str | None = None
    role: Role
    unit: str | None = None
    pii: Pii | None = None
    ml_type: MlType
    confidence: float = Field(ge=0, le=1)
    reasons: tuple[str, ...] = ()
    bounds: int = 0


class RowNote(Contract):
    """One line of the file that is not a data row, or was repaired: `line` counts from 1 in the file."""

    line: int
    reason: str
    text: str = ""


class Conversion(Contract):
    """What became of one column's cells: `failed` cells did not fit the type and stand in no statistic.

    `format` says the reading in words ("decimal comma, thousands dot", "day/month/year");
    `missing_tokens` counts the spellings read as missing; `failed_rows` holds the first 20 row indices (from 0).
    """

    column: str
    to: InferredType
    format: str
    converted: int
    failed: int
    missing_tokens: dict[str, int] = Field(default_factory=dict)
    failed_examples: tuple[str, ...] = ()
    failed_rows: tuple[int, ...] = ()


class Ambiguity(Contract):
    """A place where the cells allow two readings: what was chosen, the other one, and what it would change."""

    column: str | None
    question: str
    chosen: str
    other: str
    effect: str
    option: dict[str, Scalar] = Field(default_factory=dict)


class Receipt(Contract):
    """What the reader did, complete enough to do it again. `sheets` names all there are, `other_tables` what was
    not read; `sheet` goes by the first and the last name where several were read as one table.

    `skipped` are title, comment, blank and total lines; `rejected` are rows that could not be kept, with their text;
    `repaired` are rows padded or joined. Each list holds at most 100 entries, the `*_count` beside it the true number;
    of `conversions` as many are there as have room, those with a failure or a missing token first.
    """

    file_type: FileType
    encoding: str | None = None
    encoding_note: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    decimal: Literal[".", ","] | None = None
    header_row: int | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    other_tables: tuple[str, ...] = ()
    skipped: tuple[RowNote, ...] = ()
    skipped_count: int = 0
    rejected: tuple[RowNote, ...] = ()
    rejected_count: int = 0
    repaired: tuple[RowNote, ...] = ()
    repaired_count: int = 0
    conversions: tuple[Conversion, ...] = ()
    conversions_count: int = 0
    ambiguities: tuple[Ambiguity, ...] = ()
    ambiguities_count: int = 0
    notes: tuple[str, ...] = ()
    options: ReadingOptions = ReadingOptions()
