"""DataPilot AI: a spreadsheet goes in, a page whose every sentence is true comes out."""

__version__ = "0.1.0"
