"""Unfold the answers of services whose table stands in disguise: names, labels and values each in a place of its own.

Sources: the guides of Google Charts, BigQuery and Google Analytics, Prometheus and Loki, InfluxDB, Socrata, pandas
(`orient="split"`), Chart.js, Highcharts, and the Data Package of Frictionless Data.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeGuard

from datapilot.contracts.errors import NotATable
from datapilot.reading.layout.header import distinct

DEEPEST_MARKED = 100  # levels: so many does MongoDB allow, and the others fewer
MOST_WRAPPED = 7  # levels down to the lists of one record
FEWEST_IN_STEP = 3  # values of lists that run side by side
SERIES_LENGTH = 2  # records that each series holds on average, at least
# Where services keep a record's own fields, beside its id and their own remarks.
ENVELOPES = ("_source", "fields", "attributes", "node")
_GOOGLE_DATE = re.compile(
    r"Date\((\d{4}), ?(\d{1,2}), ?(\d{1,2})(?:, ?(\d{1,2}))?(?:, ?(\d{1,2}))?(?:, ?(\d{1,2}))?.*\)"
)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # moments of services are in UTC
_MILLISECONDS = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_MONGO_TYPES = frozenset({"$oid", "$date", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$uuid"})
_DYNAMO_TYPES: Mapping[str, type] = {
    "S": str, "N": str, "B": str, "BOOL": bool, "NULL": bool, "L": list, "M": dict, "SS": list, "NS": list,
}  # fmt: skip

Record = dict[str, Any]


class Answer(NamedTuple):
    """The records, and what the receipt says of where they were."""

    records: list[Record]
    note: str


def unfold_answer(document: Any) -> Answer | None:
    """Return the records of an answer of a known form; None for any other document. Raises NotATable for one that only
    says where its table is."""
    if isinstance(document, list):
        return _paged(document)
    if not isinstance(document, dict):
        return None
    found = (
        unfolded
        for unfold in (_drawn, _queried, _reported, _observed, _measured, _published, _split, _charted, _packaged)
        if (unfolded := unfold(document)) is not None
    )
    return next(found, None)


def _rows(names: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[Record]:
    shown = distinct([str(name or "") for name in names])
    return [dict(zip(shown, row, strict=False)) for row in rows]


def _are_records(value: Any) -> TypeGuard[list[Record]]:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _are_lists(value: Any) -> TypeGuard[list[list[Any]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(one, list) for one in value)


def _drawn(document: Mapping[str, Any]) -> Answer | None:
    """Google's DataTable: `cols` name the columns, a row holds its cells under `c`, a cell its value under `v`."""
    inner = document.get("table")
    table = inner if isinstance(inner, dict) else document
    columns, rows = table.get("cols"), table.get("rows")
    if not _are_records(columns) or not _are_records(rows) or not all("c" in row for row in rows):
        return None
    cells = [[_drawn_value(cell) for cell in row["c"] or ()] for row in rows]
    return Answer(
        _rows([column.get("label") or column.get("id") for column in columns], cells),
        "The file is a table for Google's charts; its cells' values were read, not how they are shown.",
    )


def _drawn_value(cell: Any) -> Any:
    value = cell.get("v") if isinstance(cell, dict) else cell
    match = _GOOGLE_DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    year, month, day, *clock = match.groups()
    date = f"{year}-{int(month) + 1:02d}-{int(day):02d}"  # months count from 0
    return f"{date} {':'.join(f'{int(part or 0):02d}' for part in clock)}" if clock[0] is not None else date


def _queried(document: Mapping[str, Any]) -> Answer | None:
    """BigQuery: the schema names the fields, a row holds its cells under `f`, a cell its value under `v`."""
    schema, rows = document.get("schema"), document.get("rows")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not _are_records(fields) or not _are_records(rows) or not all(_are_records(r.get("f")) for r in rows):
        return None
    cells = [[cell.get("v") for cell in row["f"]] for row in rows]
    return Answer(_rows([field.get("name") for field in fields], cells), "The table is the answer of a BigQuery job.")


