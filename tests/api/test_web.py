"""The exported page: clean addresses, compression, caching, and a content policy for each page."""

import base64
import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest

from datapilot.api.web import accepted, content_policy

INLINE = "self.__next_f.push([1,'hello'])"
PAGE = f'<!doctype html><html><script src="/_next/static/a.js" async></script><script>{INLINE}</script></html>'
IMMUTABLE = "public, max-age=31536000, immutable"


@pytest.fixture
def web_root(tmp_path: Path) -> Path:
    """A small export as the build leaves it: pages, hashed files, payloads, compressed twins."""
    root = tmp_path / "web"
    files = {
        "index.html": PAGE,
        "404.html": "<!doctype html><title>Nothing here</title>",
        "jobs/index.html": PAGE.replace("hello", "jobs"),
        "jobs/__next._tree.txt": "payload",
        "_next/static/a.js": "console.log(1)",
        "theme.js": "document",
        "icon.svg": "<svg/>",
        ".build-hash": "abc",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "_next/static/a.js.br").write_bytes(b"brotli")
    (root / "_next/static/a.js.gz").write_bytes(gzip.compress(b"console.log(1)"))
    return root


@pytest.mark.spec("H1")
async def test_page_is_served_with_its_own_policy(open_house: Any, web_root: Path) -> None:
    """The inline scripts of a page are allowed by their hashes, and nothing else inline is."""
    async with open_house(web_root=web_root) as house:
        answer = await house.client.get("/")

        digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
        policy = answer.headers["content-security-policy"]
        assert answer.text == PAGE
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert f"script-src 'self' 'sha256-{digest}'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


@pytest.mark.spec("H1")
@pytest.mark.parametrize(
    ("address", "media_type", "cache"),
    [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/jobs/", "text/html; charset=utf-8", "no-cache"),
        ("/jobs/?id=job_1", "text/html; charset=utf-8", "no-cache"),
        ("/_next/static/a.js", "text/javascript; charset=utf-8", IMMUTABLE),
        ("/theme.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/jobs/__next._tree.txt", "text/x-component; charset=utf-8", "no-cache"),
        ("/icon.svg", "image/svg+xml", "no-cache"),
        ("/favicon.ico", "image/svg+xml", "no-cache"),
    ],
)
async def test_file_has_its_type_and_its_cache_time(
    open_house: Any, web_root: Path, address: str, media_type: str, cache: str
) -> None:
    """Files with a hash in their name are kept for ever; all others are asked for again."""
    async with open_house(web_root=web_root) as house:
        answer = await house.client.get(address)

        assert answer.status_code == 200
        assert answer.headers["content-type"] == media_type
        assert answer.headers["cache-control"] == cache


@pytest.mark.spec("H1", "H5")
@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/results/?id=job_1", "/api/result?jobId=job_1"),
        ("/results/", None),
        ("/results/?id=job_1&share=dpr_x", None),
        ("/results/?id=%3E%3B%20rel%3D", None),
        ("/jobs/?id=job_1", None),
    ],
    ids=["a result", "no id", "a link that is no session yet", "an id that would break out", "another page"],
)
async def test_result_is_asked_for_with_its_page(
    open_house: Any, web_root: Path, address: str, asked: str | None
) -> None:
    """The browser hears of the report in the page's head, so that the main finding is there with the first paint."""
    (web_root / "results").mkdir()
    (web_root / "results/index.html").write_text(PAGE)

    async with open_house(web_root=web_root) as house:
        answer = await house.client.get(address)

        assert answer.status_code == 200
        assert answer.headers.get("link") == (asked and f"<{asked}>; rel=preload; as=fetch; crossorigin")


@pytest.mark.spec("H1")
async def test_page_without_its_slash_is_redirected_with_its_query(open_house: Any, web_root: Path) -> None:
    """Relative addresses of a page work only below the slash."""
    async with open_house(web_root=web_root) as house:
        answer = await house.client.get("/jobs?id=job_1&x=%2F")

        assert answer.status_code == 308
        assert answer.headers["location"] == "/jobs/?id=job_1&x=%2F"


