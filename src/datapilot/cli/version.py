"""`datapilot version`."""

from datapilot import __version__


def version() -> None:
    """Print the version."""
    print(f"datapilot {__version__}")
