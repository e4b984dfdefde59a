"""Errors to Sentry, where SENTRY_DSN is set: with the job, step and request they belong to, and without personal data.

What leaves is built from what our logs say; the environment, local variables and bodies of requests stay here.
"""

from typing import Any, cast

import structlog

from datapilot.contracts.errors import InvalidSettings
from datapilot.telemetry.masking import masked

TAGS = ("jobId", "step", "requestId", "attempt")
# Sentry's own words, which a mask would only garble: ids are runs of digits and letters.
SENTRYS_OWN = frozenset({
    "event_id", "timestamp", "start_timestamp", "trace_id", "span_id", "type", "release", "sdk", "level", "platform",
    "environment", "lineno", "in_app", "modules", "tags",
})  # fmt: skip


def start_sentry(dsn: str, *, environment: str, release: str, component: str) -> None:
    """Send every error that is logged from now on. Raises InvalidSettings without the extra, or for a DSN that is
    none."""
    try:
        import sentry_sdk  # noqa: PLC0415  # an extra, loaded where it is asked for
        from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
        from sentry_sdk.utils import BadDsn  # noqa: PLC0415
    except ImportError:
        raise InvalidSettings("SENTRY_DSN needs the extra: pip install 'datapilot[sentry]'.") from None
    try:
        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            release=f"datapilot@{release}",
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            server_name="",
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[LoggingIntegration(level=None)],  # no breadcrumbs at all
            before_send=_without_personal_data,
        )
    except BadDsn:
        raise InvalidSettings("SENTRY_DSN is not an address of Sentry.") from None
    sentry_sdk.set_tag("component", component)


def _without_personal_data(event: Any, hint: dict[str, Any]) -> Any:
    """Return the event with everything masked that is not Sentry's own, and tagged with what it is about."""
    record = hint.get("log_record")
    said = dict(record.msg) if record is not None and isinstance(record.msg, dict) else {}
    context = {**structlog.contextvars.get_contextvars(), **said}
    if said:
        event["logentry"] = {"message": str(said.get("event", "")), "params": []}
        event["extra"] = {key: value for key, value in said.items() if not key.startswith("_") and key != "event"}
    clean = {key: value if key in SENTRYS_OWN else masked(value) for key, value in event.items()}
    tags = {name: str(context[name]) for name in TAGS if context.get(name) is not None}
    clean["tags"] = {**cast("dict[str, str]", event.get("tags") or {}), **tags}
    return clean
