"""What the product is made of: every locked package is pinned, and the bill names them all."""

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "sbom.py"


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    """The script as a module."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("sbom", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    sys.modules["sbom"] = script
    spec.loader.exec_module(script)
    return script


def test_every_locked_package_is_pinned_by_hash(sbom: ModuleType) -> None:
    """The review of the locks, Python's and the page's, has nothing to complain of."""
    assert sbom.complaints() == []


def test_bill_names_what_is_shipped_and_no_tools() -> None:
    """Both halves of the product are in it, each package once, with its version; tests' tools are not."""
    told = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True).stdout
    bill = json.loads(told)

    names = {part["name"] for part in bill["components"]}
    references = [part["bom-ref"] for part in bill["components"]]
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {"duckdb", "fastapi", "next", "react"} <= names
    assert not {"pytest", "ruff", "vitest"} & names
    assert len(references) == len(set(references))
    assert all(part["version"] and part["purl"].startswith("pkg:") for part in bill["components"])


@pytest.mark.parametrize(
    "line", ["left-pad>=1.0 \\\n    --hash=sha256:" + "a" * 64, "left-pad==1.0", "left-pad @ git+ssh://example.org/x"]
)
def test_loose_package_is_found(sbom: ModuleType, line: str) -> None:
    """A version that may move, a missing hash, a file from an address."""
    (package,) = sbom.python_packages(line + "\n")

    assert package.name.startswith("left-pad")
    assert not (package.version and package.hashes)
