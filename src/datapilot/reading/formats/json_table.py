"""Find the table in JSON: an array of records, an object of arrays, an envelope around either, or one value a line."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from datapilot.contracts.errors import EmptyFile, ExpandsTooFar, InvalidJson, NotATable
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.engine import duckdb
from datapilot.reading.encoding import encoding_of_head
from datapilot.reading.formats.geo_json import Json, are_features, records_of_features
from datapilot.reading.formats.json_answers import plain_records, unfold_answer
from datapilot.reading.formats.json_stat import unfold
from datapilot.reading.layout.body import evenly
from datapilot.reading.layout.header import distinct, free_name
from datapilot.reading.text_table import RAW_RELATION, TextTable, check_width, store_rows

SAMPLE_CELLS = 200_000
DEEPEST_RECORD = 6  # records nested deeper than this keep the rest as JSON text
MOST_BYTES_OF_MEMORY = 8  # a JSON document unfolds to about eight times its size
ENVELOPE_KEYS = (
    "data",
    "results",
    "items",
    "records",
    "rows",
    "values",
    "value",
    "features",
    "entries",
    "list",
    "docs",
    "hits",
    "result",
    "response",
    "payload",
)
_WHITE = re.compile(r"\s*")
NAMING_KEYS = ("columns", "fields", "headers", "header", "columnNames", "column_names")
FEWEST_KEYED, MOSTLY_ALIKE = 4, 0.8  # records by their keys, and share of them that have the same fields
# What programs put around JSON that a page loads: a function's call, a variable, or a guard against being run.
_CALL = re.compile(
    r"\s*(?:/\*.*?\*/\s*)?(?:\)\]\}',?|for\s*\(;;\);|(?:var|let|const)\s+[\w$]+\s*=|[\w$.]+\s*[=(])\s*([\[{].*[\]}])"
    r"\s*\)?;?\s*",
    re.DOTALL,
)
_BAD_CONSTANT = re.compile(r"(?<![\w\"])(NaN|-?Infinity)(?![\w\"])")


class _Refused(ValueError):
    """A value that Python's parser accepts and JSON does not have."""


def holds_json(path: Path) -> bool:
    """True when a file without a JSON ending begins like JSON records and parses as such."""
    with path.open("rb") as file:
        head = file.read(4096)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not re.match(rb"\{\s*\"|\[\s*[\[{]", start):
        return False
    if path.stat().st_size > 64 * MEBIBYTE:
        return True
    try:
        text = _decode(path)
    except InvalidJson:
        return False
    try:
        _parse(text)
    except InvalidJson:
        return _lines(text) is not None
    return True


