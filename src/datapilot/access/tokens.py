"""Make secrets and compare them. Keeps nothing."""

import hashlib
import hmac
import re
import secrets

KEY = re.compile(r"dp_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SECRET_BYTES = 32


def new_key() -> tuple[str, str]:
    """Return a key's id, by which it is found, and the whole secret `dp_{id}_{256 random bits}`."""
    key_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(8))
    return key_id, f"dp_{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"


def new_token(kind: str) -> str:
    """Return the secret of a session or a share, which its first letters tell apart."""
    return f"{kind}_{secrets.token_urlsafe(SECRET_BYTES)}"


def id_in(secret: str) -> str | None:
    """Return the id in a key's secret; None for what cannot be a key."""
    match = KEY.fullmatch(secret)
    return match[1] if match else None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, digest: str) -> bool:
    """Say whether the secret is the one of the digest, in a time that tells nothing of how nearly."""
    return hmac.compare_digest(digest_of(secret), digest)