def _reported(document: Mapping[str, Any]) -> Answer | None:
    """Google Analytics: headers and values of dimensions and of metrics, each in a list."""
    rows, kinds = document.get("rows"), ("dimension", "metric")
    headers = [document.get(f"{kind}Headers", []) for kind in kinds]
    if not _are_records(rows) or not any(headers) or not all(map(_are_named, headers)):
        return None
    cells = [[cell.get("value") for kind in kinds for cell in row.get(f"{kind}Values", ())] for row in rows]
    names = [header["name"] for some in headers for header in some]
    return Answer(_rows(names, cells), "The table is a report of Google Analytics.")


def _are_named(headers: Any) -> bool:
    return isinstance(headers, list) and all(isinstance(one, dict) and "name" in one for one in headers)


def _observed(document: Mapping[str, Any]) -> Answer | None:
    """Prometheus and Loki: series by their labels, each with pairs of a moment and a value."""
    data = document.get("data")
    if not isinstance(data, dict) or not _are_records(data.get("result")):
        return None
    kind = data.get("resultType")
    if kind not in {"matrix", "vector", "streams"}:
        return None
    value = "line" if kind == "streams" else "value"
    records = [
        {**(series.get("metric", series.get("stream")) or {}), "time": pair[0], value: pair[1]}
        for series in data["result"]
        for pair in ([series.get("value")] if kind == "vector" else series.get("values") or ())
        if isinstance(pair, list) and len(pair) == 2
    ]
    return Answer(records, f"The file is an answer of {'Loki' if kind == 'streams' else 'Prometheus'}; a row a value.")


def _measured(document: Mapping[str, Any]) -> Answer | None:
    """InfluxDB: series with a name, tags, columns and rows of values."""
    results = document.get("results")
    if not _are_records(results):
        return None
    series = [one for result in results for one in result.get("series", ()) if isinstance(one, dict)]
    if not series or not all(isinstance(one.get("columns"), list) and _are_lists(one.get("values")) for one in series):
        return None
    several = len({one.get("name") for one in series}) > 1
    records = [
        {**({"name": one.get("name")} if several else {}), **(one.get("tags") or {}), **row}
        for one in series
        for row in _rows(one["columns"], one["values"])
    ]
    return Answer(records, "The file is an answer of InfluxDB; a row a point, with the tags of its series.")


def _published(document: Mapping[str, Any]) -> Answer | None:
    """Socrata: the view's columns are described apart from the rows, which are lists."""
    meta, rows = document.get("meta"), document.get("data")
    view = meta.get("view") if isinstance(meta, dict) else None
    columns = view.get("columns") if isinstance(view, dict) else None
    if not _are_records(columns) or not _are_lists(rows):
        return None
    kept = [place for place, column in enumerate(columns) if column.get("dataTypeName") != "meta_data"]
    cells = [[row[place] if place < len(row) else None for place in kept] for row in rows]
    note = (
        "The table is the list at “data”; “meta.view.columns” names its columns. Those in which the portal keeps its"
        " own account of each row were left out."
    )
    return Answer(_rows([columns[place].get("name") for place in kept], cells), note)


def _split(document: Mapping[str, Any]) -> Answer | None:
    """pandas' "split": names, labels of the rows, and the rows, each in a list. Labels that only count are left out."""
    columns, index, rows = (document.get(key) for key in ("columns", "index", "data"))
    if not isinstance(columns, list) or not isinstance(index, list) or not _are_lists(rows):
        return None
    if len(index) != len(rows) or index == list(range(len(rows))) or any(len(row) != len(columns) for row in rows):
        return None
    names = [" ".join(map(str, name)) if isinstance(name, list) else name for name in columns]
    cells = [[label, *row] for label, row in zip(index, rows, strict=True)]
    return Answer(
        _rows(["index", *names], cells), "The table is the list at “data”; the labels at “index” are its first column."
    )


