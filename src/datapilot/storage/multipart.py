"""Uploads in parts that were never finished, in an S3-compatible bucket: found and given up. A store keeps such parts,
and takes money for them, although no listing shows them; obstore offers no verb for them, so it is asked here.

Requests are signed as AWS says (Signature Version 4, "Authenticating Requests: Using the Authorization Header").
"""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import httpx

from datapilot.contracts.errors import StorageUnavailable

ANSWER_WITHIN_S = 30.0
NO_BODY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Unfinished:
    """One upload in parts that has not been finished."""

    key: str
    upload_id: str
    begun_at: datetime


@dataclass(frozen=True)
class MultipartUploads:
    """The unfinished uploads of a bucket. `address` is the bucket's own, with its name as host or path."""

    address: str
    region: str
    key: str
    secret: str = field(repr=False)

    async def unfinished(self) -> AsyncIterator[Unfinished]:
        """Yield them all. Raises StorageUnavailable."""
        marks: dict[str, str] = {}
        while True:
            page = ET.fromstring(await self._ask("GET", "", {"uploads": "", **marks}))  # noqa: S314 - our own store's
            space = page.tag.partition("}")[0] + "}" if page.tag.startswith("{") else ""
            for upload in page.iter(f"{space}Upload"):
                begun = datetime.fromisoformat(upload.findtext(f"{space}Initiated", ""))
                key, upload_id = upload.findtext(f"{space}Key", ""), upload.findtext(f"{space}UploadId", "")
                yield Unfinished(key, upload_id, begun if begun.tzinfo else begun.replace(tzinfo=UTC))
            if page.findtext(f"{space}IsTruncated") != "true":
                return
            marks = {
                "key-marker": page.findtext(f"{space}NextKeyMarker", ""),
                "upload-id-marker": page.findtext(f"{space}NextUploadIdMarker", ""),
            }

    async def give_up(self, upload: Unfinished) -> None:
        """Remove its parts. Raises StorageUnavailable."""
        await self._ask("DELETE", upload.key, {"uploadId": upload.upload_id})

    async def _ask(self, method: str, key: str, query: dict[str, str]) -> bytes:
        url = f"{self.address.rstrip('/')}/{quote(key)}"
        headers = signed(
            method, url, query, region=self.region, key=self.key, secret=self.secret, now=datetime.now(UTC)
        )
        try:
            async with httpx.AsyncClient(timeout=ANSWER_WITHIN_S, trust_env=False) as client:
                answer = await client.request(method, f"{url}?{_canonical(query)}", headers=headers)
        except httpx.HTTPError as error:
            raise StorageUnavailable("The file store does not answer. Try again later.") from error
        if answer.status_code == 404 and method == "DELETE":
            return b""  # it was finished or given up meanwhile
        if answer.is_error:
            raise StorageUnavailable(f"The file store refuses to list unfinished uploads ({answer.status_code}).")
        return answer.content


def signed(
    method: str, url: str, query: dict[str, str], *, region: str, key: str, secret: str, now: datetime
) -> dict[str, str]:
    """Return the headers of a request without a body."""
    parts = urlsplit(url)
    moment, day = f"{now:%Y%m%dT%H%M%SZ}", f"{now:%Y%m%d}"
    headers = {"host": parts.netloc, "x-amz-content-sha256": NO_BODY, "x-amz-date": moment}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = "\n".join([method, parts.path or "/", _canonical(query), lines, names, NO_BODY])
    scope = f"{day}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(request.encode()).hexdigest()])
    signer = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        signer = hmac.digest(signer, part.encode(), "sha256")
    signature = hmac.digest(signer, text.encode(), "sha256").hex()
    told = f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return headers | {"authorization": told}


def _canonical(query: dict[str, str]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(query.items()))
