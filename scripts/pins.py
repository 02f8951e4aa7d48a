"""Writes requirements.txt and requirements-dev.txt from the versions that this environment holds.

What is pinned follows from pyproject.toml: its dependencies, and all that they depend on, on this platform.
requirements.txt has what running takes (with the extra for PostgreSQL), requirements-dev.txt everything.

    python scripts/pins.py            write both
    python scripts/pins.py --check    both name every dependency, at a version that it allows
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "requirements.txt": ("postgres",),
    "requirements-dev.txt": ("docx", "postgres", "sftp", "sign", "timestamp", "dev"),
}


def asked(project: dict[str, Any], extras: tuple[str, ...]) -> list[Requirement]:
    """The requirements that pyproject.toml states itself, with these extras."""
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def closure(wanted: list[Requirement]) -> dict[str, str]:
    """{name: version} of the requirements and all below them, as installed here."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    todo = [(need.name, extra) for need in wanted for extra in ("", *need.extras)]
    while todo:
        name, extra = todo.pop()
        key = (canonicalize_name(name), extra)
        if key in seen:
            continue
        seen.add(key)
        distribution = metadata.distribution(name)
        found[key[0]] = distribution.version
        for line in distribution.requires or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                todo += [(need.name, inner) for inner in ("", *need.extras)]
    return found


def read(path: Path) -> dict[str, str]:
    """{name: version} of a file of pins; every line has to be name==version."""
    pins = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        pin = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.+!]+)", line)
        if not pin:
            raise SystemExit(f"{path.name}: not a pin: {line}")
        pins[canonicalize_name(pin[1])] = pin[2]
    return pins


def faults(project: dict[str, Any]) -> list[str]:
    """What is wrong with the two files, a line each."""
    found = []
    pins = {name: read(ROOT / name) for name in FILES}
    for name, extras in FILES.items():
        for need in asked(project, extras):
            version = pins[name].get(canonicalize_name(need.name))
            if version is None or not need.specifier.contains(version, prereleases=True):
                found.append(f"{name}: {need} of pyproject.toml is pinned to {version or 'nothing'}")
    run, everything = pins.values()
    found += [
        f"requirements-dev.txt has not {name}=={run[name]}"
        for name in run
        if everything.get(name) != run[name]
    ]
    return found


def main(arguments: list[str]) -> int:
    """Write the files, or check them with --check; the exit status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if "--check" in arguments:
        found = faults(project)
        print("\n".join(found) or "pins: all dependencies are pinned")
        return 1 if found else 0
    for name, extras in FILES.items():
        pins = closure(asked(project, extras))
        (ROOT / name).write_text("".join(f"{key}=={pins[key]}\n" for key in sorted(pins)), encoding="utf-8")
        print(f"{name}: {len(pins)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
