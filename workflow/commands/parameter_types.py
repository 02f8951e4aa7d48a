"""What the value of an option or argument may be: a file, a folder, one of some codes; where a file goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from workflow.base import caller, messages
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import option

if TYPE_CHECKING:
    from pathlib import Path


class File(click.ParamType["Path", Any]):
    """The name of a file or folder; pathlib is loaded when one is given. (click's own type looks up a
    translation.)
    """

    name = "path"
    # Whether a folder is meant as well: one that is not there yet is made.
    folders = False

    def __init__(self, *, writes: bool = False) -> None:
        """`writes`: the command writes there; else it reads."""
        self._writes = writes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pathlib import Path

        if not str(value).strip():
            # An empty name would mean the current folder.
            self.fail(_(N_("the name of a file or folder")), param, ctx)
        word, his = str(value), caller.hands()
        if his is not None:
            value = his.promises(word) if self._writes else his.brings(word)
        if self._writes and ends_as_folder(word):
            _require_folder(Path(value), word, self.folders)
        return Path(value)


def ends_as_folder(word: str) -> bool:
    """Whether a name says by its end that it is a folder's."""
    return word.endswith("/")


def _require_folder(path: Path, word: str, may_be_made: bool) -> None:
    """Malformed where what is named as a folder is a file, or is to be made where a file is written."""
    if path.is_dir() or (may_be_made and not path.exists()):
        return
    from workflow.base.errors import Malformed

    there = path.exists()
    raise Malformed(
        N_("{path} is a file, and no folder.") if there else N_("There is no folder {path}."),
        field="out",
        path=word if not there else word.rstrip("/"),
        way_on=N_("Name a folder, or leave the / out.")
        if there
        else N_("Name a file, without / at its end."),
    )


class Folder(File):
    """The name of a folder into which a command writes; it is made where it is not there."""

    folders = True

    def __init__(self) -> None:
        super().__init__(writes=True)


class Out(NamedTuple):
    """Where a file is to go: a file of that name, or a folder for a name that says what it is."""

    path: Path
    folder: bool


class OutPlace(Folder):
    """A file, or a folder: one that is there, or that is named with a / at its end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = super().convert(value, param, ctx)
        return Out(path, ends_as_folder(str(value)) or path.is_dir())


class OneOf(click.Choice[str]):
    """One of some codes: its name in Chinese or English, a part of it or its initials are taken too."""

    def __init__(self, kind: str) -> None:
        """`kind` is one of workflow/base/names.toml: its codes are those that can be chosen."""
        from workflow.base import names

        self.kind = kind
        self._known = names.both(kind, names.bundled()[kind])
        super().__init__(list(self._known))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        shown = "|".join(map(self.called, self._known))
        argument = param.required and param.param_type_name == "argument"
        return f"{{{shown}}}" if argument else f"[{shown}]"

    def called(self, code: str) -> str:
        """A code as help shows it: in Chinese by its name, which is taken as well."""
        return messages.pick(self._known[code]["zh"], code)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from workflow.base import typed_words

        return typed_words.resolve(str(value), self._known, (param.name or "") if param else "")


class Place(File):
    """A file or folder that is read, or sftp://… on another machine."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if str(value).startswith("sftp://") else super().convert(value, param, ctx)


class FileName(File):
    """The name of a file to be read, as the acts' tables take it: as text."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return str(super().convert(value, param, ctx))


OUT = option(
    "-o",
    "--out",
    type=OutPlace(),
    help=N_("The file, or a folder (left out: the present folder) for a name that says what it is."),
)


def placed(out: Out | None) -> Callable[[str], Path]:
    """Where a file of a name goes: as was asked for; into the folder that was named; else where the caller
    is.
    """

    def place(name: str) -> Path:
        if out is None:
            here: Path = File(writes=True).convert(name, None, None)
            return here
        return out.path / name if out.folder else out.path

    return place
