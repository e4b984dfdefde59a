"""Write the published forms of the contracts: docs/openapi.json, docs/result.schema.json with docs/result.example.json,
docs/settings.md and .env.example.

`python -m datapilot.api.publish [folder]` writes them below the source tree; a test fails when they are out of step.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from datapilot.actions.analyze_dataset import analyze_file, report_json
from datapilot.actions.submit_dataset import UploadRules
from datapilot.api.app import create_app
from datapilot.api.tools import Tools
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import SCHEMA_VERSION, Report
from datapilot.contracts.table import ReadingOptions
from datapilot.settings import Settings

SOURCE_TREE = Path(__file__).parents[3]
SAMPLES = SOURCE_TREE / "examples"
EXAMPLE_MOMENT = "2026-01-01T00:00:00.000+00:00"  # else the file would differ every time it is written

# The setting that each section of the settings begins with.
SECTIONS = {
    "max_upload_size_bytes": "Uploads",
    "data_dir": "Where things are kept",
    "redis_url": "Jobs",
    "llm_base_url": "Language model",
    "blob_retry_attempts": "Trying again",
    "job_ttl_hours": "Retention",
    "auth": "Access",
    "observability_log_level": "Logs and health",
    "simulated_work_seconds": "No longer used: accepted with a warning",
}


def openapi() -> dict[str, Any]:
    """Return the OpenAPI description; no door is opened for it."""
    nowhere: Any = None
    tools = Tools(
        queue=nowhere,
        storage=nowhere,
        scratch=Path(gettempdir()),
        rules=UploadRules(max_bytes=1, timeout_s=1),
        web_root=Path("absent"),
    )
    return create_app(tools).openapi()


def result_schema() -> dict[str, Any]:
    """Return the JSON Schema of result.json."""
    schema = Report.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:datapilot:result:{SCHEMA_VERSION}",
        **schema,
        "title": f"DataPilot AI result {SCHEMA_VERSION}",
    }


def example_result() -> dict[str, Any]:
    """Return the result of the first sample file, as the rules tell it. The page's own tests draw it too."""
    path = SAMPLES / "sales_demo.csv"
    with TemporaryDirectory() as scratch:
        report = analyze_file(
            path,
            name=path.name,
            job_id="job_sales_demo",
            options=ReadingOptions(),
            limits=Limits(),
            scratch=Path(scratch),
        )
    result: dict[str, Any] = json.loads(report_json(report))
    return result | {"processedAt": EXAMPLE_MOMENT}


def env_example() -> str:
    """Return the text of `.env.example`: every setting with its default and what it means."""
    lines = ["# Settings of DataPilot AI. Copy to .env and change what you need; the environment wins over the file."]
    for name, field in Settings.model_fields.items():
        if name in SECTIONS:
            lines += ["", f"## {SECTIONS[name]}"]
        lines += [f"# {field.description}", f"{name.upper()}={_shown(field.default)}"]
    return "\n".join(lines) + "\n"


def settings_reference() -> str:
    """Return the text of `docs/settings.md`: the same as a table for each section."""
    lines = [
        "# Settings",
        "",
        "From the environment or `.env`; the environment wins, an empty value means the default.",
        "This file is written from the settings themselves; [.env.example](../.env.example) is the same to copy.",
    ]
    for name, field in Settings.model_fields.items():
        if name in SECTIONS:
            lines += ["", f"## {SECTIONS[name]}", "", "| setting | default | meaning |", "|---|---|---|"]
        shown = _shown(field.default)
        lines.append(f"| `{name.upper()}` | {f'`{shown}`' if shown else ''} | {field.description} |")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    if default is None or default == () or default == Path():
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return str(default)


def published() -> Mapping[str, str]:
    """Return the text of each file by its path below the source tree."""
    return {
        "docs/openapi.json": _printed(openapi()),
        "docs/result.schema.json": _printed(result_schema()),
        "docs/result.example.json": _printed(example_result()),
        ".env.example": env_example(),
        "docs/settings.md": settings_reference(),
    }


def _printed(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main(folder: Path = SOURCE_TREE) -> None:
    """Write the files that differ."""
    for name, text in published().items():
        target = folder / name
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
