"""Build hook: a wheel carries the compiled message catalogues; everything else is in pyproject.toml."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent


class BuildWithCatalogues(build_py):
    """Compiles workflow/base/locale into the build folder, with the project's own compiler (no Babel
    needed).
    """

    def run(self) -> None:
        """Copy the packages as usual, then add the catalogues."""
        super().run()
        if not self.editable_mode:
            spec = importlib.util.spec_from_file_location("catalogues", HERE / "scripts" / "catalogues.py")
            assert spec is not None
            assert spec.loader is not None
            catalogues = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(catalogues)
            catalogues.compile_all(target=Path(self.build_lib) / "workflow" / "base" / "locale")


setup(cmdclass={"build_py": BuildWithCatalogues})
