"""What every log of one record a line has: first lines that show what it is, and what the receipt says of its form."""

from pathlib import Path

from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.reading.body import Notes
from datapilot.reading.encoding import Encoding

HEAD_LINES = 50
HEAD_BYTES = 64 * 1024
FEWEST_LINES = 3
NEARLY_ALL = 0.95  # of the first lines; a log may hold a few that were cut


def head_lines(path: Path) -> list[str]:
    """Return the first lines of a file that are whole, without their ends; none where the first is very long."""
    with path.open("rb") as file:
        lines = file.read(HEAD_BYTES).split(b"\n")[:-1][:HEAD_LINES]
    return [line.decode("utf-8", "replace").rstrip("\r") for line in lines]


def receipt_of_log(encoding: Encoding, skipped: Notes, note: str, options: ReadingOptions) -> Receipt:
    """Return the receipt of a log: fields apart by blanks, quoted where they hold some."""
    return Receipt(
        file_type="csv",
        encoding=encoding.label,
        encoding_note=encoding.note,
        delimiter=" ",
        quote='"',
        skipped=tuple(skipped.kept),
        skipped_count=skipped.count,
        notes=(note,),
        options=options,
    )
