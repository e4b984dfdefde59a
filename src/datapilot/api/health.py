"""Routes about the server itself: whether it is well, and what a client should know before it begins."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from datapilot import __version__
from datapilot.actions.check_health import check_health
from datapilot.actions.check_maintenance import check_maintenance
from datapilot.api.answers import ClientConfig
from datapilot.api.tools import Tools
from datapilot.contracts.health import HealthReport
from datapilot.contracts.retention import MaintenanceReport


def health_routes(tools: Tools) -> APIRouter:
    """Return the routes `/api/health`, `/api/health/maintenance` and `/api/config`."""
    routes = APIRouter(tags=["server"])

    @routes.get(
        "/api/health",
        summary="Say whether a job could run now",
        responses={503: {"model": HealthReport, "description": "Queue or store is down: no job can be accepted"}},
    )
    async def health(response: Response) -> HealthReport:
        """Return the state of queue, store and worker. `degraded` means that jobs are accepted and wait."""
        now = await check_health(jobs=tools.jobs, storage=tools.storage, worker_max_age_s=tools.worker_max_age_s)
        response.status_code = 503 if now.status == "down" else 200
        return now

    @routes.get(
        "/api/health/maintenance",
        summary="Say whether old jobs are deleted as they should",
        responses={503: {"model": MaintenanceReport, "description": "The cleaner could not work now"}},
    )
    async def maintenance(response: Response) -> MaintenanceReport:
        """Return the state of the queue, of the store's listing, and of the cleaner's last run."""
        now = await check_maintenance(
            jobs=tools.jobs,
            storage=tools.storage,
            audit_path=tools.audit_path,
            ran_after=tools.cleaner_ran_after(datetime.now(UTC)),
        )
        response.status_code = 503 if now.status == "down" else 200
        return now

    @routes.get("/api/config", summary="Say what this server accepts")
    async def config() -> ClientConfig:
        """Return the limits and switches that a page or another client should know."""
        return ClientConfig(
            version=__version__,
            max_upload_size_bytes=tools.rules.max_bytes,
            file_url_enabled=tools.file_url_enabled,
            client_max_wait_seconds=tools.client_max_wait_s,
            kept_hours=tools.kept_hours,
        )

    return routes
