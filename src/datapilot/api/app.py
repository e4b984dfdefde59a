"""Put the application together from its routes. Everything it works with is passed in; it opens nothing itself."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from datapilot import __version__
from datapilot.access.base import Access
from datapilot.api.answers import FileFromElsewhere, JobRef, MeasuresAsked, Problem, Reprocess, Reread, SignIn
from datapilot.api.callers import KeyRules
from datapilot.api.docs_page import POLICY, docs_page
from datapilot.api.doorkeeper import Doorkeeper, scope_needed
from datapilot.api.errors import answer_problems, problem_responses
from datapilot.api.feedback import feedback_routes
from datapilot.api.guard import Guard, Neighbourhood
from datapilot.api.heads import Heads
from datapilot.api.health import health_routes
from datapilot.api.jobs import job_routes
from datapilot.api.metrics import metrics_routes
from datapilot.api.reruns import rerun_routes
from datapilot.api.results import result_routes
from datapilot.api.sessions import session_routes
from datapilot.api.shares import share_routes
from datapilot.api.tables import table_routes
from datapilot.api.tools import Tools
from datapilot.api.uploads import upload_routes
from datapilot.api.web import WebApp
from datapilot.contracts.feedback import Feedback

TITLE = "DataPilot AI"
DESCRIPTION = "Send a spreadsheet, get a report in which every number can be recomputed."
# Bodies that are read by hand, and the form of every error: the framework does not see them in a signature.
UNSEEN_MODELS: tuple[type[BaseModel], ...] = (
    Feedback,
    FileFromElsewhere,
    JobRef,
    MeasuresAsked,
    Problem,
    Reprocess,
    Reread,
    SignIn,
)


class Application(FastAPI):
    """FastAPI with guard and doorkeeper around everything, its own answer to a crash included."""

    neighbourhood = Neighbourhood()
    access: Access | None = None
    key_rules = KeyRules()

    def build_middleware_stack(self) -> ASGIApp:
        """Return what a request goes through, outermost first."""
        inner = Doorkeeper(Heads(super().build_middleware_stack()), access=self.access, rules=self.key_rules)
        return Guard(inner, neighbourhood=self.neighbourhood)


def create_app(tools: Tools) -> Application:
    """Return the application: the API below /api, the page everywhere else."""
    app = Application(
        title=TITLE,
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    answer_problems(app)
    for routes in (
        upload_routes,
        job_routes,
        rerun_routes,
        result_routes,
        table_routes,
        feedback_routes,
        health_routes,
        metrics_routes,
        session_routes,
        share_routes,
    ):
        app.include_router(routes(tools))
    app.openapi = _description(app)  # type: ignore[method-assign]
    _serve_description(app)
    app.router.default = _page(WebApp(tools.web_root))
    app.neighbourhood = tools.neighbourhood
    app.access, app.key_rules = tools.access, tools.key_rules
    return app


def _description(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what makes the OpenAPI description: the framework's, with our form of errors and the hand-read bodies."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
            schemas = document["components"]["schemas"]
            _, unseen = models_json_schema(
                [(model, "validation") for model in UNSEEN_MODELS], ref_template="#/components/schemas/{model}"
            )
            document["components"]["schemas"] = dict(sorted({**unseen["$defs"], **schemas}.items()))
            _describe_keys(document)
            app.openapi_schema = document
        return app.openapi_schema

    return describe


def _describe_keys(document: dict[str, Any]) -> None:
    """Add to the description what the doorkeeper asks of every address that is not open to everybody."""
    document["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key, `dp_…`; on loopback none is needed."}
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            scope = scope_needed(method.upper(), path)
            if scope is not None:
                operation["security"] = [{"key": [scope]}, {}]
                for status, refusal in problem_responses("unauthorized", "forbidden_scope", "rate_limited").items():
                    operation["responses"].setdefault(str(status), refusal)


def _serve_description(app: FastAPI) -> None:
    # Not async: the description takes a second to make at first, and others must not wait for it.
    @app.get("/api/openapi.json", include_in_schema=False)
    def openapi() -> dict[str, Any]:
        return app.openapi()

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi()), headers={"Content-Security-Policy": POLICY})


def _page(web: WebApp) -> Callable[[Scope, Receive, Send], Any]:
    """Return what answers every address that no route of the API claims."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        await _answer(request, web)(scope, receive, send)

    return answer


def _answer(request: Request, web: WebApp) -> Response:
    path = request.url.path
    if path == "/api" or path.startswith("/api/"):
        raise HTTPException(404)
    if request.method != "GET":
        raise HTTPException(405, headers={"Allow": "GET, HEAD"})
    return web.answer(request)
