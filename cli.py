"""The command line: each command becomes one call of the desk or of a view. No rule is implemented here.

Commands for acts are made from their tables (workflow/procedure/acts), so that the facts of an act are named
in one place. The other commands are in workflow/commands, by topic; a run loads only the module of its
command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from workflow.base import last_refusal, messages, terminal, variables
from workflow.base.completeness import require_same
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import chinese_names, click_texts
from workflow.commands.options import (
    COMMON,
    LANG,
    ON,
    YES,
    Command,
    Sparing,
    as_text,
    desk_of,
    finish,
    legal_day,
    option,
    options,
)

VERSION = "0.1.0"
# What people type for --help.
HELP = ("help", "帮助")
# The act at which texts of the office's library are offered.
DRAFT = "draft"

# Every command that is no act: the module of workflow.commands that it is in, and what --help says of it.
COMMANDS = {
    "completion": (
        "completion",
        N_(
            "Completion in bash, zsh and fish: what the shell runs at a tab; with --install, put in its place."
        ),
    ),
    "init": ("maintenance", N_("Make the database and an office in it, from an office file or by asking.")),
    "practice": (
        "practice",
        N_(
            "Make a throw-away office with a made-up year to practise on, in a new folder; every letter says that it is practice."
        ),
    ),
    "service": ("service", N_("The resident service, by which commands answer at once.")),
    "database": ("database", N_("Roles of officers on PostgreSQL: who may do what there.")),
    "worker": (
        "worker",
        N_("Do what waits after acts, again and again, on as many machines as run this (PostgreSQL)."),
    ),
    "evidence": (
        "evidence",
        N_(
            "Evidence for outsiders: signed checkpoints, witnesses, proofs of letters that anybody can check."
        ),
    ),
    "web": (
        "web",
        N_("The public counter: pages on which citizens apply and follow, kept apart from the office."),
    ),
    "upgrade": ("maintenance", N_("Bring an older database to the schema of this program.")),
    "backup": ("maintenance", N_("Write everything into one file: tables, files, and on demand the keys.")),
    "restore": ("maintenance", N_("Put a backup into an empty database; never over what is there.")),
    "drill": ("maintenance", N_("Restore a backup apart, verify it, and say what would be lost.")),
    "doctor": ("maintenance", N_("Say what is present, what is missing, and how to get it.")),
    "verify": ("maintenance", N_("Walk the ledger, fold every case again, and compare.")),
    "receive": ("casework", N_("Receive an application, by options or from a TOML or JSON file.")),
    "intake": (
        "intake",
        N_(
            "Receive many applications from a CSV or Excel list; rows at fault are reported, the others entered."
        ),
    ),
    "amend": (
        "casework",
        N_("Correct what was recorded wrongly; both values are kept, what follows is computed anew."),
    ),
    "undo": (
        "casework",
        N_(
            "Take back the last act while nothing of it has left; says before what changes, and keeps the record."
        ),
    ),
    "reveal": (
        "casework",
        N_("Show the applicant's personal data in full; that it was looked at is recorded."),
    ),
    "fetch": ("casework", N_("Take an attachment out of the file store, checked against its SHA-256.")),
    "letters": (
        "casework",
        N_("The letters of a case: code, number, date, SHA-256; with --out, write the PDFs into a folder."),
    ),
    "letter": (
        "letters",
        N_("The catalogue of letters, specimens, the check before issue, verification of a PDF."),
    ),
    "posting": (
        "posting",
        N_("The post: the day's letters as a batch, envelopes, labels, posting list; delivery and return."),
    ),
    "mail": ("mail", N_("Letters by e-mail: the server, what waits, what a person has to decide.")),
    "work": ("casework", N_("Do what waits after acts: make the letters that are not made yet.")),
    "list": ("look", N_("List cases.")),
    "show": ("look", N_("Show a case with its clocks; personal data masked.")),
    "clocks": ("look", N_("The clocks of a case.")),
    "history": ("look", N_("What was recorded of a case, entry by entry.")),
    "do": (
        "guided",
        N_(
            "Be guided: what waits today, the case, its usual step, each fact, what will happen, and then the act. Also without any command, at a terminal."
        ),
    ),
    "next": (
        "look",
        N_("What may be done next on a case, or on all of mine: by whom, until when, on which provision."),
    ),
    "explain": (
        "look",
        N_("How the deadlines of a case were reached: every day counted or left out, and why."),
    ),
    "recompute": (
        "look",
        N_(
            "Show which open deadlines move after a new notice or a change of the law; with --apply, write it."
        ),
    ),
    "phrase": (
        "phrases",
        N_(
            "Reasons to choose from at the draft, by outcome and ground: one's own, and out of replies issued."
        ),
    ),
    "precedent": (
        "library",
        N_(
            "Decided cases by ground and fault: one's own, by the act of two persons, and published ones from files."
        ),
    ),
    "guidance": ("library", N_("Work guidance: the provisions that its pages cite are looked up.")),
    "similar": (
        "phrases",
        N_("Earlier requests that ask for much the same: what was answered, and what came of it."),
    ),
    "roll": (
        "register",
        N_(
            "The register of applications: one line each with all dates, officers, letters and remedies; as table, CSV, Excel, PDF or JSON."
        ),
    ),
    "search": (
        "register",
        N_(
            'Search in requests, letters and names of people: all the words, "a phrase", -word for what must not be there.'
        ),
    ),
    "alerts": (
        "alerts",
        N_(
            "What presses: overdue, due soon, stopped, unanswered, not posted; as table, files, calendar. Exit status 7 if overdue."
        ),
    ),
    "today": (
        "alerts",
        N_(
            "What is to be done today: overdue, due, to be sent, to be proved, sent back, owed by others; as a page to print."
        ),
    ),
    "digest": (
        "alerts",
        N_("The daily mail to each officer on what waits for him, and to the head on what is overdue."),
    ),
    "report": (
        "report",
        N_("What the office reports: the annual report, its check, and how well the office does."),
    ),
    "archive": ("archive", N_("The archive folder of a filed case: make it again, check it.")),
    "retention": ("archive", N_("How long filed cases are kept, and what happens when that time is over.")),
    "key": ("archive", N_("The key file: a new master key.")),
    "paper": (
        "papers",
        N_("Papers of the house: approval sheet, handling sheet, what a reconsideration asks for."),
    ),
    "remedies": (
        "remedies",
        N_("Reconsiderations and suits with their clocks, their outcome and what comes next."),
    ),
    "office": ("office", N_("The office: its profile and settings.")),
    "officer": ("office", N_("The officers of the office and their roles.")),
    "process": ("procedure", N_("The procedure: its chart for publication, its table for a lawyer to read.")),
    "why": (
        "why",
        N_(
            "A rule, a provision or the last refusal explained: its words, what is looked at, how to go on (NAME: last, a rule, a clock, an article)."
        ),
    ),
    "deadline": (
        "law",
        N_(
            "Compute a deadline from a rule and a day, without a case (RULE: reply, correction-notice, third-party-opinion, co-maker-opinion, fee-payment, reconsideration, litigation, litigation-after-reconsideration)."
        ),
    ),
    "fee": ("law", N_("The processing fee by the scale of the day.")),
    "law": ("law", N_("The law tables: every value with its article, dates and certainty.")),
    "calendar": ("law", N_("The calendar of working days: show, check, import next year's notice.")),
}


class Counter(Sparing, click_texts.Group):
    """The group of all commands; the acts of the process table are commands like the others."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*sorted(COMMANDS), *(spec.command for spec in _acts().values())]

    def proposals(self, ctx: click.Context) -> list[str]:
        return [*self.list_commands(ctx), *chinese_names.by_name(_chinese_acts())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            cmd_name = chinese_names.command(cmd_name, _chinese_acts())
        if cmd_name in COMMANDS:
            return _command(cmd_name)
        event = next((event for event, spec in _acts().items() if spec.command == cmd_name), None)
        return _act_command(event) if event else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands in groups by the officer's day."""
        chinese, specs = _chinese_acts(), _acts()
        for title, commands, acts in chinese_names.groups(COMMANDS, specs):
            rows = [(_with_name(name, chinese_names.first(name)), _(COMMANDS[name][1])) for name in commands]
            rows += [(_with_name(*chinese[event]), specs[event].help) for event in acts]
            with formatter.section(title):
                formatter.write_dl(rows)

    def main(
        self,
        args: Any = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        if os.environ.get("_DISCLOSURE_COMPLETE"):
            sys.exit(_complete())
        given = list(sys.argv[1:] if args is None else args)
        if _guided(given):
            given.append("do")
        if given[:1] and given[0] in HELP:
            given = [*given[1:], "--help"]
        run = partial(super().main, given, prog_name, complete_var, standalone_mode=False, **extra)
        result = _guarded(run, given)
        # Without click's own errors, the result is an exit status, or what a command returned: nothing.
        if standalone_mode:
            sys.exit(result if isinstance(result, int) else 0)
        return result


def _complete() -> int:
    """Answer a shell that asks what may be typed; who asks is known to the service, where that answers."""
    from workflow.base import caller
    from workflow.commands.completing import answer

    who = caller.current()
    return answer.main(who.login, bound=who.bound)


def _command(name: str) -> click.Command:
    """A command out of the module of its topic, with its help from the table."""
    from importlib import import_module

    topic, help_text = COMMANDS[name]
    module = import_module(f"workflow.commands.{topic}")
    written = [one for one in vars(module).values() if isinstance(one, click.Command)]
    within = [one for group in written if isinstance(group, click.Group) for one in group.commands.values()]
    found = {one.name or "": one for one in written if one not in within}
    listed = [known for known, (place, _help) in COMMANDS.items() if place == topic]
    require_same("cli.COMMANDS", listed, f"workflow/commands/{topic}.py", found)
    found[name].help = help_text
    return found[name]


def _with_name(command: str, chinese: str | None) -> str:
    """A command as help lists it: on a Chinese screen with its Chinese name, which can be typed as well."""
    return f"{command} {chinese}" if chinese and messages.language() == "zh_CN" else command


def _chinese_acts() -> dict[str, tuple[str, str]]:
    from workflow.base import names

    specs = _acts()
    called = names.both("event", specs)
    return {event: (spec.command, called[event]["zh"]) for event, spec in specs.items()}


def _acts() -> dict[str, Any]:
    from workflow.procedure import act_forms

    return act_forms.specs()


def _guarded(run: Callable[[], Any], given: list[str]) -> Any:
    """Show errors in a usable form, with their exit status; never a traceback."""
    messages.use(_sniffed(given))
    terminal.use("--plain" in given)
    try:
        return run()
    except DisclosureError as fault:
        _show_fault(fault, "--json" in given, _told_why(fault, given))
        sys.exit(fault.exit_code)
    except click.exceptions.NoArgsIsHelpError as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except click.ClickException as raised:
        misused = click_texts.fault(raised)
        _show_fault(misused, "--json" in given)
        sys.exit(misused.exit_code)
    except click.Abort:
        click.echo(_(N_("Stopped.")), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader closed the pipe (`| head`): no error, and nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as fault:
        from workflow.base.errors import Environment

        wrapped = Environment(
            N_("The machine refused: {detail}"),
            detail=str(fault),
            way_on=N_("See what is wrong with: disclosure doctor"),
        )
        _show_fault(wrapped, "--json" in given)
        sys.exit(wrapped.exit_code)
    except Exception as fault:
        if variables.given("DISCLOSURE_DEBUG"):
            raise
        detail = f"{type(fault).__name__}: {fault}"
        _show_fault(
            _Unexpected(
                N_("Unexpected fault: {detail}"),
                detail=detail[:500],
                way_on=N_("Report it with the output of the same command under DISCLOSURE_DEBUG=1."),
            ),
            "--json" in given,
        )
        sys.exit(_Unexpected.exit_code)


class _Unexpected(DisclosureError):
    """A fault of the program itself. Exit status 70."""

    exit_code = 70
    kind = "unexpected"


def _guided(args: list[str]) -> bool:
    """Whether nothing but the manner of speaking was typed, at a terminal, and a database is there: then the
    guided way begins.
    """
    words = [word for word in args if word != "--plain" and not word.startswith("--lang=")]
    if words[:1] == ["--lang"]:
        words = words[2:]
    if words or not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return False
    from workflow.storage.database import Store

    try:
        return Store(None).schema() is not None
    except DisclosureError:
        # What is wrong with it is said by the command.
        return True


def _sniffed(args: list[str]) -> str | None:
    """The language named on the command line, needed before the line is parsed: help is translated too."""
    for i, word in enumerate(args):
        if word == "--lang" and i + 1 < len(args):
            return args[i + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _told_why(fault: DisclosureError, given: list[str]) -> str | None:
    """The command that explains a refusal, which is kept for it; none for what no rule says."""
    if fault.exit_code != 1 and not fault.rule:
        return None
    known = [chinese_names.command(word, _chinese_acts()) for word in given if not word.startswith("-")]
    acts = {spec.command for spec in _acts().values()}
    asked = next((word for word in known if word in COMMANDS or word in acts), "")
    if last_refusal.keep(fault, asked):
        return "disclosure why last"
    return f"disclosure why {fault.rule}" if fault.rule else None


def _show_fault(fault: DisclosureError, as_json: bool, why: str | None = None) -> None:
    from workflow.reports.views import case_text

    if as_json:
        click.echo(as_text(case_text.fault_json(fault)), err=True)
    else:
        more = ["  " + _(N_("Why: {command}"), command=why)] if why else []
        terminal.show([*case_text.fault_lines(fault), *more], err=True)


def _act_command(event: str) -> click.Command:
    """The command of an act: its facts are the fields of its table; the same line may name further acts."""
    # What only acts need: other commands start without it.
    from workflow.commands import act_options, confirming, proposals, several
    from workflow.procedure import act_forms

    spec = _acts()[event]
    params: list[Any] = [partial(click.Argument, ["case"], nargs=-1, required=False)]
    params += [partial(act_options.fact, field) for field in spec.fields]
    params += act_options.beside(event)
    sends = spec.sends or any(_acts()[one.event].sends for one in act_forms.along(event))
    more: list[Any] = []
    if event == DRAFT:
        from workflow.commands import phrases

        more = [phrases.PHRASE]

    def run(
        case: tuple[str, ...],
        from_list: Any,
        where: tuple[str, ...],
        on: str | None,
        expect: int | None,
        later: bool,
        as_json: bool,
        officer: str | None,
        office: str | None,
        db: str | None,
        yes: bool,
        **facts: Any,
    ) -> None:
        from workflow.base.names import name
        from workflow.casework.line import Step

        many = several.several(case, from_list, where)
        only = "" if many else several.require_one(click.get_current_context(), case)
        desk = desk_of(officer, office, db)
        found = several.picked(desk, case, from_list, where) if many else []
        phrase = facts.pop("phrase", None)
        given = {name: value for name, value in facts.items() if value not in (None, ())}
        given = _asked(spec, given, partial(proposals.defaults, desk, only, event))
        if more and not many:
            given = phrases.offered(desk, only, given, phrase, ask=confirming.asked(yes, as_json), yes=yes)
        for field in spec.fields:
            if field.type == "date" and isinstance(given.get(field.name), str):
                given[field.name] = legal_day(given[field.name], desk, field.name)
        first, own, then = act_options.steps(event, given)
        line = [*first, Step(event, own), *then]
        day = legal_day(on, desk)
        if many:
            several.require_no_version(expect)
            would = partial(confirming.papers, desk, steps=line, on=day) if sends else None
            how = several.How(name("event", event), would, yes, as_json, later)
            several.run(
                desk, found, lambda number: confirming.acts(desk, number, line, on=day, ask=False), how
            )
            return
        ask = sends and confirming.asked(yes, as_json)
        finish(desk, confirming.acts(desk, only, line, on=day, expect=expect, ask=ask), as_json, later)

    run = options(
        ON,
        option(
            "--expect",
            type=int,
            metavar="VERSION",
            help=N_("Refuse if the case is no longer at this version."),
        ),
        option("--later", is_flag=True, help=N_("Leave letters to be made by 'disclosure work'.")),
        several.FROM,
        *more,
        YES,
        COMMON,
    )(run)
    return click.command(spec.command, cls=Command, help=spec.help, example=spec.example, params=params)(run)


def _asked(
    spec: Any, given: dict[str, Any], proposed: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Missing facts are asked for at a terminal, what is proposed as their answer; in a script their absence
    is an error of the act."""
    if not sys.stdin.isatty():
        return given
    given = proposed(given)
    for field in spec.fields:
        if (field.need or (field.ask and "file" not in given)) and field.name not in given:
            given[field.name] = click_texts.ask(field.label, field.choice, "choice")
    return given


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"disclosure {VERSION}")
        ctx.exit()


@click.group(
    cls=Counter,
    help=N_("Government information disclosure upon application: from receipt to filing."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help=N_("Show the version and exit."),
)
@LANG
def main(lang: str | None, plain: bool) -> None:
    # If it is not given, the language found before the line was parsed stays: the option may follow the
    # command.
    if lang:
        messages.use(lang)


if __name__ == "__main__":
    main()
