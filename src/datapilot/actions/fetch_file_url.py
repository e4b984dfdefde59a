"""Fetch a file from a public web address, and from nowhere else: no private network, no odd port, no endless body."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import partial
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import count
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

import httpx
from httpx_secure import SSRFProtectionError, httpx_ssrf_protection

from datapilot.actions.submit_dataset import Store, UploadOptions
from datapilot.contracts.errors import FileUrlFailed, FileUrlRefused, UploadTooLarge
from datapilot.contracts.retry import RetryPolicy, retry_after_s

MAX_REDIRECTS: Final = 3
DOWNLOAD_RETRY: Final = RetryPolicy(attempts=3)
DEADLINE_SECONDS: Final = 60.0  # a browser waits for the answer meanwhile
# Statuses of a server that may have the file a moment later.
LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
PORTS: Final = {"http": 80, "https": 443}
SINGLE_HOSTS_IPV6: Final = ip_network("2000::/3")  # the rest is multicast, local, reserved or stands for IPv4
# Not private, and yet no host: IPv4 in 6to4, its relays, protocol assignments (IANA's registries of special addresses).
SPECIAL: Final = [ip_network(one) for one in ("2002::/16", "192.88.99.0/24", "192.0.0.0/24")]

WebClient = Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]


@asynccontextmanager
async def guarded_client(trusted: frozenset[str] = frozenset()) -> AsyncIterator[httpx.AsyncClient]:
    """Offer a client that connects to globally reachable addresses only, and to the `trusted` servers (`host`, or
    `host:port` for an unusual port), which whoever runs this server has named.

    Every request is checked, those of redirects too. The connection is made to the very address that was checked, so
    that a name which answers differently the second time gains nothing. Proxies and credentials of the environment
    are not used.
    """
    async with httpx.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(20.0, connect=10.0),
        event_hooks={"request": [partial(check_is_public, trusted=trusted)]},
    ) as client:
        yield httpx_ssrf_protection(
            client,
            check_globally_reachable=not trusted,  # `is_public` asks for it as well
            custom_validator=lambda host, address, port: is_trusted(host, port, trusted) or is_public(address),
        )


def is_trusted(host: str, port: int, trusted: frozenset[str]) -> bool:
    """True for a server that is named as one to fetch from wherever it stands; a name alone means the usual ports."""
    return f"{host}:{port}" in trusted or (host in trusted and port in PORTS.values())


async def check_is_public(request: httpx.Request, *, trusted: frozenset[str] = frozenset()) -> None:
    """Return when the request goes to a public or a trusted server. Raises FileUrlRefused, FileUrlFailed for an unknown
    name.

    The protection below would refuse it too, but only after a TCP connect, by which one could feel for open ports.
    """
    url = request.url
    if url.scheme in PORTS and is_trusted(url.host, url.port or PORTS[url.scheme], trusted) and not url.userinfo:
        return
    check_address(url)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, PORTS[url.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FileUrlFailed(f"No server is known by the name “{url.host[:100]}”.") from None
    if not all(is_public(ip_address(str(place[4][0]).partition("%")[0])) for place in found):
        raise FileUrlRefused("This address leads into a private network, so it is not fetched.")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """True for a single host of the public internet. False also for IPv6 addresses that stand for an IPv4 one (mapped,
    compatible, NAT64, 6to4): a gateway could carry them into the house, whatever they hold."""
    if isinstance(address, IPv6Address) and address not in SINGLE_HOSTS_IPV6:
        return False
    return address.is_global and not address.is_multicast and not any(address in special for special in SPECIAL)


class _NotNow(FileUrlFailed):
    """The server is busy or broken; `asked_s` is how long it wants to be left alone, if it says so."""

    def __init__(self, status: int, asked_s: float | None) -> None:
        super().__init__(f"The address answered {status} instead of a file.")
        self.asked_s = asked_s


class _BrokenOff(FileUrlFailed):
    """The connection ended before the file did."""


@dataclass(frozen=True)
class FileAtUrl:
    """An upload that lies at a web address; `filename` is the caller's name for it, if one was given.

    A server that does not answer, or not now, is asked again as `retry` says; so is one whose file breaks off on its
    way, which is then taken from its beginning.
    """

    url: str
    filename: str | None
    options: UploadOptions
    max_bytes: int
    client: WebClient = guarded_client
    deadline_s: float = DEADLINE_SECONDS
    retry: RetryPolicy = DOWNLOAD_RETRY

    async def deliver(self, store: Store) -> UploadOptions:
        """Give the fetched file to `store`. Raises FileUrlRefused, FileUrlFailed, UploadTooLarge."""
        try:
            async with asyncio.timeout(self.deadline_s), self.client() as client:
                await self._patiently(client, store)
        except TimeoutError:
            raise FileUrlFailed(f"The file did not arrive within {self.deadline_s:g} seconds.") from None
        except SSRFProtectionError:
            raise FileUrlRefused("This address leads into a private network, so it is not fetched.") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise FileUrlRefused("This is not a web address.") from None
        except httpx.TimeoutException:
            raise FileUrlFailed("The address did not answer in time.") from None
        except httpx.HTTPError as failure:
            raise FileUrlFailed(f"The address could not be reached ({type(failure).__name__}).") from None
        return self.options

    async def _patiently(self, client: httpx.AsyncClient, store: Store) -> None:
        """Give the file to `store`, trying as often as `retry` allows."""
        give_up = time.monotonic() + self.deadline_s
        for attempt in count(1):
            try:
                await self._fetch(client, store)
            except (
                httpx.NetworkError,
                httpx.TimeoutException,
                httpx.RemoteProtocolError,
                _NotNow,
                _BrokenOff,
            ) as failure:
                asked_s = failure.asked_s if isinstance(failure, _NotNow) else None
                pause_s = self.retry.pause_s(attempt, asked_s=asked_s)
                if attempt >= self.retry.attempts or time.monotonic() + pause_s >= give_up:
                    raise
            else:
                return
            await asyncio.sleep(pause_s)

    async def _fetch(self, client: httpx.AsyncClient, store: Store) -> None:
        async with AsyncExitStack() as opened:
            answer = await self._follow(client, opened)
            try:
                await store(self.filename or _name(answer), answer.aiter_raw())
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                raise _BrokenOff("The connection ended before the whole file had arrived.") from None

    async def _follow(self, client: httpx.AsyncClient, opened: AsyncExitStack) -> httpx.Response:
        """Return the last answer of a chain of redirects; `opened` closes them. Raises _NotNow, FileUrlFailed."""
        url = httpx.URL(self.url)
        for _ in range(MAX_REDIRECTS + 1):
            # Compressed transfer would let a small answer grow without measure: the bytes are taken as they come.
            asking = client.stream("GET", url, headers={"Accept-Encoding": "identity"})
            answer = await opened.enter_async_context(asking)
            if answer.next_request is not None:
                url = answer.next_request.url
                continue
            if answer.is_server_error or answer.status_code in LATER:
                raise _NotNow(answer.status_code, retry_after_s(answer.headers))
            if answer.status_code != httpx.codes.OK:
                raise FileUrlFailed(f"The address answered {answer.status_code} instead of a file.")
            _refuse_unreadable_transfer(answer)
            self._refuse_too_large(answer)
            return answer
        raise FileUrlFailed(f"The address forwards more than {MAX_REDIRECTS} times.")

    def _refuse_too_large(self, answer: httpx.Response) -> None:
        announced = answer.headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > self.max_bytes:
            raise UploadTooLarge(
                f"The file at this address has {int(announced):,} bytes; this server takes {self.max_bytes:,}."
            )


def _refuse_unreadable_transfer(answer: httpx.Response) -> None:
    """Return when the bytes are the file, or its gzip, which is read like any other. Raises FileUrlFailed."""
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise FileUrlFailed(
            f"The address sends the file compressed as “{encoding[:20]}” though it was asked not to."
            " Download the file and upload it."
        )


def check_address(url: httpx.URL) -> None:
    """Return when the address is of the public kind: http(s), its usual port, no login. Raises FileUrlRefused."""
    if url.scheme not in PORTS:
        raise FileUrlRefused("Only http and https addresses are fetched.")
    if not url.host:
        raise FileUrlRefused("This is not a web address: it names no server.")
    if url.userinfo:
        raise FileUrlRefused("An address with a user name or password is not fetched.")
    if url.port not in {None, PORTS[url.scheme]}:
        raise FileUrlRefused(f"Port {url.port} is not fetched; only {url.scheme}'s usual port is.")


def _name(answer: httpx.Response) -> str:
    """Return what the server calls the file, else the last part of the address."""
    return _said_name(answer.headers.get("content-disposition", "")) or unquote(PurePosixPath(answer.url.path).name)


def _said_name(disposition: str) -> str:
    """Return the file's name in a Content-Disposition, one with its encoding before a plain one (RFC 6266, 4.3); "" for
    none."""
    message = Message()
    message["Content-Disposition"] = disposition
    try:
        names = [name for key, name in message.get_params([], header="Content-Disposition") if key == "filename"]
        names.sort(key=lambda name: not isinstance(name, tuple))
        return collapse_rfc2231_value(names[0]).strip() if names else ""
    except ValueError:  # an encoding, or a number of a part, of somebody's invention
        return ""
