"""DataPilot AI: a spreadsheet goes in, a page whose every sentence is true comes out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datapilot.actions.analyze_here import analyze as analyze

__all__ = ["__version__", "analyze"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The engine takes 0.2 s to load, which a command that does not need it should not pay.
    if name == "analyze":
        from datapilot.actions.analyze_here import analyze  # noqa: PLC0415

        return analyze
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    # What a notebook offers after "datapilot." and the tabulator.
    return sorted({*globals(), *__all__})
