"""`datapilot keys create|list|revoke`: who may use a server that others can reach."""

import asyncio
from typing import Annotated, Literal

import typer

from datapilot.access.base import Access
from datapilot.contracts.access import SCOPES, Scope
from datapilot.contracts.errors import InvalidOption
from datapilot.settings import load_settings
from datapilot.wiring import has_queue, open_access, queue_server

Action = Literal["create", "list", "revoke"]
NO_KEYS = "There are no keys. `datapilot keys create NAME` makes one."
DEFAULT_SCOPES: tuple[Scope, ...] = ("read", "write")


def keys(
    action: Annotated[Action, typer.Argument(help="What to do: create, list or revoke.")],
    name: Annotated[str, typer.Argument(help="create: whose key it is. revoke: the key's id.")] = "",
    *,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope", help="What a new key may do: read, write or metrics; repeatable. Default: read, write."
        ),
    ] = None,
) -> None:
    """Create, list or revoke the API keys of this folder's server or the one of REDIS_URL."""
    if action != "list" and not name.strip():
        raise InvalidOption(f"keys {action} needs {'a name' if action == 'create' else 'the id of a key'}.")
    if unknown := set(scope or ()) - set(SCOPES):
        raise InvalidOption(f"--scope {', '.join(sorted(unknown))}: a scope is one of {', '.join(SCOPES)}.")
    wanted = tuple(one for one in SCOPES if one in (scope or DEFAULT_SCOPES))
    settings = load_settings()
    if action == "list" and not has_queue(settings):
        print(NO_KEYS)
        return
    # Only a key that is made needs a server where none has ever run.
    with queue_server(settings, start=action == "create" or has_queue(settings)) as url:
        asyncio.run(_do(action, name.strip(), wanted, url))


async def _do(action: Action, name: str, scopes: tuple[Scope, ...], url: str) -> None:
    async with open_access(url) as access:
        match action:
            case "create":
                await _create(access, name, scopes)
            case "list":
                await _list(access)
            case "revoke":
                revoked = await access.revoke_key(name)
                print(f"{revoked.key_id} ({revoked.name}) is worthless since {revoked.revoked_at}.")


async def _create(access: Access, name: str, scopes: tuple[Scope, ...]) -> None:
    new = await access.create_key(name, scopes)
    print(f"Key {new.key.key_id} for {new.key.name}, scopes {', '.join(new.key.scopes)}. It is shown this once:")
    print(new.secret)


async def _list(access: Access) -> None:
    found = await access.keys()
    for key in found:
        state = f"revoked {key.revoked_at}" if key.revoked_at else "valid"
        print(f"{key.key_id}  {key.created_at}  {state}  {','.join(key.scopes)}  {key.name}")
    if not found:
        print(NO_KEYS)
