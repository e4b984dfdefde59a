"""`datapilot verify RESULT.json FILE`: recompute every published number and say whether it stands."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from datapilot.actions.verify_result import verify_report
from datapilot.cli.options import existing_file
from datapilot.contracts.errors import InvalidOption
from datapilot.contracts.report import Report
from datapilot.settings import load_settings

commands = typer.Typer()

SHOWN_MISMATCHES = 20  # enough to see the pattern; the count says how many there are


@commands.callback()
def _group() -> None: ...


@commands.command("verify")
def verify(
    result: Annotated[Path, typer.Argument(help="A result.json.")],
    file: Annotated[Path, typer.Argument(help="The file it was made from.")],
) -> None:
    """Recompute every number of RESULT from FILE; exit 1 on any mismatch."""
    path = existing_file(file)
    try:
        report = Report.model_validate_json(existing_file(result).read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidOption(f"{result} is no result of this version: {where}: {first['msg']}.") from None
    with tempfile.TemporaryDirectory(prefix="datapilot-") as scratch:
        verification = verify_report(report, path, limits=load_settings().limits, scratch=Path(scratch))
    for mismatch in verification.mismatches[:SHOWN_MISMATCHES]:
        print(f"{mismatch.where}: stated {mismatch.stated}, recomputed {mismatch.recomputed}")
    equal = verification.claims - len(verification.mismatches)
    print(f"{equal:,} of {verification.claims:,} claims verified.")
    if verification.mismatches:
        raise typer.Exit(1)
