"""The adapter to the platform, and the five scripts, against a platform on loopback."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from targets.antigravity import Antigravity
from targets.base import Failed, deploy

DEPLOY = Path(__file__).parents[2] / "deploy"
SCRIPTS = DEPLOY / "antigravity"
KEY = "secret-of-the-platform"


class Platform(BaseHTTPRequestHandler):
    """The platform, and under the same address the application that it runs."""

    current: ClassVar[str | None] = "v1"
    before: ClassVar[str | None] = None
    released: ClassVar[list[dict[str, Any]]] = []
    asked: ClassVar[list[str]] = []
    notices: ClassVar[list[str]] = []
    broken: ClassVar[set[str]] = set()
    hiccups: ClassVar[int] = 0

    def do_GET(self) -> None:
        if self.path == "/api/health":
            is_broken = type(self).current in self.broken
            self._answer(503 if is_broken else 200, {"status": "down" if is_broken else "ok", "components": {}})
        elif type(self).hiccups > 0:
            type(self).hiccups -= 1
            self._answer(502, {})
        else:
            url = f"http://127.0.0.1:{self.server.server_address[1]}"
            told = {"currentVersion": self.current, "previousVersion": self.before, "url": url, "state": "steady"}
            self._answer(200, told)

    def do_POST(self) -> None:
        kind = type(self)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/slack":
            kind.notices.append(body["text"])
            self._answer(200, {})
            return
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self._answer(401, {"error": "who are you?"})
            return
        kind.asked.append(self.path.removeprefix("/v1/apps/datapilot/"))
        if self.path.endswith("/releases"):
            kind.released.append(body)
        else:
            version = body.get("version") or self.path.split("/")[-2]
            kind.before, kind.current = kind.current, version
        self._answer(202, {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """The test's own output stays readable."""


@pytest.fixture
def address() -> Iterator[str]:
    """A platform on which v1 is active."""
    Platform.current, Platform.before, Platform.hiccups = "v1", None, 0
    for kept in (Platform.released, Platform.asked, Platform.notices, Platform.broken):
        kept.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def target(address: str, **changes: Any) -> Antigravity:
    """The adapter, with a smoke test that passes."""
    usual: dict[str, Any] = {
        "endpoint": f"{address}/v1",
        "key": KEY,
        "manifest": SCRIPTS / "antigravity.yml",
        "image": "registry.example/datapilot",
        "well_within_s": 0.5,
        "look_s": 0.05,
        "smoke_command": (sys.executable, "-c", "pass"),
    }
    return Antigravity(**(usual | changes))


def script(name: str, *words: str, address: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts, with a `datapilot` on the path whose smoke test passes."""
    return subprocess.run(
        [SCRIPTS / name, *words],
        env={"PATH": os.environ["PATH"], "ANTIGRAVITY_API_ENDPOINT": f"{address}/v1", "ANTIGRAVITY_API_KEY": KEY}
        | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.spec("I2")
def test_release_carries_image_and_manifest_and_comes_into_use(address: str) -> None:
    """In order: released, activated with time to drain, well, tried."""
    assert deploy(target(address), "v2", say=lambda _: None)

    assert Platform.asked == ["releases", "releases/v2/activate"]
    assert Platform.released[0]["image"] == "registry.example/datapilot:v2"
    assert "services:" in Platform.released[0]["manifest"]
    assert Platform.current == "v2"


@pytest.mark.spec("I2")
def test_release_that_is_not_well_is_rolled_back(address: str) -> None:
    """What was in use before is in use again, and the deployment says that it failed."""
    Platform.broken.add("v2")
    told: list[str] = []

    assert not deploy(target(address), "v2", say=told.append)

    assert Platform.current == "v1"
    assert Platform.asked[-1] == "rollback"
    assert "rolled back: v1 is active and well" in told[-1]


@pytest.mark.spec("I2")
def test_failed_smoke_test_is_rolled_back(address: str) -> None:
    """Being well by its own account is not enough."""
    failing = (sys.executable, "-c", "print('upload failed'); raise SystemExit(1)")

    assert not deploy(target(address, smoke_command=failing), "v2", say=lambda _: None)

    assert Platform.current == "v1"


def test_server_errors_are_tried_again_and_refusals_are_told(address: str) -> None:
    """A hiccup of the platform ends no deployment; a wrong key does, with what the platform said."""
    Platform.hiccups = 1

    assert target(address).current() == "v1"
    with pytest.raises(Failed, match="401"):
        target(address, key="wrong").release("v2")


@pytest.mark.spec("I2")
def test_scripts_verify_and_roll_back(address: str) -> None:
    """What is well is not rolled back unless that is forced; what is not well is, to the version that is named."""
    well = script("verify_deploy.sh", address=address)
    refused = script("rollback_antigravity.sh", address=address, ROLLBACK_VERSION="v0")
    forced = script("rollback_antigravity.sh", address=address, ROLLBACK_VERSION="v0", FORCE_ROLLBACK="1")
    Platform.broken.add("v0")
    Platform.current = "v0"
    rolled = script("rollback_antigravity.sh", address=address, ROLLBACK_VERSION="v1", DEPLOY_URL=address)

    assert well.returncode == 0, well.stderr
    assert (refused.returncode, "FORCE_ROLLBACK=1" in refused.stderr) == (1, True)
    assert forced.returncode == 0, forced.stderr
    assert rolled.returncode == 0, rolled.stderr
    assert Platform.current == "v1"


@pytest.mark.spec("I2", "I4")
def test_pipeline_script_deploys_and_tells_slack(address: str, tmp_path: Path) -> None:
    """The notice says which version and how it went; the log of the deployment is kept for the artifacts."""
    command = tmp_path / "bin" / "datapilot"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\nexit 0\n")
    command.chmod(0o755)
    path = f"{command.parent}:{os.environ['PATH']}"

    done = subprocess.run(
        [SCRIPTS / "ci_deploy.sh", "v2"],
        cwd=tmp_path,
        env={
            "PATH": path,
            "ANTIGRAVITY_API_ENDPOINT": f"{address}/v1",
            "ANTIGRAVITY_API_KEY": KEY,
            "SLACK_WEBHOOK_URL": f"{address}/slack",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert Platform.notices == ["DataPilot AI: deployed: v2 is in use"]
    assert "v2 passed the smoke test" in (tmp_path / "reports" / "deploy_v2.log").read_text()
    assert KEY not in done.stdout + done.stderr


@pytest.mark.spec("I2")
def test_without_a_key_nothing_is_asked(address: str) -> None:
    """The message names what is missing."""
    done = script("deploy_antigravity.sh", "v2", address=address, ANTIGRAVITY_API_KEY="")

    assert done.returncode == 1
    assert "ANTIGRAVITY_API_KEY" in done.stderr
    assert Platform.asked == []
