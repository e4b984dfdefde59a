"""`datapilot verify RESULT.json FILE`: recompute every published number and say whether it stands."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from datapilot import __version__
from datapilot.actions.verify_result import verify_report
from datapilot.cli.files import existing_file
from datapilot.cli.output import say
from datapilot.contracts.errors import InvalidOption
from datapilot.contracts.report import SCHEMA_VERSION, Report
from datapilot.contracts.verification import Verification
from datapilot.settings import load_settings
from datapilot.words.complaints import complaint

SHOWN_MISMATCHES = 20  # enough to see the pattern; the count says how many there are


def verify(
    result: Annotated[Path, typer.Argument(help="A result.json.")],
    file: Annotated[Path, typer.Argument(help="The file it was made from.")],
) -> None:
    """Recompute every number of RESULT from FILE; exit 1 on any mismatch."""
    report = _report(existing_file(result))
    path = existing_file(file)
    with tempfile.TemporaryDirectory(prefix="datapilot-") as scratch:
        verification = verify_report(report, path, limits=load_settings().limits, scratch=Path(scratch))
    for mismatch in verification.mismatches[:SHOWN_MISMATCHES]:
        say(f"{mismatch.where}: stated {mismatch.stated}, recomputed {mismatch.recomputed}")
    for sentence in _about_version(report, verification):
        say(sentence)
    equal = verification.claims - len(verification.mismatches)
    say(f"{equal:,} of {verification.claims:,} claims verified.")
    if verification.mismatches:
        raise typer.Exit(1)


def _about_version(report: Report, verification: Verification) -> Iterator[str]:
    """Say that another version made the result, where it shows: what it leaves out, and what may differ for that."""
    unstated = verification.unstated
    if report.made_by not in (None, __version__):
        yield f"DataPilot {report.made_by} made this result; this is {__version__}."
    elif report.schema_version != SCHEMA_VERSION:
        yield (
            f"Another version of DataPilot made this result: its schema version is {report.schema_version}, this one"
            f" writes {SCHEMA_VERSION}."
        )
    elif unstated:
        yield "Another version of DataPilot made this result."
    else:
        return
    if unstated:
        yield (
            f"Values that this version states and the result does not: {len(unstated):,}, from {unstated[0]} on."
            " That is no mismatch."
        )
    if verification.mismatches:
        yield (
            "What differs may come of rules that have changed since, as well as of a wrong figure. `datapilot analyze`"
            " makes a result that this version can verify in full."
        )


def _report(path: Path) -> Report:
    """Return the result in the file. Raises InvalidOption when it holds none."""
    try:
        return Report.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise InvalidOption(
            f"{path} is no result of this version. {complaint(error.errors()[:1])} Name the JSON that"
            " `datapilot analyze FILE --json OUT` writes."
        ) from None
