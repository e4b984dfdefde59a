"""Uploads in parts that were never finished: invisible in every listing, and swept all the same."""

from datetime import UTC, datetime

from datapilot.storage.multipart import signed


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
