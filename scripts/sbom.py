"""Print what the product is made of as a CycloneDX 1.6 document, from the locks alone: no network, nothing installed.

`sbom.py` prints it; `sbom.py --check` reviews the locks instead, and exits 1 when something in them is not pinned to an
exact version and the hash of its file, or names an address.
"""

import base64
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON_LOCKS = ("requirements/runtime.txt", "requirements/dev.txt", "requirements/node.txt")
NPM_LOCK = "web/package-lock.json"
PINNED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    """One locked package; `hashes` are (algorithm, hexadecimal digest) of the files it may come in."""

    kind: str
    name: str
    version: str
    hashes: tuple[tuple[str, str], ...]

    @property
    def purl(self) -> str:
        """Return its package URL, the name by which scanners know it."""
        return f"pkg:{self.kind}/{self.name.replace('@', '%40')}@{self.version}"


def python_packages(text: str) -> Iterator[Package]:
    """Yield the packages of a requirements lock; one that is not pinned comes with an empty version."""
    for entry in re.split(r"\n(?=\S)", "\n".join(line for line in text.splitlines() if not re.match(r"\s*#", line))):
        if not entry.strip():
            continue
        pinned = PINNED.match(entry)
        name, version = (pinned[1], pinned[2]) if pinned else (entry.split()[0], "")
        yield Package("pypi", name.lower(), version, tuple(("SHA-256", digest) for digest in HASH.findall(entry)))


def npm_packages(text: str, *, shipped_only: bool) -> Iterator[Package]:
    """Yield the packages of an npm lock; `shipped_only` leaves out what is only for building and testing."""
    for place, told in json.loads(text)["packages"].items():
        # A bundled package comes inside the file of another one, under that one's hash.
        if not place or told.get("link") or told.get("inBundle") or (shipped_only and told.get("dev")):
            continue
        algorithm, _, digest = told.get("integrity", "").partition("-")
        hashes = ((algorithm.upper().replace("SHA", "SHA-"), base64.b64decode(digest).hex()),) if digest else ()
        yield Package("npm", place.rpartition("node_modules/")[2], told.get("version", ""), hashes)


def document() -> dict[str, object]:
    """Return the bill of what a user runs: the runtime lock and what the page is built of."""
    packages = {
        package.purl: package
        for package in (
            *python_packages((ROOT / PYTHON_LOCKS[0]).read_text(encoding="utf-8")),
            *npm_packages((ROOT / NPM_LOCK).read_text(encoding="utf-8"), shipped_only=True),
        )
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "datapilot", "bom-ref": "datapilot"}},
        "components": [
            {
                "type": "library",
                "bom-ref": purl,
                "name": package.name,
                "version": package.version,
                "purl": purl,
                # A Python package comes in one file of several; which one, the machine decides.
                **({"hashes": [{"alg": alg, "content": content} for alg, content in package.hashes]}
                   if len(package.hashes) == 1 else {}),
            }
            for purl, package in sorted(packages.items())
        ],
    }  # fmt: skip


def complaints() -> list[str]:
    """Return what is wrong with the locks, one sentence each; [] when everything is pinned."""
    found = []
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in (*PYTHON_LOCKS, NPM_LOCK)}
    for name, text in texts.items():
        packages = npm_packages(text, shipped_only=False) if name == NPM_LOCK else python_packages(text)
        found += [
            f"{name}: {package.name} is not pinned to a version and a hash."
            for package in packages
            if not package.version or not package.hashes
        ]
        if name != NPM_LOCK and re.search(r"^[^#]*://", text, re.MULTILINE):
            found.append(f"{name}: an address stands in it.")
    return found


def main() -> int:
    """Print the bill, or review the locks."""
    if "--check" in sys.argv[1:]:
        wrong = complaints()
        print("\n".join(wrong) or "Every locked package is pinned to a version and a hash.")
        return 1 if wrong else 0
    print(json.dumps(document(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