def _charted(document: Mapping[str, Any]) -> Answer | None:
    """Chart.js and Highcharts: labels in one list, and series with a name and as many values."""
    inner = document.get("data")
    for chart in (document, inner if isinstance(inner, dict) else {}):
        axis = chart.get("xAxis")
        labels = chart.get(
            "labels", chart.get("categories", axis.get("categories") if isinstance(axis, dict) else None)
        )
        series = chart.get("datasets", chart.get("series"))
        if not isinstance(labels, list) or not labels or not _are_records(series):
            continue
        values = [one.get("data") for one in series]
        if all(isinstance(one, list) and len(one) == len(labels) for one in values):
            names = ["label", *(one.get("label", one.get("name")) for one in series)]
            return Answer(
                _rows(names, list(zip(labels, *values, strict=True))),
                "The file is the data of a chart; a column a series.",
            )
    return None


def _packaged(document: Mapping[str, Any]) -> Answer | None:
    """A data package: the largest table that it holds itself."""
    resources = document.get("resources")
    if not _are_records(resources) or not all({"data", "path", "url"} & set(one) for one in resources):
        return None
    inside = [one for one in resources if _are_records(one.get("data")) or _are_lists(one.get("data"))]
    if not inside:
        paths = ", ".join(str(one.get("path", one.get("url"))) for one in resources[:5])
        raise NotATable(
            f"This describes a data package and holds no table itself. Upload the file that it names: {paths}."
        )
    largest = max(inside, key=lambda one: len(one["data"]))
    data = largest["data"]
    records = data if _are_records(data) else _rows(data[0], data[1:])  # rows of lists begin with the names
    return Answer(records, f"The table is the resource “{largest.get('name', '')}” of the data package.")


def _paged(document: Sequence[Any]) -> Answer | None:
    """The World Bank and its like: a list of what is said of the page, and of the records."""
    if len(document) == 2 and isinstance(document[0], dict) and _are_records(document[1]):
        return Answer(document[1], "The table is the second part of the answer; the first tells its pages.")
    return None


def plain_records(records: Sequence[Any]) -> tuple[list[Any], list[str]]:
    """Return the records with their fields where they belong, and what to say of it: values out of their marks of type,
    fields out of the envelope that holds them, a row for each point of a series."""
    notes: list[str] = []
    plain = [_untyped(record) for record in records]
    if plain and all(isinstance(record, dict) for record in plain):
        for unfold in (_out_of_envelopes, _out_of_series, _in_step):
            unfolded = unfold(plain)
            if unfolded is not None:
                plain = unfolded.records
                notes.append(unfolded.note)
    return plain, notes


def _untyped(value: Any, depth: int = 0) -> Any:
    """Return the value without the marks of type that MongoDB, DynamoDB, Notion and OData put around each. What is
    nested deeper than any of them stays as it is."""
    if depth > DEEPEST_MARKED:
        return value
    if isinstance(value, list):
        return [_untyped(one, depth + 1) for one in value]
    if isinstance(value, str) and value.startswith("/Date("):
        return _dated(value)
    if not isinstance(value, dict):
        return value
    if value.get("object") == "page" and isinstance(value.get("properties"), dict):
        told = {name: _property(one) for name, one in value["properties"].items()}
        return {**{name: value[name] for name in ("id", "created_time", "url") if name in value}, **told}
    if len(value) == 1:
        ((key, inner),) = value.items()
        if key in _MONGO_TYPES:
            return _untyped(inner, depth + 1)
    if value and all(_is_of_dynamo(one) for one in value.values()):
        return {name: _out_of_dynamo(one, depth + 1) for name, one in value.items()}
    kept = {name: one for name, one in value.items() if name != "__metadata" and not _is_deferred(one)}
    return {name: _untyped(one, depth + 1) for name, one in kept.items()}


def _is_deferred(value: Any) -> bool:
    """True for a link in OData to what was not sent."""
    return isinstance(value, dict) and set(value) == {"__deferred"}


def _dated(text: str) -> str:
    """Return a moment in milliseconds since 1970, as Microsoft's services write it, in its usual form."""
    match = _MILLISECONDS.fullmatch(text)
    try:
        return text if match is None else (EPOCH + timedelta(milliseconds=int(match[1]))).isoformat()
    except OverflowError:
        return text


