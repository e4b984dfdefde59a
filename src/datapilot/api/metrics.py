"""The route `/metrics`: the figures of the whole fleet, in Prometheus' text form."""

from fastapi import APIRouter
from starlette.responses import Response

from datapilot.api.tools import Tools
from datapilot.telemetry.metrics import CONTENT_TYPE, exposition


def metrics_routes(tools: Tools) -> APIRouter:
    """Return the route `/metrics`."""
    routes = APIRouter(tags=["server"])

    @routes.get(
        "/metrics",
        summary="Tell the fleet's figures",
        response_class=Response,
        responses={200: {"description": "Prometheus' text form", "content": {"text/plain": {}}}},
    )
    async def metrics() -> Response:
        """Return counters and histograms of all processes since the store was fresh, and the state as of now."""
        await tools.meter.flush()
        fleet = await tools.report_metrics()
        return Response(exposition(fleet.amounts, fleet.gauges), media_type=CONTENT_TYPE)

    return routes
