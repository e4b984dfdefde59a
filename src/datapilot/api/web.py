"""Serve the exported web app from memory: clean addresses, precompressed files, cache headers, and for each page the
strictest content policy it can live with. Knows nothing of the API beside it."""

import base64
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from datapilot.contracts.errors import WebAppMissing
from datapilot.jobs.lifecycle import result_url

BUILT = Path(__file__).parent.parent / "_web"
FOREVER = "public, max-age=31536000, immutable"
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
# Next's route payloads end in .txt; a browser must not guess what the others are.
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/x-component; charset=utf-8",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
RESULT_PAGE = "results/"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))  # best first


@dataclass(frozen=True)
class Asset:
    """One file of the export with its compressed twins, keyed by content coding (`identity` is always there)."""

    bodies: dict[str, bytes]
    media_type: str
    cache_control: str
    policy: str | None
    tag: str


class WebApp:
    """The files below `root`, read once; raises WebAppMissing when asked for a page that was never built."""

    def __init__(self, root: Path = BUILT) -> None:
        self._assets = {path.relative_to(root).as_posix(): _read(path, root) for path in _files(root)}
        # Asked for by browsers whenever a page has named no icon yet, and by those that show an answer of the API.
        if (icon := self._assets.get("icon.svg")) is not None:
            self._assets["favicon.ico"] = icon

    def answer(self, request: Request) -> Response:
        """Return the file, page, redirect or 404 page for the request's path. Raises WebAppMissing."""
        if not self._assets:
            raise WebAppMissing("The web app is not built, so there is no page to show. The API works.")
        path = request.url.path.lstrip("/")
        asset = self._assets.get(f"{path}index.html" if path == "" or path.endswith("/") else path)
        if asset is not None:
            answer = _shaped(asset, request, 200)
            if path == RESULT_PAGE and (report := _report_address(request)):
                answer.headers["Link"] = f"<{report}>; rel=preload; as=fetch; crossorigin"
            return answer
        if f"{path}/index.html" in self._assets:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/{path}/{query}", 308)
        missing = self._assets.get("404.html")
        return _shaped(missing, request, 404) if missing else Response("Not found", 404, media_type="text/plain")


def content_policy(html: bytes) -> str:
    """Return the Content-Security-Policy of a page: nothing from elsewhere, and of inline scripts only these."""
    digests = {hashlib.sha256(script).digest() for script in INLINE_SCRIPT.findall(html) if script}
    hashes = sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *hashes)),
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _report_address(request: Request) -> str | None:
    """Return what the result's page asks for first, written as web/public/start.js writes it; None where it waits."""
    job_id = request.query_params.get("id", "")
    is_asked = re.fullmatch(r"[\w-]{1,80}", job_id, re.ASCII) and "share" not in request.query_params
    return result_url(job_id) if is_asked else None


def accepted(header: str, coding: str) -> bool:
    """Return whether an Accept-Encoding header names the coding and does not forbid it with q=0."""
    for part in header.split(","):
        name, _, parameters = part.partition(";")
        if name.strip().lower() in {coding, "*"}:
            quality = parameters.strip().lower().removeprefix("q=")
            return not re.fullmatch(r"0(\.0*)?", quality)
    return False


def _files(root: Path) -> list[Path]:
    compressed = {suffix for _, suffix in ENCODINGS}
    found = root.rglob("*") if root.is_dir() else ()
    return sorted(
        path for path in found if path.is_file() and path.suffix not in compressed and not path.name.startswith(".")
    )


def _read(path: Path, root: Path) -> Asset:
    body = path.read_bytes()
    bodies = {"identity": body}
    for coding, suffix in ENCODINGS:
        twin = path.with_name(path.name + suffix)
        if twin.exists():
            bodies[coding] = twin.read_bytes()
    hashed_name = path.relative_to(root).as_posix().startswith("_next/static/")
    return Asset(
        bodies=bodies,
        media_type=TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        cache_control=FOREVER if hashed_name else "no-cache",
        policy=content_policy(body) if path.suffix == ".html" else None,
        tag=hashlib.sha256(body).hexdigest()[:20],
    )


def _shaped(asset: Asset, request: Request, status: int) -> Response:
    wanted = request.headers.get("accept-encoding", "")
    coding = next((name for name, _ in ENCODINGS if name in asset.bodies and accepted(wanted, name)), "identity")
    # A strong tag names exact bytes, so each coding has its own.
    tag = f'"{asset.tag}"' if coding == "identity" else f'"{asset.tag}-{coding}"'
    headers = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": asset.cache_control}
    if asset.policy:
        headers["Content-Security-Policy"] = asset.policy
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if status == 200 and (tag in known or "*" in known):
        return Response(status_code=304, headers=headers)
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return Response(asset.bodies[coding], status, headers, asset.media_type)
