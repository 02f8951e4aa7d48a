"""The typefaces of letters: which are installed, which serves which role, what is missing and where to get
it.

Asks fontconfig through `fc-list`; needs neither WeasyPrint nor a font library, so that `doctor` can report
what is missing before anything is rendered.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workflow.base import tables, variables
from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.base.patterns import later

TABLE = Path(__file__).with_name("fonts.toml")
_FORMAT = r"%{family}\t%{style}\t%{weight}\t%{index}\t%{file}\n"
_RANGE = later(r"[0-9A-Fa-f]{1,6}(-[0-9A-Fa-f]{1,6})?")
_OTHER_STYLES = ("italic", "oblique", "light")
_BOLD = 180
"""fontconfig's weight from which a face counts as bold (its 'bold' is 200, 'demibold' 180)."""


OWN = "DISCLOSURE_FONTS"
"""The variable that names an office's own table of faces."""


@cache
def table() -> Mapping[str, Any]:
    """The table of faces, an office's own before the project's: in each role its families come first.

    Environment when the office's table cannot be read or names a role that letters do not have.
    """
    base: dict[str, Any] = tables.read(TABLE)
    own = variables.given(OWN)
    if not own:
        return base
    changes = tables.parse(tables.text_of(Path(own)), own)
    wrong = _fault(changes, base)
    if wrong:
        raise Environment(
            N_("The table of faces {path} is wrong: {what}"),
            path=own,
            what=wrong,
            way_on=N_("It has rare, [role] ({roles}) and [avoid], each with lists of names."),
            roles=", ".join(base["role"]),
        )
    roles_ = {name: [*changes.get("role", {}).get(name, ()), *specs] for name, specs in base["role"].items()}
    return {
        **base,
        "role": roles_,
        "rare": [*changes.get("rare", ()), *base["rare"]],
        "avoid": {**base["avoid"], **changes.get("avoid", {})},
    }


def _fault(changes: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    """What is wrong with an office's table; "" for nothing."""
    for name, value in changes.items():
        if name not in ("rare", "role", "avoid"):
            return str(name)
        listed = {name: value} if name == "rare" else value
        if not isinstance(listed, dict):
            return str(name)
        for key, names in listed.items():
            if name == "role" and key not in base["role"]:
                return str(key)
            if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
                return str(key)
            if name == "avoid" and not all(_RANGE.fullmatch(one) for one in names):
                return str(key)
    return ""


@dataclass(frozen=True, slots=True)
class Face:
    """One face as installed: a file may hold several (index)."""

    families: tuple[str, ...]
    style: str
    bold: bool
    index: int
    file: str


@dataclass(frozen=True, slots=True)
class Role:
    """What serves a role: the families found, in order, the first being used; whether it is to be bold."""

    name: str
    families: tuple[str, ...]
    bold: bool


def _split(spec: str) -> tuple[str, bool]:
    family, _, style = spec.partition(":")
    return family, style == "bold"


def run(*command: str) -> str:
    """What a program of fontconfig prints; Environment where it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as fault:
        raise Environment(
            N_("The installed fonts cannot be listed: {detail}"),
            detail=str(fault),
            way_on=N_("Install fontconfig (on Debian: sh scripts/fonts.sh)."),
        ) from None
    return done.stdout.decode("utf-8", "replace")


@cache
def installed() -> tuple[Face, ...]:
    """All faces that fontconfig knows, in a fixed order. Environment if fontconfig is not there."""
    faces = []
    for line in run("fc-list", "--format", _FORMAT).splitlines():
        family, style, weight, index, file = line.split("\t", 4)
        # Some faces declare bold in their style and not in their weight (FandolSong-Bold).
        bold = "bold" in style.lower() or _number(weight) >= _BOLD
        # A link to a face (Debian's alternatives) is the same face.
        file = os.path.realpath(file)
        faces.append(Face(tuple(family.split(",")), style, bold, int(_number(index)) & 0xFFFF, file))
    return tuple(sorted(set(faces), key=lambda face: (face.file, face.index)))


def _number(text: str) -> float:
    try:
        return float(text.strip("[]").split()[0])
    except (ValueError, IndexError):
        return 80.0


def find(family: str, *, bold: bool) -> Face | None:
    """The upright face of this family in the weight asked for (else in the other); None if it is not
    installed.
    """
    plain = [
        face
        for face in installed()
        if family in face.families
        and not any(word in face.style.lower() for word in _OTHER_STYLES if word not in family.lower())
    ]
    return next((face for face in plain if face.bold is bold), plain[0] if plain else None)


@cache
def roles() -> Mapping[str, Role]:
    """Every role with the families that are installed for it; Environment, naming the package, if a role has
    none.
    """
    found: dict[str, Role] = {}
    for name, specs in table()["role"].items():
        there = [_split(spec) for spec in specs if find(*_split(spec)[:1], bold=_split(spec)[1])]
        if not there:
            raise Environment(
                N_("A typeface of the letters is missing (any of: {families})."),
                families=", ".join(specs),
                way_on=N_("Run: sh scripts/fonts.sh"),
            )
        found[name] = Role(name, tuple(family for family, _ in there), there[0][1])
    return found


@cache
def rare() -> tuple[str, ...]:
    """The families for characters that a role's own faces lack, as installed, in order."""
    return tuple(family for family in table()["rare"] if find(family, bold=False))


@cache
def chain(role: str) -> tuple[str, ...]:
    """The families that a character of this role is taken from: its face, then those that have what it
    lacks.
    """
    first, *others = roles()[role].families
    light = table()["rare_thin"] if role in table()["thin"] else ()
    there = (family for family in light if find(family, bold=False))
    return tuple(dict.fromkeys((first, *there, *others, *rare())))


@cache
def allowed() -> frozenset[str]:
    """The families that a letter may be set in; any other in a PDF is an error."""
    return frozenset(family for role in roles() for family in chain(role))


def faces() -> tuple[Face, ...]:
    """The faces to be used, regular and bold, each once."""
    wanted = {
        face
        for family in allowed()
        for bold in (False, True)
        if (face := find(family, bold=bold)) is not None
    }
    return tuple(sorted(wanted, key=lambda face: (face.file, face.index)))


def avoided(face: Face) -> tuple[tuple[int, int], ...]:
    """Ranges of characters that must not be taken from this face."""
    ranges: Mapping[str, Any] = table()["avoid"]
    return tuple(
        (int(first, 16), int(last or first, 16))
        for family in face.families
        for first, _, last in (row.partition("-") for row in ranges.get(family, ()))
    )


@dataclass(frozen=True, slots=True)
class Report:
    """For doctor: the face of each role, free faces that are not installed with their package, and what is
    broken.
    """

    roles: Mapping[str, str | None]
    rare: tuple[str, ...]
    missing: Mapping[str, str]
    licensed: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether letters can be rendered."""
        return all(self.roles.values()) and bool(self.rare)


def report() -> Report:
    """What is found and what is missing, with the Debian package that has it."""
    known = table()
    packages: Mapping[str, str] = known["package"]
    chosen = {
        name: next((spec for spec in specs if find(_split(spec)[0], bold=_split(spec)[1])), None)
        for name, specs in known["role"].items()
    }
    missing = {family: package for family, package in packages.items() if find(family, bold=False) is None}
    licensed = {
        family
        for specs in known["role"].values()
        for family, _ in map(_split, specs)
        if family not in packages and find(family, bold=False)
    }
    return Report(
        {name: _split(spec)[0] if spec else None for name, spec in chosen.items()},
        tuple(family for family in known["rare"] if find(family, bold=False)),
        missing,
        tuple(sorted(licensed)),
    )