@pytest.mark.parametrize("address", ["/absent", "/jobs/absent", "/.build-hash", "/_next/static/a.js.br", "/jobs//"])
async def test_unknown_address_is_the_404_page(open_house: Any, web_root: Path, address: str) -> None:
    """A page for people, with the status for machines; the build's own files are not served."""
    async with open_house(web_root=web_root) as house:
        answer = await house.client.get(address)

        assert answer.status_code == 404
        assert "Nothing here" in answer.text


async def test_redirect_never_leads_elsewhere(open_house: Any, web_root: Path) -> None:
    """Two slashes at the beginning would be another server."""
    async with open_house(web_root=web_root) as house:
        answer = await house.raw(b"GET //jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")

        assert b"location: /jobs/\r\n" in answer.lower()


@pytest.mark.parametrize(
    ("wanted", "coding", "body"),
    [
        pytest.param("gzip, deflate, br", "br", b"brotli", id="the best one"),
        pytest.param("gzip", "gzip", gzip.compress(b"console.log(1)"), id="the one it knows"),
        pytest.param("br;q=0, gzip;q=0.5", "gzip", gzip.compress(b"console.log(1)"), id="not the forbidden one"),
        pytest.param("identity", None, b"console.log(1)", id="none"),
    ],
)
async def test_precompressed_twin_is_sent(
    open_house: Any, web_root: Path, wanted: str, coding: str | None, body: bytes
) -> None:
    """Compression was paid for at build time; each coding has its own tag."""
    async with open_house(web_root=web_root) as house:
        request = house.client.build_request("GET", "/_next/static/a.js", headers={"Accept-Encoding": wanted})
        answer = await house.client.send(request, stream=True)
        sent = b"".join([chunk async for chunk in answer.aiter_raw()])
        await answer.aclose()

        assert answer.headers.get("content-encoding") == coding
        assert len(sent) == len(body)
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["etag"].endswith(f'-{coding}"') == (coding is not None)


async def test_known_file_is_not_sent_again(open_house: Any, web_root: Path) -> None:
    """The tag of the last time is answered with 304 and no body; another tag with the file."""
    async with open_house(web_root=web_root) as house:
        first = await house.client.get("/")
        again = await house.client.get("/", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        changed = await house.client.get("/", headers={"If-None-Match": '"other"'})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
        assert changed.status_code == 200


async def test_head_is_answered_without_a_body(open_house: Any, web_root: Path) -> None:
    """As HTTP wants it."""
    async with open_house(web_root=web_root) as house:
        answer = await house.client.head("/")

        assert (answer.status_code, answer.content) == (200, b"")
        assert int(answer.headers["content-length"]) == len(PAGE)


async def test_api_never_falls_through_to_the_page(open_house: Any, web_root: Path) -> None:
    """A wrong API address is problem JSON even where a page exists."""
    async with open_house(web_root=web_root) as house:
        answer = await house.client.get("/api/absent")

        assert answer.json()["code"] == "not_found"


@pytest.mark.spec("H1")
async def test_missing_page_says_how_to_build_it(house: Any) -> None:
    """Without the built page the API works, and the answer names the command."""
    answer = await house.client.get("/")

    assert answer.status_code == 503
    assert answer.json()["code"] == "web_app_missing"
    assert "make run" in answer.json()["advice"]


def test_policy_of_a_page_without_inline_scripts_allows_none() -> None:
    """Only the page's own files run."""
    assert "script-src 'self';" in content_policy(b'<script src="/a.js"></script><script></script>')


@pytest.mark.parametrize(
    ("header", "is_accepted"),
    [("gzip", True), ("*", True), ("GZIP;q=1.0", True), ("gzip;q=0", False), ("gzip;q=0.000", False), ("", False)],
)
def test_accept_encoding_is_read_with_its_weights(header: str, is_accepted: bool) -> None:
    """A weight of zero is a refusal."""
    assert accepted(header, "gzip") is is_accepted