def _property(value: Any) -> Any:
    """Return what a property of a page in Notion says: the value under the name of its type, without styles."""
    kind = value.get("type") if isinstance(value, dict) else None
    said = value.get(kind) if isinstance(kind, str) else None
    if isinstance(said, dict):
        return said.get(
            "name", said.get("start", said.get(said["type"]) if isinstance(said.get("type"), str) else said)
        )
    if _are_records(said):
        texts = [str(one.get("plain_text", one.get("name", one.get("id", "")))) for one in said]
        return ("" if kind in {"title", "rich_text"} else ", ").join(texts)
    return None if said == [] else said


def _is_of_dynamo(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) != 1:
        return False
    ((kind, inner),) = value.items()
    return kind in _DYNAMO_TYPES and isinstance(inner, _DYNAMO_TYPES[kind])


def _out_of_dynamo(value: Record, depth: int) -> Any:
    ((kind, inner),) = value.items()
    if kind == "NULL":
        return None
    if depth > DEEPEST_MARKED:
        return inner
    if kind == "M" and isinstance(inner, dict):
        return {name: _out_of_dynamo(one, depth + 1) if _is_of_dynamo(one) else one for name, one in inner.items()}
    if kind == "L" and isinstance(inner, list):
        return [_out_of_dynamo(one, depth + 1) if _is_of_dynamo(one) else one for one in inner]
    return inner


def _out_of_envelopes(records: Sequence[Record]) -> Answer | None:
    for key in ENVELOPES:
        if all(isinstance(record.get(key), dict) and record[key] for record in records):
            beside = {name for record in records for name in record if name != key}
            opened = [
                {
                    **{name: value for name, value in record.items() if name != key},
                    **{f"{key}.{name}" if name in beside else name: value for name, value in record[key].items()},
                }
                for record in records
            ]
            return Answer(opened, f"Each record's fields are those at “{key}”.")
    return None


def _out_of_series(records: Sequence[Record]) -> Answer | None:
    """A row for each record of the one list that each record holds, where what stands beside it are only words: sums of
    what is repeated would be wrong."""
    keys = {name for record in records for name, value in record.items() if _are_records(value)}
    if len(keys) != 1:
        return None
    (key,) = keys
    if not all(isinstance(record.get(key), list) for record in records):
        return None
    others = [value for record in records for name, value in record.items() if name != key]
    points = sum(len(record[key]) for record in records)
    if not all(value is None or isinstance(value, str) for value in others) or points < SERIES_LENGTH * len(records):
        return None
    fields = {name for record in records for point in record[key] for name in point}
    unfolded = [
        {
            **{
                f"{name} of the series" if name in fields else name: said
                for name, said in record.items()
                if name != key
            },
            **point,
        }
        for record in records
        for point in record[key]
    ]
    return Answer(unfolded, f"Each record of the lists at “{key}” is a row, with what is said of its list.")


def _in_step(records: Sequence[Record]) -> Answer | None:
    """The columns of one record that holds nothing but lists of the same length, however they are wrapped."""
    if len(records) != 1:
        return None
    lists = [(path, values) for path, values in _lists_in(records[0]) if len(values) >= FEWEST_IN_STEP]
    if len(lists) < 2 or len({len(values) for _, values in lists}) > 1:
        return None
    names = [path.rpartition(".")[2] for path, _ in lists]
    names = names if len(set(names)) == len(names) else [path for path, _ in lists]
    rows = list(zip(*(values for _, values in lists), strict=True))
    return Answer(
        _rows(names, rows),
        "The lists of the record run side by side; each is a column. What else the record says was left out.",
    )


def _lists_in(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of plain values below a value, each with its path."""
    if isinstance(value, list) and value and not any(isinstance(one, dict | list) for one in value):
        yield path, value
    elif isinstance(value, list) and len(value) == 1 and depth < MOST_WRAPPED:
        yield from _lists_in(value[0], path, depth + 1)
    elif isinstance(value, dict) and depth < MOST_WRAPPED:
        for key, inner in value.items():
            yield from _lists_in(inner, f"{path}.{key}".strip("."), depth + 1)
