"""The command line itself in the language in force: usage, help and errors of usage, which click has in
English only.

Each text that click would write is written here instead, so that there is one catalogue of messages and one
form of error: what is wrong, and what to do next.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from workflow.base import terminal
from workflow.base.errors import Ambiguous, DisclosureError
from workflow.base.messages import N_, language, listed, pick, translate
from workflow.base.screen import folded
from workflow.base.text_width import pad, width, wrap

# What stands for a value in the usage and beside an option. A word that is missing here is shown as it is.
WORDS = (
    N_("OPTIONS"),
    N_("COMMAND"),
    N_("ARGS"),
    N_("CASE"),
    N_("DATE"),
    N_("TRACKING"),
    N_("MOMENT"),
    N_("DAY"),
    N_("YEAR"),
    N_("MONTH"),
    N_("ORGAN"),
    N_("FIGURE"),
    N_("SHARES"),
    N_("KEY"),
    N_("WHO"),
    N_("NAME"),
    N_("VALUE"),
    N_("FILE"),
    N_("OUT"),
    N_("ARCHIVE"),
    N_("PATH"),
    N_("FOLDER"),
    N_("TEXT"),
    N_("INTEGER"),
    N_("INT"),
    N_("COUNT"),
    N_("RULE"),
    N_("PAGES"),
    N_("ITEMS"),
    N_("VERSION"),
    N_("UNIT"),
    N_("OFFICER"),
    N_("OUTCOME"),
    N_("GROUND"),
    N_("PAIR"),
    N_("START"),
    N_("END"),
    N_("KIND"),
    N_("ADDRESS"),
    N_("CODE"),
    N_("SECONDS"),
    N_("BATCH"),
    N_("ROW"),
    N_("COLUMN"),
    N_("LENGTH"),
    N_("CHANGE"),
    N_("COLUMNS"),
    N_("SHARE"),
    N_("NUMBER"),
    N_("PAGE"),
    N_("PHRASE"),
    N_("PRECEDENT"),
    N_("WORDS"),
    N_("ROLE"),
    N_("PLACE"),
    N_("RECEIPT"),
    N_("WHY"),
    N_("FAULT"),
    N_("RESULT"),
)


def worded(metavar: str) -> str:
    """'[CASE]' or 'START..END' in the language in force."""
    return re.sub(r"[A-Z]{2,}", lambda found: translate(found[0]), metavar)


class Misused(DisclosureError):
    """A command line that cannot be understood. Exit status 2."""

    exit_code = 2
    kind = "usage"


# --- help


# Below so many cells click's own columns leave no room for a text.
ROOMY = 60


class Formatter(click.HelpFormatter):
    """As click's, but Chinese characters take two columns, and a line of them may end between any two."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        # click would load shutil for the width, and all its archive formats with it.
        room = terminal.columns() or terminal.USUAL
        given = max(min(room, max_width or room) - 2, terminal.NARROWEST) if width is None else width
        super().__init__(indent_increment, given, max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, translate(N_("Usage:")) + " " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        for line in folded(f"{'':>{self.current_indent}}{heading}{pick('：', ':')}", self.width):
            self.write(f"{line}\n")

    def write_text(self, text: str) -> None:
        if width(text) == len(text):
            super().write_text(text)
            return
        indent = " " * self.current_indent
        for line in wrap(text, self.width - self.current_indent):
            self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        listed_rows = list(rows)
        if self.width >= ROOMY and all(width(cell) == len(cell) for row in listed_rows for cell in row):
            super().write_dl(listed_rows, col_max, col_spacing)
            return
        first = min(max(width(term) for term, _ in listed_rows), col_max, self.width // 2)
        indent, below = " " * self.current_indent, " " * (self.current_indent + first + col_spacing)
        for term, text in listed_rows:
            lines = wrap(text, max(self.width - len(below), 10)) or [""]
            if width(term) > first:
                self.write("".join(f"{line}\n" for line in folded(f"{indent}{term}", self.width)))
                self.write("".join(f"{below}{line}\n" for line in lines))
            else:
                self.write(f"{indent}{pad(term, first + col_spacing)}{lines[0]}".rstrip() + "\n")
                self.write("".join(f"{below}{line}\n" for line in lines[1:]))


class Context(click.Context):
    """A context whose help is written by our formatter."""

    formatter_class = Formatter


class Option(click.Option):
    """An option whose help and metavar are translated when they are shown. `say` tells a help that is put
    together, in the language of that moment."""

    def __init__(self, *names: Any, say: Callable[[], str] | None = None, **more: Any) -> None:
        self._say = say
        if say is not None:
            more["help"] = say()
        super().__init__(*names, **more)

    def make_metavar(self, ctx: click.Context) -> str:
        return worded(super().make_metavar(ctx).removesuffix(" RANGE"))

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        if self._say is not None:
            self.help = self._say()
        record = super().get_help_record(ctx)
        if record is None:
            return None
        extra = self.get_help_extra(ctx)
        notes = []
        if "default" in extra:
            called = getattr(self.type, "called", str)
            notes.append(translate(N_("default: {default}"), default=called(extra["default"])))
        if "range" in extra:
            notes.append(extra["range"])
        if "required" in extra:
            notes.append(translate(N_("required")))
        text = translate(self.help or "")
        return record[0], f"{text}  [{pick('；', '; ').join(notes)}]" if notes else text


class Spoken(click.Command):
    """What commands and groups have in common: their texts are translated when they are shown."""

    context_class = Context

    def get_short_help_str(self, limit: int = 45) -> str:
        return translate(self.help or "")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [worded(piece) for piece in super().collect_usage_pieces(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text(translate(self.help or ""))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [
            param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)
        ]
        with formatter.section(translate(N_("Options"))):
            formatter.write_dl([record for record in records if record is not None])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as raised:
            # The parser does not say which command's options it was reading.
            raised.ctx = raised.ctx or ctx
            raise

    def make_parser(self, ctx: click.Context) -> Any:
        # Made once for each command, as its options are: what a run tells it is only the context.
        of = [*self.params, self.get_help_option(ctx)]
        parser: Any
        made_of, parser = self.__dict__.get("_own_parser", (None, None))
        if made_of == of:
            parser.ctx = ctx
            parser.ignore_unknown_options = ctx.ignore_unknown_options
            parser.allow_interspersed_args = ctx.allow_interspersed_args
            return parser
        parser = super().make_parser(ctx)
        read = parser.parse_args

        def once(args: list[str]) -> Any:
            found = read(args)
            _require_once(parser.ctx, found[2])
            return found

        parser.parse_args = once
        self.__dict__["_own_parser"] = of, parser
        return parser

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        # Made once for each command and way to be asked: click compares the options of a call by identity.
        names = tuple(self.get_help_option_names(ctx))
        made: dict[tuple[str, ...], Option] = self.__dict__.setdefault("_own_help", {})
        if names not in made:
            made[names] = Option(
                [*names, "_help"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                help=N_("Show this message and exit."),
                callback=_show_help,
            )
        return made[names]


def _require_once(ctx: click.Context, given: list[click.Parameter]) -> None:
    """Misused where an option that has one value was given several: click would drop all but the last."""
    for param in given if not ctx.resilient_parsing else ():
        single = isinstance(param, click.Option) and not (param.multiple or param.is_flag or param.count)
        if single and given.count(param) > 1:
            raise Misused(
                N_("The option '{name}' was given {n} times, and has one value."),
                field=param.name,
                name=_called(param, ctx),
                n=given.count(param),
                way_on=SEE_HELP,
                command=ctx.command_path,
            )


def _show_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class Command(Spoken):
    """A command with an example."""

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(translate(self.help or ""))
            if self.example:
                formatter.write_paragraph()
                formatter.write_text(translate(N_("Example:")) + " " + self.example)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Refuse what is left over here, as click has no class for it.
        ctx.allow_extra_args = True
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            raise Misused(
                N_("Nothing is expected here: {words}"),
                words=" ".join(map(str, left)),
                way_on=SEE_HELP,
                command=ctx.command_path,
            )
        return left


class Group(Spoken, click.Group):
    """A group of commands."""

    command_class = Command

    def called(self, ctx: click.Context) -> dict[str, str]:
        """Every word that names a command of this group, with the command."""
        return {name: name for name in self.list_commands(ctx)}

    def recorded(self) -> dict[str, str]:
        """The names under which the record has what a command does, with the command: nobody types them, but
        who read one may ask for it.
        """
        return {}

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names; where it names none, what was said to be meant by it."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as raised:
            meant = _meant(raised.command_name, {**self.recorded(), **self.called(ctx)}, ctx)
            return super().resolve_command(ctx, [meant, *args[1:]])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        chinese: dict[str, str] = {}
        for name, said in self.called(ctx).items():
            if name != said:
                chinese.setdefault(said, name)
        with formatter.section(translate(N_("Commands"))):
            formatter.write_dl(
                [
                    (with_name(name, chinese.get(name)), one.get_short_help_str())
                    for name, one in found
                    if one and not one.hidden
                ]
            )


def with_name(command: str, chinese: str | None) -> str:
    """A command as help lists it: on a Chinese screen with its Chinese name, which can be typed as well."""
    return f"{command} {chinese}" if chinese and language() == "zh_CN" else command


# --- questions

# What was answered in this run, in order, and how much of it is answered again without a question: a command
# that is begun anew (choosing) asks nothing twice.
_answers: list[str] = []
_again: list[str] = []


def forget() -> None:
    """A new run begins."""
    _answers.clear()
    _again.clear()


def repeat() -> None:
    """The same run begins anew."""
    _again[:] = _answers
    _answers.clear()


def ask(label: str, choices: Iterable[str] = (), kind: str = "", default: str | None = None) -> str:
    """Ask at the terminal until there is an answer, one of the choices where there are any (named by their
    kind); an answer that a run before gave is taken again.
    """
    answer = _again.pop(0) if _again else _asked(label, choices, kind, default)
    _answers.append(answer)
    return answer


def _asked(label: str, choices: Iterable[str], kind: str, default: str | None) -> str:
    from workflow.base import names, typed_words

    known = names.both(kind, choices)
    shown = names.Named(kind, *known, typed=True)
    question = f"{label} [{shown}]" if known else label
    while True:
        given = str(click.prompt(question, default=default, err=True)).strip()
        # One that means several is asked about where it is read.
        if not known or typed_words.matches(given, known):
            return given
        click.echo(translate(N_("'{value}' is not one of: {choices}"), value=given, choices=shown), err=True)


# What is taken for yes and for no, in every question of the program.
IS_YES, IS_NO = ("y", "yes", "是", "好", "shi"), ("n", "no", "否", "不", "fou")


def agreed(question: str) -> bool:
    """Whether the answer to a question is yes; Enter is no, and anything else is asked again."""
    while True:
        said = click.prompt(f"{question} [{pick('是/否', 'yes/no')}]", default=translate(N_("no")), err=True)
        word = str(said).strip().lower()
        if word in (*IS_YES, *IS_NO):
            return word in IS_YES
        click.echo(translate(N_("Type yes or no.")), err=True)


def require_yes(shown: Iterable[str]) -> None:
    """Show what will happen and ask; click.Abort where the answer is not yes."""
    for line in shown:
        click.echo(line, err=True)
    if not agreed(translate(N_("Go on?"))):
        raise click.Abort


def _line(prompt: str) -> str:
    """As `input`, at a terminal no interrupt is lost before it."""
    if "readline" in sys.modules or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return input(prompt)
    # Where `input` itself would write it.
    sys.stderr.write(prompt)
    sys.stderr.flush()
    terminal.wait_for_line()
    return input()


click.termui.visible_prompt_func = _line


# --- errors

MOST_NEAR = 5
SEE_HELP = N_("See how it is used with: {command} --help")


def fault(raised: click.ClickException) -> DisclosureError:
    """What click found wrong with a command line, as an error of ours."""
    ctx = getattr(raised, "ctx", None)
    where: dict[str, Any] = {"way_on": SEE_HELP, "command": ctx.command_path if ctx else "disclosure"}
    if isinstance(raised, click.NoSuchOption):
        near = _instead(raised.option_name, ctx) or raised.possibilities
        return _unknown(N_("There is no option '{name}'."), raised.option_name, near, where)
    if isinstance(raised, click.MissingParameter) and raised.param is not None:
        return Misused(
            N_("'{name}' is missing."), field=raised.param.name, name=_called(raised.param, ctx), **where
        )
    if isinstance(raised, click.BadOptionUsage):
        option = _option(ctx, raised.option_name)
        bare = option is not None and option.is_flag
        message = (
            N_("The option '{name}' takes no value.") if bare else N_("The option '{name}' needs a value.")
        )
        return Misused(message, name=raised.option_name, **where)
    if isinstance(raised, click.BadParameter) and raised.param is not None:
        return Misused(
            N_("The value of '{name}' cannot be used; it has to be {what}."),
            field=raised.param.name,
            name=_called(raised.param, ctx),
            what=_wanted(raised.param.type, raised.message),
            **where,
        )
    if isinstance(ctx.command if ctx else None, click.Group):
        return Misused(N_("A command is missing."), **where)
    return Misused(
        N_("The command line cannot be understood: {detail}"), detail=raised.format_message(), **where
    )


# Options that people type for another one, whose letters are not the nearest.
_FOR_ANOTHER = {"--officer": ("--mine", "--handler", "--as"), "--user": ("--as",)}


def _instead(typed: str, ctx: click.Context | None) -> list[str]:
    """The options of the command that are meant by a word that is none."""
    known = {said for param in ctx.command.params for said in param.opts} if ctx else set()
    return [one for one in _FOR_ANOTHER.get(typed, ()) if one in known]


def _unknown(message: str, name: str, near: list[str] | None, where: dict[str, Any]) -> Misused:
    if near:
        return Misused(message, name=name, way_on=N_("Perhaps you mean: {names}"), names=listed(near))
    return Misused(message, name=name, **where)


class UnknownCommand(Ambiguous):
    """A word that is no command, with those that may be meant. A part of a name is never taken unasked as it
    is for a value, since commands act."""

    kind = "usage"
    question = N_("There is no command '{typed}'. Which one is meant? (Enter: none of them)")


def _meant(typed: str, called: dict[str, str], ctx: click.Context) -> str:
    """The command that a word means which is no name of one: by the initials or the pinyin of a whole name,
    where no other command has the same; else what was said to be meant."""
    from workflow.base import typed_words

    sounded = {called[name] for name in typed_words.sounded(typed, called)}
    if len(sounded) == 1:
        return sounded.pop()
    near = _near(typed, called)
    if not near:
        raise Misused(
            N_("There is no command '{name}'."), name=typed, way_on=SEE_HELP, command=ctx.command_path
        )
    choices = {
        said: name if name == said else pick(f"{name}（{said}）", f"{name} ({said})")
        for said, name in near.items()
    }
    return typed_words.clear(
        UnknownCommand(
            N_("There is no command '{name}'."),
            typed=typed,
            choices=choices,
            field="command",
            name=typed,
            way_on=N_("Perhaps you mean: {names}"),
            names=listed(choices.values()),
        )
    )


def _near(typed: str, called: dict[str, str]) -> dict[str, str]:
    """The commands that may be meant, each with the name that is like what was typed: by a part of a name,
    initials or pinyin, as values are found; then by what is written alike.
    """
    from difflib import get_close_matches

    from workflow.base import typed_words

    if (same := called.get(typed.replace("_", "-"))) is not None:
        return {same: same}
    # Of two Chinese characters, one in common is similar enough.
    alike = get_close_matches(typed, called, cutoff=0.6 if typed.isascii() else 0.5)
    near: dict[str, str] = {}
    for name in (*typed_words.matches(typed, {one: one for one in called}), *alike):
        near.setdefault(called[name], name)
    return dict(list(near.items())[:MOST_NEAR])


def _called(param: click.Parameter, ctx: click.Context | None) -> str:
    """An option as it is typed, an argument as the usage has it."""
    return (
        max(param.opts, key=len)
        if isinstance(param, click.Option)
        else worded(param.human_readable_name.upper())
    )


def _option(ctx: click.Context | None, name: str) -> click.Option | None:
    params = ctx.command.get_params(ctx) if ctx else []
    return next((param for param in params if isinstance(param, click.Option) and name in param.opts), None)


def _wanted(kind: click.ParamType[Any, Any], otherwise: str) -> str:
    """What a value has to be, by the type of its parameter."""
    if isinstance(kind, click.Choice):
        return translate(N_("one of: {choices}"), choices=listed(kind.choices))
    if isinstance(kind, click.IntRange) and kind.max is not None:
        return translate(N_("a whole number from {least} to {most}"), least=kind.min or 0, most=kind.max)
    if isinstance(kind, click.IntRange):
        return translate(N_("a whole number of at least {least}"), least=kind.min)
    if isinstance(kind, click.FloatRange):
        return translate(N_("a number from {least} to {most}"), least=kind.min, most=kind.max)
    if kind is click.INT:
        return translate(N_("a whole number"))
    return otherwise
