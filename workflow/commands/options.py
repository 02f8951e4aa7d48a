"""What all commands are made with: options with translated help, the desk, printing as text or as JSON,
progress.

Options and arguments are made when they are first asked for, and heavy libraries are imported by the command
that needs them: `disclosure --help` loads none.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import click

from workflow.base import caller, chinese_names, messages, screen, terminal
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import click_texts

if TYPE_CHECKING:
    from pathlib import Path

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


class Decorator(Protocol):
    """A decorator that adds options to the function of a command."""

    def __call__(self, function: AnyFunction, /) -> AnyFunction: ...


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


class Sparing(click.Command):
    """A command whose options and arguments are made when they are first asked for: a run looks at one
    command.
    """

    @property
    def params(self) -> list[Any]:
        self._params[:] = [one() if isinstance(one, partial) else one for one in self._params]
        return self._params

    @params.setter
    def params(self, given: list[Any]) -> None:
        self._params = given


class Command(Sparing, click_texts.Command):
    """A command with a translated help text and an example."""

    def invoke(self, ctx: click.Context) -> Any:
        root = ctx.find_root().params
        messages.use(ctx.params.pop("lang", None) or root.get("lang"))
        terminal.use(bool(ctx.params.pop("plain", False) or root.get("plain")))
        return super().invoke(ctx)


class Group(Sparing, click_texts.Group):
    """A group of commands within the counter; each has Chinese names too."""

    command_class = Command

    def called(self, ctx: click.Context) -> dict[str, str]:
        return {**super().called(ctx), **chinese_names.below(str(self.name), self.commands)}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(
            ctx, cmd_name if cmd_name.isascii() else self.called(ctx).get(cmd_name, "")
        )


def command(name: str, *, example: str) -> Callable[[Callable[..., Any]], Command]:
    """A command of the counter; its help stands in the table of all_commands.py."""
    return click.command(name, cls=Command, example=example)


def group(name: str, *, itself: bool = False) -> Callable[[Callable[..., Any]], Group]:
    """A group of commands of the counter; its help stands in the table of all_commands.py. `itself`: it does
    something without a further word too.
    """
    return click.group(name, cls=Group, invoke_without_command=itself)


def option(*names: str, **kwargs: Any) -> Decorator:
    """An option with translated help."""
    return declared(partial(click_texts.Option, names, **kwargs))


class CaseArgument(click.Argument):
    """The case, which is asked for at a terminal where it was left out."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        if self.value_is_missing(value) and not ctx.resilient_parsing and sys.stdin.isatty():
            value = click_texts.ask(_(N_("Number of the case")), (), "case")
        return super().process_value(ctx, value)


def argument(name: str, **kwargs: Any) -> Decorator:
    """An argument."""
    return declared(partial(click.Argument, [name], **kwargs))


def declared(made: Callable[[], click.Parameter]) -> Decorator:
    """A decorator as click's own, with a parameter that is still to be made."""

    def add(function: AnyFunction) -> AnyFunction:
        function.__dict__.setdefault("__click_params__", []).append(made)
        return function

    return add


def options(*made: Decorator) -> Decorator:
    """Several options as one decorator."""

    def add(function: AnyFunction) -> AnyFunction:
        for option in reversed(made):
            function = option(function)
        return function

    return add


# Options of every command: the language, and plain output for screen readers.
LANG = options(
    option("--lang", type=click.Choice(messages.LANGUAGES), help=N_("Language of messages.")),
    option("--plain", is_flag=True, help=N_("One field a line, no marks, nothing that moves.")),
)


JSON = option("--json", "as_json", is_flag=True, help=N_("Print JSON."))


DB = option("--db", metavar="URL", help=N_("Database (default: DISCLOSURE_DATABASE_URL, else SQLite)."))


WHO = options(
    option("--as", "officer", metavar="KEY", help=N_("The officer who acts (default: DISCLOSURE_OFFICER).")),
    option("--office", metavar="KEY", help=N_("The office, where an officer's key is in several.")),
    DB,
)


COMMON = options(WHO, JSON, LANG)


PLAIN = options(DB, JSON, LANG)


ON = option("--on", metavar="DATE", help=N_("The legal day (default: today)."))


# A month where a day may stand.
_MONTH = re.compile(r"(?:(\d{4})[年-])?(\d{1,2})(?:月份?|(?<=\d{4}-\d{2})|(?<=\d{4}-\d))")
OUT = option(
    "-o",
    "--out",
    type=OutPlace(),
    help=N_("The file, or a folder (left out: the present folder) for a name that says what it is."),
)


YES = option("--yes", is_flag=True, help=N_("Do not ask."))


CASE = declared(partial(CaseArgument, ["case"]))


