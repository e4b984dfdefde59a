"""`datapilot keys create|list|revoke`: who may use a server that others can reach."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from datapilot.access.base import Access
from datapilot.contracts.access import SCOPES, Scope
from datapilot.contracts.errors import InvalidOption
from datapilot.settings import load_settings
from datapilot.wiring import has_queue, open_access, queue_server

Answer = TypeVar("Answer")

NO_KEYS = "There are no keys. `datapilot keys create NAME` makes one."
DEFAULT_SCOPES: tuple[Scope, ...] = ("read", "write")


def create(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    *,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="What it may do: read, write or metrics; repeatable. Default: read, write."),
    ] = None,
) -> None:
    """Create a key and show it, this once."""
    name = _given(name, "a name")
    if unknown := set(scope or ()) - set(SCOPES):
        raise InvalidOption(f"--scope {', '.join(sorted(unknown))}: a scope is one of {', '.join(SCOPES)}.")
    scopes = tuple(one for one in SCOPES if one in (scope or DEFAULT_SCOPES))
    # Only a key that is made needs a server where none has ever run.
    new = _ask(lambda access: access.create_key(name, scopes), start=True)
    print(f"Key {new.key.key_id} for {new.key.name}, scopes {', '.join(new.key.scopes)}. It is shown this once:")
    print(new.secret)


def list_all() -> None:
    """List the keys there are, and whether they are valid."""
    found = _ask(lambda access: access.keys()) if has_queue(load_settings()) else []
    for key in found:
        state = f"revoked {key.revoked_at}" if key.revoked_at else "valid"
        print(f"{key.key_id}  {key.created_at}  {state}  {','.join(key.scopes)}  {key.name}")
    if not found:
        print(NO_KEYS)


def revoke(key_id: Annotated[str, typer.Argument(metavar="id", help="The key's id, as `list` shows it.")]) -> None:
    """Make a key worthless, at once."""
    key_id = _given(key_id, "the id of a key")
    revoked = _ask(lambda access: access.revoke_key(key_id))
    print(f"{revoked.key_id} ({revoked.name}) is worthless since {revoked.revoked_at}.")


def _given(word: str, what: str) -> str:
    if not word.strip():
        raise InvalidOption(f"An empty word is not {what}.")
    return word.strip()


def _ask(ask: Callable[[Access], Awaitable[Answer]], *, start: bool = False) -> Answer:
    """Return the answer about keys. Raises QueueUnavailable where no server has run, unless one is to be started."""

    async def asked(url: str) -> Answer:
        async with open_access(url) as access:
            return await ask(access)

    settings = load_settings()
    with queue_server(settings, start=start or has_queue(settings)) as url:
        return asyncio.run(asked(url))


VERBS = {"create": create, "list": list_all, "revoke": revoke}
