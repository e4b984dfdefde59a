"""Open whatever file it is and find the main table in it, cells still text."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from datapilot.contracts.errors import InvalidOption, UnsupportedFormat
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine import duckdb
from datapilot.reading.formats.archive import unpack_gzip, unpack_zip
from datapilot.reading.formats.delimited import read_delimited
from datapilot.reading.formats.delimited_scan import scan_delimited
from datapilot.reading.formats.file_type import ADVICE, Kind, detect_kind
from datapilot.reading.formats.json_table import holds_json, read_json
from datapilot.reading.formats.key_values import holds_key_values, read_key_values
from datapilot.reading.formats.log_lines import head_lines
from datapilot.reading.formats.named_fields import holds_named_fields, read_named_fields
from datapilot.reading.formats.packed_keys import holds_packed_keys, read_packed_keys
from datapilot.reading.formats.parquet_table import read_parquet
from datapilot.reading.formats.program_log import holds_program_log, read_program_log
from datapilot.reading.formats.record_blocks import holds_record_blocks, read_record_blocks
from datapilot.reading.formats.server_log import holds_server_log, read_server_log
from datapilot.reading.formats.sql_script import holds_sql, read_sql
from datapilot.reading.text_table import TextTable

OTHER_FORMS = (
    (holds_key_values, read_key_values), (holds_program_log, read_program_log), (holds_server_log, read_server_log),
    (holds_named_fields, read_named_fields), (holds_packed_keys, read_packed_keys),
    (holds_record_blocks, read_record_blocks), (holds_sql, read_sql),
)  # fmt: skip
WITH_SHEETS = frozenset({"xlsx", "xls", "ods", "xlsb", "html", "xml_workbook", "pdf"})
MOST_WRAPPERS = 2  # table.csv.gz inside a zip is honest; deeper nesting is not


class Found(NamedTuple):
    """The text table; `closer` reads the file row by row when the straight scan fails."""

    text: TextTable
    closer: Callable[[], TextTable] | None = None


def find_table(
    path: Path,
    *,
    name: str,
    options: ReadingOptions,
    limits: Limits,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
) -> Found:
    """Return the main table of the file; what it unpacks to lies in `scratch`, which must outlive the table's use."""
    kind, path, name = open_file(path, name=name, options=options, limits=limits, scratch=scratch)
    match kind:
        case "xlsx" | "xls" | "ods" | "xlsb" | "html" | "xml_workbook":
            from datapilot.reading.formats.workbook import read_workbook  # noqa: PLC0415  # each format loads its own reader

            return Found(read_workbook(path, kind=kind, options=options, limits=limits, connection=connection))
        case "parquet":
            return Found(read_parquet(path, options=options, limits=limits, connection=connection))
        case "json":
            return Found(read_json(path, name=name, options=options, limits=limits, connection=connection))
        case "xml":
            from datapilot.reading.formats.xml_records import read_xml  # noqa: PLC0415  # each format loads its own reader

            return Found(read_xml(path, options=options, limits=limits, connection=connection))
        case "pdf":
            from datapilot.reading.formats.pdf_table import read_pdf  # noqa: PLC0415  # each format loads its own reader

            return Found(read_pdf(path, options=options, limits=limits, connection=connection))
        case _:
            pass
    if options.delimiter is None and options.header_row is None:
        first = head_lines(path)
        for holds, read in OTHER_FORMS:
            if holds(first):
                return Found(read(path, options=options, limits=limits, connection=connection))
    closer = partial(read_delimited, path, options=options, limits=limits, connection=connection)
    straight = scan_delimited(path, options=options, limits=limits)
    return Found(straight, closer) if straight is not None else Found(closer())


def open_file(
    path: Path, *, name: str, options: ReadingOptions, limits: Limits, scratch: Path
) -> tuple[Kind, Path, str]:
    """Return the kind of the file or of what is packed in it, with the path and name of that: never an archive."""
    for depth in range(MOST_WRAPPERS + 1):
        kind = detect_kind(path, name)
        if kind not in {"gzip", "zip"}:
            break
        if depth == MOST_WRAPPERS:
            raise UnsupportedFormat(f"The file is packed several times over. {ADVICE}")
        target = scratch / f"unpacked{depth}"
        if kind == "gzip":
            name = unpack_gzip(path, target, name=name, limits=limits)
        else:
            name = unpack_zip(path, target, limits=limits)
        path = target
    if kind == "delimited" and holds_json(path):
        kind = "json"
    _refuse_misplaced(options, kind)
    return kind, path, name


def _refuse_misplaced(options: ReadingOptions, kind: Kind) -> None:
    """Raise InvalidOption for what this kind of file does not have: it would change nothing without a word."""
    if options.sheet is not None and kind not in WITH_SHEETS:
        raise InvalidOption("Only workbooks and PDFs have sheets; leave the sheet out for this file.")
    if options.delimiter is not None and kind != "delimited":
        raise InvalidOption("Only delimited text has a delimiter; leave it out for this file.")
    if options.header_row is not None and kind in {"json", "parquet", "xml"}:
        raise InvalidOption(
            "JSON, XML and Parquet name their columns themselves; leave the header row out for this file."
        )