def desk_of(officer: str | None, office: str | None, db: str | None) -> Any:
    """The desk of the officer who acts, on the database that is meant."""
    from workflow.casework.desk import Desk
    from workflow.commands import wiring  # noqa: F401  (fills what the rooms below leave open)
    from workflow.storage.database import Store

    desk = Desk(Store(db), officer, office)
    if desk.office.entry("practice"):
        click.echo(_(N_("PRACTICE: nothing in this office is real.")), err=True)
    return desk


def as_text(value: Any) -> str:
    """A value as JSON text, Chinese characters as they are."""
    import json

    return json.dumps(value, ensure_ascii=False)


def output(value: Any, lines: Callable[[], list[str]], as_json: bool) -> None:
    """Print a value (or what makes it) as JSON, else its lines."""
    if as_json:
        click.echo(as_text(value() if callable(value) else value))
    else:
        terminal.show(lines())


def settle(desk: Any, made: list[Any], later: bool = False) -> DisclosureError | None:
    """After the commit: make the letters that the acts called for, and what else follows; the first fault."""
    from workflow.jobs import queue

    fault = None
    # A letter with characters that no typeface has waits for one: this is reported, and is no failure of the
    # act. One that was sent by the same line is made already.
    ready = [
        letter["id"]
        for one in made
        for letter in one.letters
        if not letter.get("waits_for_face") and "sha256" not in letter
    ]
    if ready and not later:
        try:
            settled = {letter["id"]: letter for letter in queue.settle(desk, ready)}
            for one in made:
                one.letters = [settled.get(letter["id"], letter) for letter in one.letters]
        except DisclosureError as caught:
            fault = caught
    errands = [work for one in made for work in one.errands]
    if errands and not later:
        try:
            queue.settle(desk, works=errands)
        except DisclosureError as caught:
            fault = fault or caught
    return fault


def finish(desk: Any, done: Any, as_json: bool, later: bool = False) -> None:
    """After the commit: make the letters that the act (or each act of a line) called for, then say what was
    done."""
    from workflow.office import who
    from workflow.reports.views import case_text

    made = done if isinstance(done, list) else [done]
    fault = settle(desk, made, later)
    output(
        lambda: case_text.line_json(made),
        lambda: case_text.line_lines(
            made, who.of_office(desk) if any(map(case_text.names_people, made)) else None
        ),
        as_json,
    )
    if fault is not None:
        raise fault


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


def legal_day(text: str | None, desk: Any = None, field: str = "on") -> Any:
    """A day as typed (2026-03-05, 3月5日, 昨天, 周一, +3工作日); none where none was given."""
    if text is None:
        return None
    from workflow import calendar
    from workflow.base import dates
    from workflow.calendar.spoken_days import read_day

    if desk is None:
        return read_day(text, dates.today(), calendar.known(), field)
    return read_day(text, desk.today(), desk.context.calendar, field)


def said_day(text: str | None, desk: Any = None, field: str = "on") -> str | None:
    """A day as typed, for what reads days as YYYY-MM-DD."""
    return None if text is None else legal_day(text, desk, field).isoformat()


def said_span(text: str | None, desk: Any = None, field: str = "on") -> str | None:
    """START..END with days as typed; either may be left out, or be a month (2026-03, 2026年3月, 3月)."""
    return None if text is None else "..".join(_end(one.strip(), desk, field) for one in text.split(".."))


def _end(text: str, desk: Any, field: str) -> str:
    month = _MONTH.fullmatch(text)
    if month is None:
        return str(said_day(text, desk, field)) if text else ""
    year = month[1] or legal_day("今天", desk).year
    return f"{year}-{int(month[2]):02d}"


def progress(what: str = "") -> Any:
    """A counter on standard error while something long goes on, at a terminal only; beside it stands `what`
    goes on.
    """
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Any:
        if not terminal.moving():
            yield lambda *_: None
            return
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed}"), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda *_: bar.advance(task)

    return shown()


def counted(total: int) -> Any:
    """A bar on standard error for work whose amount is known, at a terminal only; called once for each
    piece.
    """
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Any:
        if not terminal.moving():
            yield lambda *_: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=total)
            yield lambda *_: bar.advance(task)

    return shown()


def written(text: str, out: Path | None, as_json: bool, *, replace: bool = True) -> None:
    """Text to a file, whole or not at all, or to standard output; Conflict if it is there and not
    `replace`.
    """
    if out is None:
        output({"text": text}, lambda: [screen.Verbatim(text.rstrip("\n"))], as_json)
        return
    from workflow.base import whole_files
    from workflow.base.errors import Conflict

    try:
        whole_files.write(out, text.encode("utf-8"), replace=replace)
    except FileExistsError:
        raise Conflict(
            N_("There is a file already: {path}"),
            field="out",
            path=str(out),
            way_on=N_("Choose another name."),
        ) from None
    output({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)
