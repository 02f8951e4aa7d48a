"""Usage and help of the command line in the language in force, which click has in English only.

Each text that click would write is written here instead, so that there is one catalogue of messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from workflow.base import caller, terminal
from workflow.base.messages import N_, language, pick, translate
from workflow.base.screen import folded
from workflow.base.text_width import pad, width, wrap
from workflow.commands.metavars import worded
from workflow.commands.usage_faults import SEE_HELP, Misused, as_typed, meant

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
        prefix = translate(N_("Usage:")) + " " if prefix is None else prefix
        begin, room = f"{prefix:>{self.current_indent}}{prog} ", self.width - self.current_indent
        fits = len(begin) + max(len(args), 20) <= room
        if fits and args and args.isprintable() and args == " ".join(args.split()):
            # As click writes it; Python's textwrap is loaded where there is something to wrap.
            self.write(f"{begin}{args}\n")
        else:
            super().write_usage(prog, args, prefix)

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
                name=as_typed(param, ctx),
                n=given.count(param),
                way_on=SEE_HELP,
                command=ctx.command_path,
            )


def _show_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        caller.looks()
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
            said = meant(raised.command_name, {**self.recorded(), **self.called(ctx)}, ctx)
            return super().resolve_command(ctx, [said, *args[1:]])

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
