"""The command line: validate, call an action, print. Every error is one line on stderr with its code."""

import sys
from types import ModuleType

# Nobody's plug-in has a say in what our contracts accept. Looking for some reads every installed package's list of
# entry points, and what looks loads sockets and e-mail for it: 30 ms of a short run. Commands alone do without: who
# imports the package keeps the plug-ins of their own program.
_no_plugins = ModuleType("pydantic.plugin._loader")
_no_plugins.get_plugins = tuple  # type: ignore[attr-defined]
sys.modules[_no_plugins.__name__] = _no_plugins
