"""`datapilot smoke URL`: try a running server from outside, and leave a report."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from datapilot.actions.smoke_test import SmokeTest, report_text, smoke_client
from datapilot.contracts.errors import InvalidOption
from datapilot.contracts.smoke import SmokeReport
from datapilot.settings import load_settings


def smoke(
    url: Annotated[str, typer.Argument(help="The server's address, http://host:port.")],
    *,
    max_wait: Annotated[
        float | None, typer.Option("--max-wait", min=0, help="Seconds to wait for a job. CLIENT_MAX_WAIT_SECONDS.")
    ] = None,
) -> None:
    """Try every step a user may take on a running server; exit 1 when one fails.

    SMOKE_API_KEY is the key of a server with a login. The report goes to reports/ below DATA_DIR.
    """
    settings = load_settings()
    if not url.startswith(("http://", "https://")):
        raise InvalidOption("The server's address begins with http:// or https://.")
    key = settings.smoke_api_key.get_secret_value() if settings.smoke_api_key else None
    report = asyncio.run(_smoke(url, key, max_wait if max_wait is not None else settings.client_max_wait_seconds))
    for step in report.steps:
        print(f"{step.status:8} {step.name:22} {step.seconds:6.1f} s  {step.says}")
    written = _write(report, settings.data_dir / "reports")
    print(f"{report.status}: {written}")
    if report.status == "failed":
        raise typer.Exit(1)


async def _smoke(url: str, key: str | None, max_wait_s: float) -> SmokeReport:
    async with smoke_client(url, key=key) as client:
        return await SmokeTest(client, max_wait_s=max_wait_s).run()


def _write(report: SmokeReport, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    moment = "".join(letter for letter in report.started_at[:23] if letter.isalnum())
    path = folder / f"smoke_{moment}.md"
    path.write_text(report_text(report), encoding="utf-8")
    path.with_suffix(".json").write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path
