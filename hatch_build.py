"""The build hook: puts the web app and the example files into what is built. How the app is built stands in
`src/datapilot/build_web.py`, loaded by path because the package itself is not installed yet."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataPilotBuildHook(BuildHookInterface[Any]):
    """Builds the web app when its sources changed, for wheels, source archives and editable installs alike."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return Node as a build requirement, but only when it will be needed and the machine has none (61 MB)."""
        building = self._build_web()
        if building.is_fresh(Path(self.root)) or building.find_node():
            return []
        return [building.NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._build_web().build_web(Path(self.root), say=self.app.display_info)
        # An editable install reads the examples where they lie; a wheel has to carry them.
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"][str(Path(self.root, "examples"))] = "datapilot/_examples"

    def _build_web(self) -> ModuleType:
        source = Path(self.root, "src", "datapilot", "build_web.py")
        spec = importlib.util.spec_from_file_location("datapilot_build_web", source)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        # Dataclasses look their module up by name.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module
