"""Analyse a file or a data frame in the caller's own process: for scripts and notebooks. No server, no network."""

import html
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from duckdb import ConversionException, DuckDBPyConnection, InvalidInputException, NotImplementedException
from pydantic import ValidationError

from datapilot.actions.analyze_dataset import Progress, analyze_file, report_json
from datapilot.actions.export_page import page_of
from datapilot.actions.pandas_frame import is_pandas, mixed_as_text, plain_frame
from datapilot.contracts.errors import InvalidOption, NotATable
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.table import DateOrder, InferredType, ReadingOptions
from datapilot.engine.connect import engine
from datapilot.words.complaints import complaint
from datapilot.words.numbers import counted

FRAME_NAME = "table.parquet"
NOTEBOOK_HEIGHT_PX = 900


class _ArrowStream:
    """A table seen through its Arrow interface alone: from libraries it recognises the engine would want PyArrow."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)


class ShownReport(Report):
    """A report that a notebook shows as the page it is, and that can be saved as that page or as JSON."""

    def _repr_html_(self) -> str:
        # In a frame of its own: the page's style must not touch the notebook's, nor its script the notebook.
        page = html.escape(self.to_html(), quote=True)
        return (
            f'<iframe srcdoc="{page}" sandbox="allow-scripts allow-downloads allow-modals" title="DataPilot report"'
            f' style="width:100%;height:{NOTEBOOK_HEIGHT_PX}px;border:1px solid #ccc;border-radius:6px"></iframe>'
        )

    def __repr__(self) -> str:
        info = self.file_info
        found = len(self.insights.analyst_insights)
        size = f"{counted(info.rows, 'row')}, {counted(info.cols, 'column')}"
        head = f"Report on {info.name}: {size}, quality {self.quality_score} of 100, {counted(found, 'finding')}"
        return "\n  ".join([head, *self.insights.business_summary])

    __str__ = __repr__

    def to_html(self) -> str:
        """Return the page as one HTML document that works offline. Raises WebAppMissing where none was built."""
        return page_of(self.to_json())

    def to_json(self) -> str:
        """Return result.json, which `datapilot verify` takes."""
        return report_json(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, or result.json where the name ends in .json; return where."""
        target = Path(path)
        is_json = target.suffix.lower() == ".json"
        target.write_text(self.to_json() + "\n" if is_json else self.to_html(), encoding="utf-8")
        return target


def analyze(
    source: object,
    *,
    name: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    delimiter: str | None = None,
    decimal: Literal[".", ","] | None = None,
    date_order: DateOrder | None = None,
    types: dict[str, InferredType] | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> ShownReport:
    """Return the report on a file (a path) or a table in memory: pandas, Polars, PyArrow, DuckDB, whatever offers
    the Arrow interface.

    `name` is what the report calls it. The options are those of `datapilot analyze`; a table in memory has its types
    already, and only `types` changes them. Raises FileNotFoundError, IsADirectoryError, TypeError for anything else
    than a table, InvalidOption, or a member of the UnreadableTable family.
    """
    try:
        options = ReadingOptions(
            sheet=sheet,
            header_row=header_row,
            delimiter=delimiter,
            decimal=decimal,
            date_order=date_order,
            types=types or {},
        )
    except ValidationError as invalid:
        raise InvalidOption(complaint(invalid.errors())) from None
    bounds = limits or Limits()
    with TemporaryDirectory(prefix="datapilot-") as folder:
        scratch = Path(folder)
        path = _file_of(source, scratch, bounds)
        report = analyze_file(
            path,
            name=name or path.name,
            job_id="local",
            options=options,
            limits=bounds,
            scratch=scratch,
            progress=progress,
        )
    return ShownReport.model_construct(**{field: getattr(report, field) for field in Report.model_fields})


def _file_of(source: object, scratch: Path, limits: Limits) -> Path:
    """Return the path of the file to read: the file itself, or the table in memory written to one."""
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder. Name one file in it.")
        if not path.is_file():
            # A path would show an address with one of its slashes.
            raise FileNotFoundError(f"There is no file {os.fspath(source)}.")
        return path
    import duckdb  # noqa: F401, PLC0415  # teaches connections what a data frame is; a file needs none of it

    written = scratch / FRAME_NAME
    with engine(limits, scratch) as connection:
        if is_pandas(source):
            _write_pandas(connection, plain_frame(source), written)
        elif _is_polars(source):
            _write(connection, _ArrowStream(_plain_polars(source)), written)
        elif hasattr(source, "__arrow_c_stream__"):
            _write(connection, _ArrowStream(source), written)
        else:
            sentence = f"analyze() takes a path or a table with the Arrow interface, not {type(source).__name__}."
            raise TypeError(sentence)
    return written


def _write(connection: DuckDBPyConnection, table: Any, written: Path) -> None:
    try:
        connection.register("frame", table)
        connection.table("frame").write_parquet(os.fspath(written))
    except (InvalidInputException, NotImplementedException) as error:
        raise NotATable(f"The table cannot be taken as it is. {error}") from error


def _is_polars(source: object) -> bool:
    return type(source).__module__.partition(".")[0] == "polars" and type(source).__name__ == "DataFrame"


def _plain_polars(frame: Any) -> Any:
    """Return the frame with a type for columns of nothing but nulls, which the engine refuses without one."""
    _refuse_nothing(frame)
    kinds = {name: str(kind) for name, kind in frame.schema.items()}
    if opaque := [name for name, kind in kinds.items() if kind == "Object"]:
        raise NotATable(f"The column {opaque[0]} holds Python objects. Make texts or numbers of them first.")
    return frame.cast({name: str for name, kind in kinds.items() if kind == "Null"})


def _refuse_nothing(frame: Any) -> None:
    if 0 in frame.shape:
        raise NotATable(f"The table has no {'rows' if frame.shape[1] else 'columns'}.")


def _write_pandas(connection: DuckDBPyConnection, frame: Any, written: Path) -> None:
    """Write a plain frame; columns of mixed values become text if they do not fit the type the engine guessed."""
    _refuse_nothing(frame)
    try:
        _write(connection, frame, written)
    except (ConversionException, NotATable):
        _write(connection, mixed_as_text(frame), written)
