"""Turn a pandas frame into one the engine takes as it is. Loads no pandas: it works on what the caller has loaded."""

from typing import Any

# Kinds of columns that the engine does not know; what people read in them is their text.
_AS_TEXT = ("period", "interval", "complex")


def is_pandas(source: object) -> bool:
    """Say whether this is a frame or a series of pandas, of whatever class derived from them."""
    return any(
        kind.__module__.partition(".")[0] == "pandas" and kind.__name__ in {"DataFrame", "Series"}
        for kind in type(source).__mro__
    )


def plain_frame(source: Any) -> Any:
    """Return a frame of named columns: a series as its one column, an index that means something as the first ones,
    names of several levels as one. Columns that the engine does not know are text in it. The source stays as it is."""
    frame = source.to_frame() if hasattr(source, "to_frame") else source.copy(deep=False)
    if frame.shape[1] == 0:
        return frame
    frame = _with_index(frame)
    frame.columns = [_name(label) for label in frame.columns]
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        plain = _plain_column(column)
        if plain is not column:
            frame.isetitem(place, plain)
    return frame


def mixed_as_text(frame: Any) -> Any:
    """Return the plain frame with every column of mixed values as text, for those that no one type holds."""
    frame = frame.copy(deep=False)
    for place in range(frame.shape[1]):
        if frame.iloc[:, place].dtype == object:
            frame.isetitem(place, _text(frame.iloc[:, place]))
    return frame


def _with_index(frame: Any) -> Any:
    """Rows that are merely numbered have no index worth a column; a name or dates are one."""
    levels = [
        place
        for place, label in enumerate(frame.index.names)
        if label is not None or frame.index.get_level_values(place).dtype.kind == "M"
    ]
    if not levels:
        return frame
    if frame.columns.nlevels > 1:
        frame.columns = [_name(label) for label in frame.columns]
    return frame.reset_index(level=levels, allow_duplicates=True)


def _name(label: object) -> str:
    """Return a column's name as text; of the levels of a name those that say something, in their order."""
    if isinstance(label, tuple):
        return " ".join(str(part) for part in label if part is not None and str(part) != "")
    return "" if label is None or label != label else str(label)  # noqa: PLR0124  # NaN, as pandas names a None


def _plain_column(column: Any) -> Any:
    kind = str(column.dtype).lower()
    if kind == "category":
        kind = str(column.dtype.categories.dtype).lower()
    if kind.startswith(_AS_TEXT):
        return _text(column)
    return column.sparse.to_dense() if kind.startswith("sparse") else column


def _text(column: Any) -> Any:
    """Return the column's values as people read them, gaps as gaps."""
    return column.astype(object).map(str, na_action="ignore")
