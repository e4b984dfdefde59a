"""Uploads in parts that were never finished: invisible in every listing, and swept all the same."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx
import pytest
from tests.storage.seaweed import BUCKET, KEY, SECRET, S3Server

from datapilot.storage.multipart import signed

DAY = timedelta(days=1)


def test_requests_are_signed_as_aws_says() -> None:
    """The example "GET Bucket Lifecycle" of AWS's description of Signature Version 4."""
    headers = signed(
        "GET",
        "https://examplebucket.s3.amazonaws.com/",
        {"lifecycle": ""},
        region="us-east-1",
        key="AKIAIOSFODNN7EXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        now=datetime(2013, 5, 24, tzinfo=UTC),
    )

    assert headers["authorization"].endswith(
        "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    )


def _begin(server: S3Server, key: str) -> None:
    """Begin an upload in parts, and leave it at that."""
    url = f"{server.endpoint}/{BUCKET}/{quote(key)}"
    headers = signed("POST", url, {"uploads": ""}, region="us-east-1", key=KEY, secret=SECRET, now=datetime.now(UTC))
    httpx.post(f"{url}?uploads=", headers=headers, trust_env=False).raise_for_status()


@pytest.mark.spec("F1")
async def test_unfinished_uploads_are_swept_by_their_age(s3_server: S3Server) -> None:
    """Young ones stay, a dry run only counts, those outside our folders are others'; twice is harmless."""
    storage = s3_server.storage()
    await storage.sweep_unfinished(older_than=timedelta(0), dry_run=False)
    for key in ("uploads/job_1/source.csv", "results/job_2.json", "elsewhere/of-others.bin"):
        await asyncio.to_thread(_begin, s3_server, key)
    await asyncio.sleep(1.1)  # the server tells ages in whole seconds

    young = await storage.sweep_unfinished(older_than=DAY, dry_run=False)
    told = await storage.sweep_unfinished(older_than=timedelta(0), dry_run=True)
    swept = await storage.sweep_unfinished(older_than=timedelta(0), dry_run=False)
    again = await storage.sweep_unfinished(older_than=timedelta(0), dry_run=False)

    assert (young, told, swept, again) == (0, 2, 2, 0)