def read_json(
    path: Path, *, name: str, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return the records as a table; nested records become columns with dotted names, lists stay JSON text. Raises
    InvalidJson with the line and column of the fault, or NotATable for JSON that holds no records."""
    if path.stat().st_size * MOST_BYTES_OF_MEMORY > limits.max_unpacked_bytes * 2:
        raise ExpandsTooFar("The JSON file is too large to be read whole. Save it as CSV or Parquet and upload that.")
    by_line = name.lower().endswith((".jsonl", ".ndjson", ".jsonlines"))
    document, is_lines = read_document(path, by_line=by_line)
    answer = unfold_answer(document)
    if answer is not None:
        records: list[Json] = [*answer.records]
        notes = [answer.note]
    else:
        records, where = _records(document)
        notes = [f"The table is the list at “{where}”."] if where else []
    if are_features(records):
        records, said = records_of_features(records)
        notes.append(said)
    records, said_of_records = plain_records(records)
    notes += said_of_records
    if not records:
        raise NotATable(
            'The file is valid JSON but holds no table. Expected is a list of records, such as [{"name": "A", "value":'
            " 1}]."
        )
    names, rows, native = _tabulate(records, limits)
    if not names:
        raise NotATable("The records of this JSON file have no fields. Expected are objects with named values.")
    shown = distinct(names)
    store_rows(connection, rows, len(names), limits)
    receipt = Receipt(
        file_type="jsonl" if is_lines else "json", encoding="UTF-8", notes=tuple(notes), options=options, decimal=None
    )
    sample = evenly(rows, max(200, SAMPLE_CELLS // len(names)))
    return TextTable(RAW_RELATION, shown, sample, receipt, len(sample) == len(rows), native)


def read_document(path: Path, *, by_line: bool = False) -> tuple[Json, bool]:
    """Return what the file holds, and whether it is one value a line; `by_line` says that it is named so. Raises
    EmptyFile or InvalidJson."""
    text = _decode(path)
    if not text.strip():
        raise EmptyFile("The file holds nothing but white space. Check that the export finished and upload it again.")
    document = _lines(text) if by_line else None
    if document is not None:
        return document, True
    try:
        return _parse(text), False
    except InvalidJson:
        document = _lines(text) or _one_after_the_other(text)
        if document is not None:
            return document, True
        if (call := _CALL.fullmatch(text)) is None:
            raise
        return _parse(call[1]), False


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    encoding = encoding_of_head(raw[:4096])
    codec, mark = (encoding.codec, encoding.mark_bytes) if encoding else ("utf-8", 0)
    try:
        return raw[mark:].decode(codec)
    except UnicodeDecodeError as error:
        raise InvalidJson(
            f"The JSON file holds a byte that is not {codec.upper()} at position {error.start:,}. Save it as UTF-8."
        ) from None


def _parse(text: str) -> Json:
    try:
        parsed: Json = json.loads(text, parse_constant=_refuse, parse_int=_integer, parse_float=_number)
    except json.JSONDecodeError as error:
        raise InvalidJson(
            f"This is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}. Correct it and upload"
            " it again."
        ) from None
    except _Refused as error:
        place = _BAD_CONSTANT.search(text)
        line = text.count("\n", 0, place.start()) + 1 if place else 1
        raise InvalidJson(
            f"This is not valid JSON: {error} is no JSON value (line {line}). Write null instead."
        ) from None
    except RecursionError:
        raise InvalidJson("This JSON is nested too deeply to hold a table. Upload the list of records alone.") from None
    return parsed


def _refuse(constant: str) -> Json:
    raise _Refused(constant)


def _integer(digits: str) -> Json:
    """Whole numbers beyond 18 digits keep their text: no engine type holds them exactly."""
    return int(digits) if len(digits) <= 18 else digits


def _number(text: str) -> Json:
    value = float(text)
    return value if abs(value) != float("inf") else text


def _lines(text: str) -> Json:
    """Return the values of JSON Lines, or None when not every filled line is an object or array of its own."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line.lstrip()[0] in "{[" for line in lines[:50]):
        return None
    values: list[Json] = []
    for line in lines:
        try:
            value = _parse(line)
        except InvalidJson:
            return None
        if not isinstance(value, dict | list):
            return None
        values.append(value)
    return values


def _one_after_the_other(text: str) -> Json:
    """Return the values of a file that holds several, each over as many lines as it takes (as `jq` prints them); None
    for any other file."""
    decoder = json.JSONDecoder(parse_constant=_refuse, parse_int=_integer, parse_float=_number)
    values: list[Json] = []
    rest = text.strip()
    at = 0
    while at < len(rest):
        try:
            value, end = decoder.raw_decode(rest, at)
        except (json.JSONDecodeError, _Refused, RecursionError):
            return None
        if not isinstance(value, dict) or not value:
            return None
        values.append(value)
        following = _WHITE.match(rest, end)
        if end < len(rest) and (following is None or "\n" not in following[0]):
            return None
        at = following.end() if following is not None else end
    return values if len(values) > 1 else None


def _records(document: Json, where: str = "", depth: int = 0) -> tuple[list[Json], str]:
    """Return the list of records in the document and the path to it."""
    if isinstance(document, list):
        if not document:
            return [], where
        if all(isinstance(item, dict) for item in document) or all(isinstance(item, list) for item in document):
            return _arrays_to_records(document), where
        if any(isinstance(item, dict) for item in document):
            return [item if isinstance(item, dict) else {"value": item} for item in document], where
        return [{"value": item} for item in document], where
    if not isinstance(document, dict) or not document or depth > 3:
        return [], where
    if depth == 0 and (unfolded := unfold(document)) is not None:
        return [*unfolded], "value"
    if (named := _named_apart(document)) is not None:
        key, found = named
        return found, f"{where}.{key}".strip(".")
    columns = _columns(document)
    if columns is not None:
        return columns, where
    if (lists := _lists_by_key(document)) is not None:
        return lists, where
    nested = [key for key, value in document.items() if _is_records(value)]
    preferred = [key for key in ENVELOPE_KEYS if key in nested]
    if nested:
        key = preferred[0] if preferred else max(nested, key=lambda k: len(document[k]))  # type: ignore[arg-type]
        if preferred or len(nested) == 1 or len(document) <= 12:
            return _records(document[key], f"{where}.{key}".strip("."), depth + 1)
    for key in ENVELOPE_KEYS:
        inner = document.get(key)
        if isinstance(inner, dict):
            found, place = _records(inner, f"{where}.{key}".strip("."), depth + 1)
            if len(found) > 1:
                return found, place
    objects = [value for value in document.values() if isinstance(value, dict)]
    are_records = len(objects) == len(document) > 1
    if are_records and set.intersection(*map(set, objects)):
        return _keyed(document), where
    for key, inner in document.items():
        if isinstance(inner, dict) and _are_alike(inner):
            return _keyed(inner), f"{where}.{key}".strip(".")
    # What is wrapped in names of its own (data, orders, edges): the longest list further in.
    wrapped = [
        _records(inner, f"{where}.{key}".strip("."), depth + 1)
        for key, inner in document.items()
        if isinstance(inner, dict)
    ]
    found, place = max(wrapped, key=lambda one: len(one[0]), default=([], where))
    if len(found) > 1:
        return found, place
    return (_keyed(document) if are_records else [document]), where


def _keyed(document: Mapping[str, Json]) -> list[Json]:
    """Return the records that an object holds by their keys, each with its key under a name that no record uses."""
    records = {key: value for key, value in document.items() if isinstance(value, dict)}
    if all(value.get("key") == key for key, value in records.items()):  # they say it themselves
        return list(records.values())
    name = free_name("key", [field for value in records.values() for field in value])
    return [{name: key, **value} for key, value in records.items()]


def _lists_by_key(document: Mapping[str, Json]) -> list[Json] | None:
    """Return the records of an object that holds nothing but lists of them, all with the same fields, each with the key
    of its list (prices by currency); None for any other object."""
    lists = {
        key: [one for one in value if isinstance(one, dict)]
        for key, value in document.items()
        if isinstance(value, list)
    }
    if len(lists) < 2 or not all(map(_is_records, document.values())) or any(key in ENVELOPE_KEYS for key in lists):
        return None
    fields = {frozenset(one) for records in lists.values() for one in records}
    if len(fields) != 1 or not all(lists.values()):
        return None
    name = free_name("key", [field for one in fields for field in one])
    return [{name: key, **one} for key, records in lists.items() for one in records]


def _are_alike(document: Mapping[str, Json]) -> bool:
    """True for records by their keys, all with the same plain fields: the days of a table of rates."""
    records = [value for value in document.values() if isinstance(value, dict) and value]
    if len(records) < max(FEWEST_KEYED, len(document)):
        return False
    fields = set(records[0])
    is_plain = all(not isinstance(cell, dict | list) for one in records for cell in one.values())
    return is_plain and sum(set(one) == fields for one in records) >= MOSTLY_ALIKE * len(records)


def _named_apart(document: Mapping[str, Json]) -> tuple[str, list[Json]] | None:
    """Return where the rows are, and the records, for rows as lists whose names stand in a list of their own."""
    for naming in NAMING_KEYS:
        said = document.get(naming)
        if not isinstance(said, list) or not said:
            continue
        names = [one.get("name") if isinstance(one, dict) else one for one in said]
        if not all(isinstance(name, str) for name in names) or len(set(map(str, names))) < len(names):
            continue
        for key in ENVELOPE_KEYS:
            rows = document.get(key)
            if isinstance(rows, list) and rows and all(isinstance(r, list) and len(r) == len(names) for r in rows):
                cells = [row for row in rows if isinstance(row, list)]
                return key, [dict(zip(map(str, names), row, strict=True)) for row in cells]
    return None


def _is_records(value: Json) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(isinstance(item, dict | list) for item in value)


def _columns(document: Mapping[str, Json]) -> list[Json] | None:
    """Return records for an object of equally long arrays, or of objects keyed by row (pandas' default)."""
    values = list(document.values())
    if all(isinstance(value, list) for value in values):
        lengths = {len(value) for value in values if isinstance(value, list)}
        plain = all(not isinstance(item, dict) for value in values if isinstance(value, list) for item in value[:20])
        if len(lengths) == 1 and lengths != {0} and plain and (len(values) > 1 or lengths != {1}):
            return [dict(zip(document, row, strict=True)) for row in zip(*values, strict=True)]
    if len(values) > 1 and all(isinstance(value, dict) and value for value in values):
        keys = [list(value) for value in values if isinstance(value, dict)]
        scalar = all(
            not isinstance(v, dict | list) for value in values if isinstance(value, dict) for v in value.values()
        )
        numbered = all(key.isdigit() for key in keys[0])
        if scalar and numbered and all(k == keys[0] for k in keys):
            return [
                {name: value[key] for name, value in document.items() if isinstance(value, dict)} for key in keys[0]
            ]
    return None


def _arrays_to_records(items: list[Json]) -> list[Json]:
    if all(isinstance(item, dict) for item in items):
        return items
    arrays = [item for item in items if isinstance(item, list)]
    width = max(map(len, arrays))
    head = arrays[0]
    texts = [cell for cell in head if isinstance(cell, str)]
    if len(arrays) > 1 and len(texts) == len(head) == width and len(set(texts)) == width and width > 0:
        names, rows = texts, arrays[1:]
    else:
        names, rows = [f"column_{p + 1}" for p in range(width)], arrays
    return [dict(zip(names, row, strict=False)) for row in rows]


def _tabulate(records: Sequence[Json], limits: Limits) -> tuple[list[str], list[list[str | None]], frozenset[int]]:
    """Return names, rows of text and the positions of columns that JSON itself holds as numbers or booleans."""
    positions: dict[str, int] = {}
    sparse: list[dict[int, Json]] = []
    for record in records:
        row: dict[int, Json] = {}
        for key, value in _flatten(record if isinstance(record, dict) else {"value": record}):
            position = positions.setdefault(key, len(positions))
            row[position] = value
        check_width(len(positions), limits)
        sparse.append(row)
    width = len(positions)
    filled, texts = [0] * width, [0] * width
    rows: list[list[str | None]] = []
    for found in sparse:
        cells: list[str | None] = [None] * width
        for position, value in found.items():
            text = text_of(value)
            cells[position] = text
            if text:
                filled[position] += 1
                texts[position] += isinstance(value, str)
        rows.append(cells)
    native = frozenset(p for p in range(width) if filled[p] and texts[p] <= 0.05 * filled[p])
    return list(positions), rows, native


def _flatten(record: Mapping[str, Json], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Json]]:
    for key, value in record.items():
        name = f"{prefix}{_without_surrogates(key)}"
        if isinstance(value, dict) and value and depth < DEEPEST_RECORD:
            yield from _flatten(value, f"{name}.", depth + 1)
        else:
            yield name, value


def text_of(value: Json) -> str | None:
    """Return the value as a cell's text; lists and deep objects stay JSON."""
    match value:
        case None:
            return None
        case str():
            return _without_surrogates(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case _:
            return _without_surrogates(json.dumps(value, ensure_ascii=False))


def _without_surrogates(text: str) -> str:
    """Half of a surrogate pair is no character; it becomes the replacement character."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
