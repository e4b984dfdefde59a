"""Who may do what: the words for API keys."""

from typing import Literal

from datapilot.contracts.base import Contract

# `read` sees one's own jobs and what they made, `write` makes and changes them, `metrics` reads /metrics.
Scope = Literal["read", "write", "metrics"]
SCOPES: tuple[Scope, ...] = ("read", "write", "metrics")


class ApiKey(Contract):
    """A key as people see it; its secret is shown once, when it is created, and kept nowhere."""

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: str
    revoked_at: str | None = None


class OpenShares(Contract):
    """How many share links of a job are open, and the seconds until they all end; 0 and 0 when there is none."""

    links: int
    seconds_left: int


class NewKey(Contract):
    """A key that was just created, with the secret to hand to its user."""

    key: ApiKey
    secret: str
