"""The platform Antigravity, over its HTTP interface. All that is special to it is in this file and in its manifest.

What is taken for granted of the platform, in one place, should it answer otherwise:

    POST {endpoint}/apps/{app}/releases                     {version, image, manifest}      201, or 200 when it is there
    POST {endpoint}/apps/{app}/releases/{version}/activate  {drainSeconds}                  202; drains workers first
    POST {endpoint}/apps/{app}/rollback                     {version, force}                202
    GET  {endpoint}/apps/{app}                              {currentVersion, previousVersion, url, state}

`state` is `steady` once what was asked for has happened, `failed` when it will not. Every request carries the key as
`Authorization: Bearer …`; server errors are tried again.
"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from targets.base import Failed

TRIES, PAUSE_S = 3, 1.0
ANSWER_WITHIN_S = 30.0
LOOK_S = 2.0


@dataclass(frozen=True)
class Antigravity:
    """See `targets.base.Target`. `smoke_command` is what runs the smoke test; the address is added to it."""

    endpoint: str
    key: str = field(repr=False)
    manifest: Path
    image: str
    app: str = "datapilot"
    url: str | None = None
    force: bool = False
    steady_within_s: float = 300.0
    well_within_s: float = 60.0
    drain_s: float = 660.0
    look_s: float = LOOK_S
    smoke_command: Sequence[str] = ("datapilot", "smoke")

    def release(self, version: str) -> None:
        manifest = self.manifest.read_text(encoding="utf-8")
        self._ask("POST", "releases", {"version": version, "image": f"{self.image}:{version}", "manifest": manifest})

    def activate(self, version: str) -> None:
        self._ask("POST", f"releases/{version}/activate", {"drainSeconds": self.drain_s})
        self._until_steady(version)

    def verify(self) -> None:
        url, deadline, said = self._address(), time.monotonic() + self.well_within_s, "it does not answer"
        while time.monotonic() < deadline:
            try:
                health = json.loads(_get(f"{url}/api/health"))
            except (OSError, ValueError):
                health = {"status": "unknown"}
            if health["status"] == "ok":
                return
            said = json.dumps(health)
            time.sleep(min(self.look_s, 1.0))
        raise Failed(f"{url} is not well after {self.well_within_s:g} s: {said}")

    def smoke(self) -> None:
        tried = subprocess.run([*self.smoke_command, self._address()], capture_output=True, text=True, check=False)
        sys.stdout.write(tried.stdout)
        if tried.returncode:
            raise Failed(f"the smoke test failed\n{tried.stdout}{tried.stderr}")

    def rollback(self, version: str) -> None:
        self._ask("POST", "rollback", {"version": version, "force": self.force})
        self._until_steady(version)

    def current(self) -> str | None:
        return self._state().get("currentVersion")

    def previous(self) -> str | None:
        return self._state().get("previousVersion")

    def _state(self) -> dict[str, Any]:
        return self._ask("GET", "", None)

    def _address(self) -> str:
        address = self.url or self._state().get("url")
        if not address:
            raise Failed("the platform does not say under which address the application is served; set DEPLOY_URL")
        return str(address).rstrip("/")

    def _until_steady(self, version: str) -> None:
        deadline = time.monotonic() + self.steady_within_s
        while time.monotonic() < deadline:
            state = self._state()
            if state.get("state") == "failed":
                raise Failed(
                    f"the platform could not make {version} the active one: {state.get('reason', 'no reason')}"
                )
            if state.get("state") == "steady" and state.get("currentVersion") == version:
                return
            time.sleep(self.look_s)
        raise Failed(f"{version} is not active after {self.steady_within_s:g} s")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
            f"{self.endpoint.rstrip('/')}/apps/{self.app}{'/' if path else ''}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        for attempt in range(1, TRIES + 1):
            try:
                with urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310
                    told: dict[str, Any] = json.loads(answer.read() or b"{}")
                    return told
            except urllib.error.HTTPError as refused:
                if refused.code < 500 or attempt == TRIES:
                    raise Failed(f"{method} {request.full_url} answers {refused.code}: {_words(refused)}") from None
            except OSError as gone:
                if attempt == TRIES:
                    raise Failed(f"{request.full_url} does not answer: {gone}") from None
            time.sleep(PAUSE_S * attempt)
        raise AssertionError("the last try returns or raises")


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - as above
        told: bytes = answer.read()
    return told


def _words(refused: urllib.error.HTTPError) -> str:
    return refused.read().decode(errors="replace")[:300]
