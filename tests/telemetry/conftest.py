"""A server on loopback that keeps whatever is sent to it, for what leaves the house."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Capture:
    """What came in: paths, and bodies unpacked."""

    def __init__(self) -> None:
        asked: list[tuple[str, bytes]] = []

        class Keeper(BaseHTTPRequestHandler):
            """Keeps a request and says that all is well."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_packed = self.headers.get("Content-Encoding") == "gzip"
                asked.append((self.path, gzip.decompress(body) if is_packed else body))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """The test's own output stays readable."""

        self.asked = asked
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Keeper)

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def capture() -> Iterator[Capture]:
    """A server that runs as long as the test."""
    started = Capture()
    thread = threading.Thread(target=started.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield started
    started.server.shutdown()
    thread.join()
    started.server.server_close()
