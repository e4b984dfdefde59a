"""Where a model is asked, and which, unless somebody says otherwise. Settings and the door agree on it."""

OPENROUTER = "https://openrouter.ai/api/v1"
DEFAULT_MODEL = "deepseek/deepseek-r1"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai"
DEFAULT_GEMINI_MODEL = "gemini-2.5-flash"


def is_own(address: str) -> bool:
    """Return whether an address is one of the user's own, which is asked without a key too."""
    return address.strip().rstrip("/") != OPENROUTER
