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
from datapilot.settings import env_example, settings_reference

SOURCE_TREE = Path(__file__).parents[3]
SAMPLES = SOURCE_TREE / "examples"
EXAMPLE_MOMENT = "2026-01-01T00:00:00.000+00:00"  # else the file would differ every time it is written


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
