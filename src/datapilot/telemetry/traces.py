"""Traces in OpenTelemetry's form, where OTEL_EXPORTER_OTLP_ENDPOINT is set: a request, the job it makes, its stages.

The queue carries the trace from the API to the worker. Spans bear names, ids and durations; never a message of an
error or anything out of a file.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace

from datapilot.contracts.errors import InvalidSettings


def start_traces(endpoint: str, *, component: str, release: str, environment: str) -> None:
    """Send the spans of this process to the collector at `endpoint`. Raises InvalidSettings without the extra."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  # an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        raise InvalidSettings("OTEL_EXPORTER_OTLP_ENDPOINT needs the extra: pip install 'datapilot[otel]'.") from None
    about = {
        "service.name": f"datapilot-{component}",
        "service.version": release,
        "deployment.environment.name": environment,
    }
    provider = TracerProvider(resource=Resource.create(about))  # which sends what is left at the process's end
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)


@contextmanager
def span(name: str, **attributes: str | int | None) -> Iterator[None]:
    """Time the block as a stage of what goes on around it. Costs next to nothing where no traces are sent."""
    told = {key: value for key, value in attributes.items() if value is not None}
    with trace.get_tracer("datapilot").start_as_current_span(
        name, attributes=told, record_exception=False, set_status_on_exception=False
    ):
        yield
