"""The officer's counter: what is typed becomes one call of the desk or of a list. No rule lives here.

Commands for acts are made from workflow/acts.toml, so that an act has one place where its facts are named. Heavy
libraries are imported by the command that needs them: `disclosure --help` loads none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from workflow import i18n, usage
from workflow.errors import DisclosureError, Malformed
from workflow.i18n import N_
from workflow.i18n import translate as _

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "0.1.0"


# --- how commands are made: translated help, shared options, errors without tracebacks


class File(click.ParamType):
    """The name of a file or folder; pathlib is loaded when one is given. (click's own type looks up a translation.)"""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pathlib import Path

        return Path(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class Sparing(click.Command):
    """A command whose options and arguments are made when they are first asked for: a run looks at one command."""

    @property  # type: ignore[override]
    def params(self) -> list[Any]:
        self._params[:] = [one() if isinstance(one, partial) else one for one in self._params]
        return self._params

    @params.setter
    def params(self, given: list[Any]) -> None:
        self._params = given


class Command(Sparing, usage.Command):
    """A command with a translated help text and an example."""

    def invoke(self, ctx: click.Context) -> Any:
        i18n.use(ctx.params.pop("lang", None) or ctx.find_root().params.get("lang"))
        return super().invoke(ctx)


class Counter(Sparing, usage.Group):
    """The group of all commands; the acts of the process table are commands like the others."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *(spec.command for spec in _acts().values())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is None:
            event = next((event for event, spec in _acts().items() if spec.command == cmd_name), None)
            found = _act_command(event) if event else None
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        acts = [(spec.command, spec.help) for spec in _acts().values()]
        own = [(name, self.commands[name].get_short_help_str()) for name in sorted(self.commands)]
        first = [row for row in own if row[0] == "receive"]
        for title, rows in (
            (N_("Acts on a case"), first + acts),
            (N_("Looking, and everything else"), [row for row in own if row not in first]),
        ):
            with formatter.section(_(title)):
                formatter.write_dl(rows)

    def main(self, args: Any = None, prog_name: str | None = None, complete_var: str | None = None,
             standalone_mode: bool = True, **extra: Any) -> Any:  # fmt: skip
        given = list(sys.argv[1:] if args is None else args)
        if args is None:
            # A process of its own: most commands are over before there is anything to collect.
            import gc

            gc.set_threshold(50_000, 20, 20)
        run = partial(super().main, given, prog_name, complete_var, standalone_mode=False, **extra)
        result = _guarded(run, given)
        # Without errors of click's own making what is left is an exit status, or what a command returned: nothing.
        if standalone_mode:
            sys.exit(result if isinstance(result, int) else 0)
        return result


class Group(Sparing, usage.Group):
    """A group of commands within the counter."""

    command_class = Command


def _acts() -> dict[str, Any]:
    from workflow import acts

    return acts.specs()


def _guarded(run: Callable[[], Any], given: list[str]) -> Any:
    """Errors as a person can use them, with the exit status that belongs to them; never a traceback."""
    i18n.use(_sniffed(given))
    try:
        return run()
    except DisclosureError as fault:
        _show_fault(fault, "--json" in given)
        sys.exit(fault.exit_code)
    except click.exceptions.NoArgsIsHelpError as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except click.ClickException as raised:
        fault = usage.fault(raised)
        _show_fault(fault, "--json" in given)
        sys.exit(fault.exit_code)
    except click.Abort:
        click.echo(_(N_("Stopped.")), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as fault:
        from workflow.errors import Environment

        wrapped = Environment(N_("The machine refused: {detail}"), detail=str(fault),
                              way_on=N_("See what is wrong with: disclosure doctor"))  # fmt: skip
        _show_fault(wrapped, "--json" in given)
        sys.exit(wrapped.exit_code)
    except Exception as fault:
        if os.environ.get("DISCLOSURE_DEBUG"):
            raise
        detail = f"{type(fault).__name__}: {fault}"
        _show_fault(_Unexpected(N_("Unexpected fault: {detail}"), detail=detail[:500],
                                    way_on=N_("Report it with the output of the same command under DISCLOSURE_DEBUG=1.")),
                    "--json" in given)  # fmt: skip
        sys.exit(_Unexpected.exit_code)


class _Unexpected(DisclosureError):
    """A fault of the program itself. Exit status 70."""

    exit_code = 70
    kind = "unexpected"


def _sniffed(args: list[str]) -> str | None:
    """The language named on the command line, needed before the line is parsed: help is translated too."""
    for i, word in enumerate(args):
        if word == "--lang" and i + 1 < len(args):
            return args[i + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _show_fault(fault: DisclosureError, as_json: bool) -> None:
    from workflow import screen

    if as_json:
        click.echo(_json(screen.fault_json(fault)), err=True)
    else:
        for line in screen.fault_lines(fault):
            click.echo(line, err=True)


def _options(*made: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def add(function: Any) -> Any:
        for option in reversed(made):
            function = option(function)
        return function

    return add


def option(*names: str, **kwargs: Any) -> Any:
    """An option with translated help."""
    return _declared(partial(usage.Option, names, **kwargs))


class CaseArgument(click.Argument):
    """The case, which is asked for at a terminal where it was left out."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        if self.value_is_missing(value) and not ctx.resilient_parsing and sys.stdin.isatty():
            value = usage.ask(_(N_("Number of the case")), (), "case")
        return super().process_value(ctx, value)


def argument(name: str, **kwargs: Any) -> Any:
    """An argument."""
    return _declared(partial(click.Argument, [name], **kwargs))


def _declared(made: partial[click.Parameter]) -> Any:
    """As click's own decorators do, with a parameter that is still to be made."""

    def add(function: Any) -> Any:
        function.__dict__.setdefault("__click_params__", []).append(made)
        return function

    return add


LANG = option("--lang", type=click.Choice(i18n.LANGUAGES), help=N_("Language of messages."))
JSON = option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
DB = option("--db", metavar="URL", help=N_("Database (default: DISCLOSURE_DATABASE_URL, else SQLite)."))
WHO = _options(
    option("--as", "officer", metavar="KEY", help=N_("The officer who acts (default: DISCLOSURE_OFFICER).")),
    option("--office", metavar="KEY", help=N_("The office, where an officer's key is in several.")),
    DB,
)
COMMON = _options(WHO, JSON, LANG)
PLAIN = _options(DB, JSON, LANG)
ON = option("--on", metavar="DATE", help=N_("The legal day (default: today)."))
YES = option("--yes", is_flag=True, help=N_("Do not ask."))


def _complete_case(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Case numbers for the shell; a database that is not there completes to nothing."""
    from click.shell_completion import CompletionItem

    from workflow import completion

    try:
        found = completion.numbers(ctx.params.get("db"), incomplete)
    except DisclosureError:
        return []
    return [CompletionItem(number, help=name) for number, name in found]


CASE = _declared(partial(CaseArgument, ["case"], shell_complete=_complete_case))


def _desk(officer: str | None, office: str | None, db: str | None) -> Any:
    from workflow.desk import Desk
    from workflow.store import Store

    return Desk(Store(db), officer, office)


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def _print(value: Any, lines: Callable[[], list[str]], as_json: bool) -> None:
    if as_json:
        click.echo(_json(value() if callable(value) else value))
    else:
        for line in lines():
            click.echo(line)


def _finish(desk: Any, done: Any, as_json: bool, later: bool = False) -> None:
    """After the commit: make the letters that the act called for, then say what was done."""
    from workflow import outbox, screen

    fault = None
    if done.letters and not later:
        try:
            made = {
                letter["id"]: letter
                for letter in outbox.settle(desk, [letter["id"] for letter in done.letters])
            }
            done.letters = [made.get(letter["id"], letter) for letter in done.letters]
        except DisclosureError as caught:
            fault = caught
    _print(screen.done_json(done), lambda: screen.done_lines(done), as_json)
    if fault is not None:
        raise fault


def _day(text: str | None) -> Any:
    from workflow.when import parse_date

    return parse_date(text, "on") if text else None


def _fact(field: Any) -> click.Parameter:
    """The option of a fact; what may be chosen is said with its names."""
    from workflow.i18n import pick
    from workflow.named import Named

    metavar, label = "|".join(field.choice) if field.choice else field.type.upper(), field.label
    if field.choice:
        label += pick("：", ": ") + str(Named("choice", *field.choice, typed=True))
    return usage.Option([field.option, field.name], multiple=field.many, help=label, metavar=metavar)


def _act_command(event: str) -> click.Command:
    """The command of an act: its facts are the fields of acts.toml."""
    spec = _acts()[event]
    params: list[Any] = [partial(CaseArgument, ["case"], shell_complete=_complete_case)]
    params += [partial(_fact, field) for field in spec.fields]

    def run(case: str, on: str | None, expect: int | None, later: bool, as_json: bool, officer: str | None,
            office: str | None, db: str | None, **facts: Any) -> None:  # fmt: skip
        desk = _desk(officer, office, db)
        given = _asked(spec, {name: value for name, value in facts.items() if value not in (None, ())})
        _finish(desk, desk.act(case, event, given, on=_day(on), expect=expect), as_json, later)

    run = _options(
        ON,
        option(
            "--expect",
            type=int,
            metavar="VERSION",
            help=N_("Refuse if the case is no longer at this version."),
        ),
        option("--later", is_flag=True, help=N_("Leave letters to be made by 'disclosure work'.")),
        COMMON,
    )(run)
    return click.command(spec.command, cls=Command, help=spec.help, example=spec.example, params=params)(run)


def _asked(spec: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Missing facts are asked for at a terminal; in a script their absence is an error of the act."""
    if not sys.stdin.isatty():
        return given
    for field in spec.fields:
        if (field.need or (field.ask and "file" not in given)) and field.name not in given:
            given[field.name] = usage.ask(field.label, field.choice, "choice")
    return given


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"disclosure {VERSION}")
        ctx.exit()


@click.group(cls=Counter, help=N_("Government information disclosure upon application: from receipt to filing."),
             context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})  # fmt: skip
@option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
        help=N_("Show the version and exit."))  # fmt: skip
@LANG
def main(lang: str | None) -> None:
    # Without it the language is what was found before the line was parsed: it may stand after the command.
    if lang:
        i18n.use(lang)


# --- founding and the machine


@main.command(help=N_("Make the database and an office in it, from an office file or by asking."),
              example="disclosure init --office office.toml")  # fmt: skip
@option("--office", "file", type=File(), help=N_("The office file (TOML)."))
@PLAIN
def init(file: Path | None, db: str | None, as_json: bool) -> None:
    from workflow import founding, office
    from workflow.store import Store

    profile, officers = office.read(file) if file else office.checked(_ask_office())
    made = founding.init(Store(db), profile, officers)
    _print(made, lambda: [
        _(N_("{name} is set up in {database}."), **made),
        _(N_("Reconsideration: {names}"), names="、".join(organ["name"] for organ in made["reconsideration"])),
        _(N_("Keep a copy of the key file elsewhere: without it no personal data can be read.")),
    ], as_json)  # fmt: skip


def _ask_office() -> dict[str, Any]:
    """The least that an office needs, asked for at a terminal."""
    from workflow import office
    from workflow.named import word

    if not sys.stdin.isatty():
        raise Malformed(N_("'{option}' is missing: {label}."), field="office", option="--office", label="office.toml",
                        way_on=N_("For example: {example}"), example="disclosure init --office office.toml")  # fmt: skip
    choices = {"kind": office.KINDS, "level": office.LEVELS}
    raw: dict[str, Any] = {
        name: usage.ask(word("office", name), choices.get(name, ()), f"office_{name}")
        for name in (*office.NEEDED, "same_level_government", "superior_government", "superior_department")
    }
    key = usage.ask(_(N_("Key of the first officer")))
    name = usage.ask(_(N_("Name of the first officer")))
    roles = usage.ask(_(N_("Roles, separated by commas")), default="registrar,approver,archivist")
    return {**raw, "officer": [{"key": key, "name": name, "roles": roles.split(",")}]}


@main.command(help=N_("Bring an older database to the schema of this program."), example="disclosure upgrade")
@PLAIN
def upgrade(db: str | None, as_json: bool) -> None:
    from workflow import founding
    from workflow.store import Store

    before, now = founding.migrate(Store(db))
    _print(
        {"before": before, "now": now},
        lambda: [_(N_("Schema {before} → {now}."), before=before or "-", now=now)],
        as_json,
    )


@main.command(help=N_("Write everything into one file: tables, files, and on demand the keys."),
              example="disclosure backup 2026-03-31.zip")  # fmt: skip
@argument("out", type=File())
@option("--with-key", is_flag=True, help=N_("Put the key file in too (keep such a backup under lock)."))
@PLAIN
def backup(out: Path, with_key: bool, db: str | None, as_json: bool) -> None:
    from workflow import backup as archive
    from workflow.store import Store

    with _progress() as seen:
        made = archive.backup(Store(db), out, with_key=with_key, seen=seen)
    _print(made, lambda: [
        _(N_("Written: {path}"), path=made["archive"]),
        *(_(N_("MISSING from the file store, and so from the backup: {sha256}"), sha256=one) for one in made["missing"]),
    ], as_json)  # fmt: skip
    if made["missing"]:
        sys.exit(5)


@main.command(help=N_("Put a backup into an empty database; never over what is there."),
              example="disclosure restore 2026-03-31.zip")  # fmt: skip
@argument("archive", type=File())
@PLAIN
def restore(archive: Path, db: str | None, as_json: bool) -> None:
    from workflow import backup as archives
    from workflow.store import Store

    with _progress() as seen:
        made = archives.restore(Store(db), archive, seen=seen)
    _print(made, lambda: [_(N_("Restored from {path}."), path=archive)], as_json)


def _progress() -> Any:
    """A counter on standard error while something long goes on, at a terminal only."""
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Any:
        if not sys.stderr.isatty():
            yield lambda *_: None
            return
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with Progress(
            SpinnerColumn(), TextColumn("{task.completed}"), TimeElapsedColumn(), transient=True
        ) as bar:
            task = bar.add_task("", total=None)
            yield lambda *_: bar.advance(task)

    return shown()


@main.command(
    help=N_("Say what is present, what is missing, and how to get it."), example="disclosure doctor"
)
@PLAIN
def doctor(db: str | None, as_json: bool) -> None:
    from workflow import doctor as checks

    found = checks.checks(db)
    _print([checks.as_json(one) for one in found], lambda: checks.lines(found), as_json)
    if not checks.healthy(found):
        sys.exit(6)


@main.command(
    help=N_("Walk the ledger, fold every case again, and compare."), example="disclosure verify --files"
)
@option("--files", "with_files", is_flag=True, help=N_("Read every attachment and letter too."))
@COMMON
def verify(with_files: bool, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow import audit
    from workflow import office as offices
    from workflow.store import Store

    store = Store(db)
    with store.reading() as connection:
        chosen = [one for one in offices.listed(connection) if office in (None, one.key)]
    results = []
    for one in chosen:
        with _progress() as seen:
            verdict = audit.verify(store, one, with_files=with_files, seen=seen)
        results.append({"office": one.key, "entries": verdict.entries, "cases": verdict.cases, "files": verdict.files, "keys": verdict.keys,
                        "head": verdict.head, "stale": verdict.stale})  # fmt: skip
    _print(results, lambda: [
        line for result in results for line in (
            _(N_("{office}: {entries} entries and {cases} cases hold. Newest hash: {head}"), **result),
            *([_(N_("  Deadlines that a newer calendar moves: {stale} (see: disclosure recompute)"),
                 stale=", ".join(result["stale"]))] if result["stale"] else []),
        )
    ], as_json)  # fmt: skip


# --- receiving


@main.command(help=N_("Receive an application, by options or from a TOML or JSON file."),
              example="disclosure receive --channel post --name 张三 --request '2025年度某项目环评批复' --on 2026-03-02")  # fmt: skip
@option("--file", type=File(), help=N_("The application as a TOML or JSON file."))
@option("--channel", metavar="NAME", help=N_("in_person, post, post_unsigned, online, fax, email or oral."))
@option("--name", help=N_("The applicant."))
@option(
    "--kind",
    help=N_(
        "natural_person, commercial_enterprise, research_institution, public_welfare_org, legal_service or other."
    ),
)
@option("--id-type", help=N_("Kind of identity document."))
@option("--id-number", help=N_("Identity number (kept encrypted)."))
@option("--address", help=N_("Postal address (kept encrypted)."))
@option("--postcode", help=N_("Postcode."))
@option("--phone", help=N_("Telephone (kept encrypted)."))
@option("--email", help=N_("E-mail (kept encrypted)."))
@option("--representative", help=N_("Legal representative of an organisation."))
@option("--request", help=N_("What is asked for."))
@option("--item", "items", multiple=True, help=N_("One thing asked for (repeatable)."))
@option("--form", help=N_("In what form the applicant wants it."))
@option("--attach", multiple=True, type=File(), help=N_("A file to keep with the case (repeatable)."))
@option("--signed-on", metavar="DATE", help=N_("Post: the day the organ signed for it."))
@option("--confirmed-on", metavar="DATE", help=N_("The day both sides confirmed."))
@option("--system-on", metavar="DATE", help=N_("Online: the day the system reported success."))
@ON
@COMMON
def receive(
    file: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool, **given: Any
) -> None:
    from workflow import intake

    desk = _desk(officer, office, db)
    given = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value not in (None, ())
    }
    if file:
        application = intake.read_file(file)
        if given:
            raise Malformed(N_("Give the application by --file or by options, not both."), field=min(given))
    else:
        application = intake.checked(_asked_application(given) if sys.stdin.isatty() else given)
    _finish(desk, desk.receive(application), as_json)


def _asked_application(given: dict[str, Any]) -> dict[str, Any]:
    """What no application can do without and was not given, asked for at a terminal."""
    from workflow import law
    from workflow.named import word

    for name in ("channel", "name", "request"):
        if name not in given and not (name == "request" and "items" in given):
            choices = law.bundled().channels() if name == "channel" else ()
            given[name] = usage.ask(word("column", name), choices, name)
    return given


@main.command(help=N_("Receive many applications from a CSV or Excel list; rows at fault are reported, the others entered."),
              example="disclosure intake 三月申请.xlsx --dry-run")  # fmt: skip
@argument("file", type=File())
@option("--dry-run", is_flag=True, help=N_("Only check; enter nothing."))
@option("--report", type=File(), help=N_("Write the result of each row to this CSV file."))
@COMMON
def intake(
    file: Path,
    dry_run: bool,
    report: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow import bulk, screen

    desk = _desk(officer, office, db)
    with _progress() as seen:
        results = bulk.enter(desk, file, dry_run=dry_run, seen=seen)
    if report:
        bulk.write_report(results, report)
    refused = [one for one in results if one.fault]
    _print(lambda: {
        "entered": [{"row": one.row, "case": one.case} for one in results if one.case],
        "refused": [{"row": one.row, **screen.fault_json(one.fault)["error"]} for one in refused if one.fault],
        "notes": [{"row": one.row, "text": text} for one in results for text in one.remarks],
        "checked": len(results),
    }, lambda: [
        *(_(N_("Row {row} ({name}): {text}"), row=one.row, name=one.name, text=one.fault.text) for one in refused if one.fault),
        *(_(N_("Row {row} ({name}): {text}"), row=one.row, name=one.name, text=text) for one in results for text in one.remarks),
        _(N_("{n} rows: {entered} entered, {refused} refused."), n=len(results),
          entered=sum(1 for one in results if one.case), refused=len(refused)),
    ], as_json)  # fmt: skip
    if refused:
        sys.exit(1)


# --- looking


@main.command("list", help=N_("List cases."), example="disclosure list --open --overdue")
@option("--state", help=N_("Only in this state."))
@option("--handler", metavar="KEY", help=N_("Only of this handler."))
@option("--unit", metavar="KEY", help=N_("Only of this unit."))
@option("--text", help=N_("Only with this text in number, applicant or request."))
@option("--open", "only_open", is_flag=True, help=N_("Only open cases."))
@option("--overdue", is_flag=True, help=N_("Only cases whose time for reply is over."))
@option("--limit", type=click.IntRange(1), default=200, show_default=True, help=N_("At most so many."))
@option("--after", type=int, default=0, help=N_("Go on after this id (from --json)."))
@COMMON
def list_(
    overdue: bool, officer: str | None, office: str | None, db: str | None, as_json: bool, **filters: Any
) -> None:
    from workflow import register, screen, when

    desk = _desk(officer, office, db)
    with desk.store.reading() as connection:
        rows = list(
            register.cases(
                connection, desk.office.id, overdue_on=when.today() if overdue else None, **filters
            )
        )
    _print(rows, lambda: screen.list_lines(rows, when.today()), as_json)


@main.command(
    help=N_("Show a case with its clocks; personal data masked."), example="disclosure show 2026-0001"
)
@CASE
@option("--as-of", metavar="DATE", help=N_("As it was known at the end of that day."))
@COMMON
def show(
    case: str, as_of: str | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow import desktop, screen, when

    desk = _desk(officer, office, db)
    if as_of:
        opened = desktop.as_of(desk, case, _day(as_of))
    else:
        with desk.store.reading() as connection:
            opened = desk.open(connection, case)
    _print(lambda: screen.case_json(opened.case, opened.clocks, opened.version),
           lambda: screen.case_lines(opened.case, opened.clocks, when.today()), as_json)  # fmt: skip


@main.command(help=N_("The clocks of a case."), example="disclosure clocks 2026-0001")
@CASE
@COMMON
def clocks(case: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow import screen, when

    desk = _desk(officer, office, db)
    with desk.store.reading() as connection:
        opened = desk.open(connection, case)
    _print(lambda: [screen.clock_json(clock) for clock in opened.clocks],
           lambda: screen.clock_lines(opened.clocks, when.today()), as_json)  # fmt: skip


@main.command(help=N_("What was recorded of a case, entry by entry."), example="disclosure history 2026-0001")
@CASE
@COMMON
def history(case: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow import screen

    desk = _desk(officer, office, db)
    with desk.store.reading() as connection:
        entries = desk.open(connection, case).entries
    _print(lambda: [{**{name: getattr(entry, name) for name in ("n", "event", "track", "recorded_at", "actor", "source",
                                                               "dest", "article", "payload")},
                     "on": entry.on.isoformat()} for entry in entries],
           lambda: screen.history_lines(entries), as_json)  # fmt: skip


@main.command("next", help=N_("What may be done next on a case, or on all of mine: by whom, until when, on which provision."),
              example="disclosure next 2026-0001")  # fmt: skip
@argument("case", required=False, shell_complete=_complete_case)
@option("--everything", is_flag=True, help=N_("Also what may be done at any time."))
@COMMON
def next_(
    case: str | None, everything: bool, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow import desktop, screen

    desk = _desk(officer, office, db)
    found = desktop.next_steps(desk, case, everything=everything)
    _print(lambda: [screen.option_json(number, option) for number, _state, options in found for option in options],
           lambda: [line for number, state, options in found
                    for line in (f"{number}  {screen.name('state', state)}", *screen.option_lines(number, options), "")],
           as_json)  # fmt: skip


@main.command(help=N_("The letters of a case: code, number, date, SHA-256; with --out, write the PDFs into a folder."),
              example="disclosure letters 2026-0001 --out 文书/")  # fmt: skip
@CASE
@option("--out", type=File(), help=N_("Folder for the PDFs."))
@COMMON
def letters(
    case: str, out: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow import desktop, screen

    desk = _desk(officer, office, db)
    found = desktop.letters(desk, case, out)
    _print(found, lambda: screen.table(["", "", "", "", "", ""], [
        [one["code"], screen.letter_name(one["code"]), one["number"] or "-", one["dated"], one["sha256"] or "-",
         one["path"] or ""] for one in found
    ])[1:], as_json)  # fmt: skip


@main.command(
    help=N_("Do what waits after acts: make the letters that are not made yet."), example="disclosure work"
)
@COMMON
def work(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow import outbox

    desk = _desk(officer, office, db)
    with _progress() as seen:
        made = outbox.settle(desk, seen=seen)
    _print(made, lambda: [_(N_("{n} letters made."), n=len(made))], as_json)


# --- the file itself


@main.command(help=N_("Correct what was recorded wrongly; both values are kept, what follows is computed anew."),
              example="disclosure amend 2026-0001 --field received-on --to 2026-03-03 --reason '收件章日期为3日'")  # fmt: skip
@CASE
@option("--field", required=True, help=N_("What was wrong, for example received-on or applicant-name."))
@option("--to", "new", required=True, help=N_("The right value."))
@option("--reason", required=True, help=N_("Why it is corrected."))
@option("--no", type=int, help=N_("Which one, where there are several (consultations)."))
@COMMON
def amend(case: str, field: str, new: str, reason: str, no: int | None, officer: str | None, office: str | None,
          db: str | None, as_json: bool) -> None:  # fmt: skip
    desk = _desk(officer, office, db)
    _finish(desk, desk.amend(case, field, new, reason, no=no), as_json)


@main.command(help=N_("Show the applicant's personal data in full; that it was looked at is recorded."),
              example="disclosure reveal 2026-0001 --reason '核对邮寄地址'")  # fmt: skip
@CASE
@option("--reason", required=True, help=N_("Why it has to be seen."))
@COMMON
def reveal(
    case: str, reason: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.i18n import pick
    from workflow.named import word

    desk = _desk(officer, office, db)
    _done, plain = desk.reveal(case, reason)
    _print(plain, lambda: [f"{word('column', key)}{pick('：', ': ')}{word('applicant', value) if key == 'kind' else value}"
                           for key, value in plain.items()], as_json)  # fmt: skip


@main.command(help=N_("Take an attachment out of the file store, checked against its SHA-256."),
              example="disclosure fetch 2026-0001 申请表.pdf --out ./申请表.pdf")  # fmt: skip
@CASE
@argument("name")
@option("--out", required=True, type=File(), help=N_("Where to put it."))
@COMMON
def fetch(
    case: str, name: str, out: Path, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow import desktop

    made = desktop.fetch(_desk(officer, office, db), case, name, out)
    _print(made, lambda: [_(N_("Written: {path}"), path=out)], as_json)


# --- office, officers


@main.group(cls=Group, help=N_("The office: its profile and settings."))
def office() -> None:
    """Commands on the office."""


@office.command("show", help=N_("Show the office's profile and its settings for the open points of law."),
                example="disclosure office show")  # fmt: skip
@COMMON
def office_show(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.named import Named

    desk = _desk(officer, office, db)
    plain = {**desk.office.profile, "settings": desk.office.settings}
    _print(plain, lambda: [f"{Named('office', key, typed=True)}: {_json(value) if isinstance(value, list | dict) else value}"
                           for key, value in plain.items()], as_json)  # fmt: skip


@office.command("set", help=N_("Change one entry of the profile; the change is recorded."),
                example="disclosure office set settings.online_receipt confirmed")  # fmt: skip
@argument("name")
@argument("value")
@COMMON
def office_set(
    name: str, value: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow import founding

    profile = founding.set_profile(_desk(officer, office, db), name, value)
    _print(profile, lambda: [f"{name} = {value}"], as_json)


@office.command("list", help=N_("All offices of the database."), example="disclosure office list")
@PLAIN
def office_list(db: str | None, as_json: bool) -> None:
    from workflow import office as offices
    from workflow.store import Store

    with Store(db).reading() as connection:
        found = offices.listed(connection)
    _print(
        [{"key": one.key, "name": one.name} for one in found],
        lambda: [f"{one.key}  {one.name}" for one in found],
        as_json,
    )


@main.group(cls=Group, help=N_("The officers of the office and their roles."))
def officer() -> None:
    """Commands on officers."""


@officer.command("list", help=N_("Officers with their roles and units."), example="disclosure officer list")
@option("--office", metavar="KEY", help=N_("Only of this office."))
@PLAIN
def officer_list(office: str | None, db: str | None, as_json: bool) -> None:
    from workflow import desktop, screen

    found = desktop.officers(db, office)
    _print(found, lambda: screen.table(["", "", "", "", ""], [
        [one["office"], one["key"], one["name"], "/".join(screen.name("role", role) for role in one["roles"]),
         (one["unit"] or "-") + ("" if one["active"] else " " + _(N_("(stopped)")))] for one in found
    ])[1:], as_json)  # fmt: skip


@officer.command("add", help=N_("Add an officer, or give one other roles."),
                 example="disclosure officer add li --name 李四 --roles handler --unit gongkai")  # fmt: skip
@argument("key")
@option("--name", required=True, help=N_("The name."))
@option("--roles", required=True, help=N_("Roles, separated by commas."))
@option("--unit", help=N_("The unit."))
@option("--login", help=N_("Login name on this machine."))
@COMMON
def officer_add(key: str, name: str, roles: str, unit: str | None, login: str | None, officer: str | None,
                office: str | None, db: str | None, as_json: bool) -> None:  # fmt: skip
    from workflow import founding
    from workflow.named import Named

    entry = {"key": key, "name": name, "roles": roles, "unit": unit, "login": login}
    made = founding.add_officer(_desk(officer, office, db), entry)
    _print(
        {**entry, "roles": list(made.roles)},
        lambda: [f"{made.key}  {made.name}  {Named('role', *made.roles)}"],
        as_json,
    )


@officer.command("stop", help=N_("An officer who left acts no more."), example="disclosure officer stop li")
@argument("key")
@COMMON
def officer_stop(key: str, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow import founding

    founding.stop_officer(_desk(officer, office, db), key)
    _print({"key": key, "active": False}, lambda: [_(N_("{key} acts no more."), key=key)], as_json)


# --- the process, for publication and for lawyers


@main.group(cls=Group, help=N_("The procedure: its chart for publication, its table for a lawyer to read."))
def process() -> None:
    """Commands on the process table."""


@process.command("chart", help=N_("Draw the procedure chart (SVG, or Mermaid text)."),
                 example="disclosure process chart --out 流程图.svg")  # fmt: skip
@option(
    "--format",
    "form",
    type=click.Choice(["svg", "mermaid"]),
    default="svg",
    show_default=True,
    help=N_("What to write."),
)
@option("--out", type=File(), help=N_("The file (default: standard output)."))
@_options(JSON, LANG)
def process_chart(form: str, out: Path | None, as_json: bool) -> None:
    from workflow import chart
    from workflow import process as processes

    drawn = (chart.svg if form == "svg" else chart.mermaid)(processes.bundled(), i18n.language())
    _written(drawn, out, as_json)


@process.command("matrix", help=N_("Print role × state × event as CSV: who may do what, when, on which provision."),
                 example="disclosure process matrix --out 权限矩阵.csv")  # fmt: skip
@option("--out", type=File(), help=N_("The file (default: standard output)."))
@_options(JSON, LANG)
def process_matrix(out: Path | None, as_json: bool) -> None:
    from workflow import matrix
    from workflow import process as processes

    if as_json:
        _print(matrix.rows(processes.bundled(), i18n.language()), list, True)
    else:
        _written(matrix.to_csv(processes.bundled(), i18n.language(), bom=out is not None), out, False)


def _written(text: str, out: Path | None, as_json: bool) -> None:
    """Text to a file, whole or not at all, or to standard output."""
    if out is None:
        _print({"text": text}, lambda: [text.rstrip("\n")], as_json)
        return
    from workflow import durable

    durable.write(out, text.encode("utf-8"), replace=True)
    _print({"path": str(out)}, lambda: [_(N_("Written: {path}"), path=out)], as_json)


# --- the law, the calendar, and calculators that need no case


@main.command(help=N_("Compute a deadline from a rule and a day, without a case (RULE: reply, correction-notice, third-party-opinion, co-maker-opinion, fee-payment, reconsideration, litigation, litigation-after-reconsideration)."),
              example="disclosure deadline reply --from 2026-03-02 --extended")  # fmt: skip
@argument("rule")
@option(
    "--from",
    "start",
    required=True,
    metavar="DATE",
    help=N_("The day of receipt, service or notice itself; '-' reads days from standard input."),
)
@option("--extended", is_flag=True, help=N_("With the longest extension (reply)."))
@option(
    "--excluded",
    multiple=True,
    metavar="START..END",
    help=N_("Days of consultation to leave out (reply; repeatable)."),
)
@option("--as-known-on", metavar="DATE", help=N_("With the calendar as it was known on that day."))
@_options(JSON, LANG)
def deadline(
    rule: str, start: str, extended: bool, excluded: tuple[str, ...], as_known_on: str | None, as_json: bool
) -> None:
    from workflow import calculators

    ask = calculators.Deadlines(rule, extended, excluded, as_known_on)
    if start == "-":
        calculators.stream(ask, sys.stdin, click.echo)
    else:
        found = ask.one(start)
        _print(
            lambda: found.as_json(ask.calendar),
            lambda: calculators.deadline_lines(found, ask.calendar),
            as_json,
        )


@main.group(cls=Group, help=N_("The processing fee by the scale of the day."))
def fee() -> None:
    """Commands on fees."""


@fee.command(
    "by-page", help=N_("The fee for so many pages of one application."), example="disclosure fee by-page 57"
)
@argument("pages", type=click.IntRange(0, 10**9))
@ON
@_options(JSON, LANG)
def fee_by_page(pages: int, on: str | None, as_json: bool) -> None:
    from workflow import calculators

    found = calculators.fee("by_page", pages, 0, _day(on))
    _print(lambda: calculators.fee_json(found), lambda: calculators.fee_lines(found), as_json)


@fee.command("by-item", help=N_("The fee for so many items, after those already asked for in the same month."),
             example="disclosure fee by-item 12 --already 5")  # fmt: skip
@argument("items", metavar="COUNT", type=click.IntRange(0, 10**9))
@option(
    "--already",
    type=click.IntRange(0, 10**9),
    default=0,
    help=N_("Items asked for earlier this calendar month."),
)
@ON
@_options(JSON, LANG)
def fee_by_item(items: int, already: int, on: str | None, as_json: bool) -> None:
    from workflow import calculators

    found = calculators.fee("by_item", items, already, _day(on))
    _print(lambda: calculators.fee_json(found), lambda: calculators.fee_lines(found), as_json)


@main.group(cls=Group, help=N_("The law tables: every value with its article, dates and certainty."))
def law() -> None:
    """Commands on the law tables."""


@law.command("at", help=N_("Every legal value in force on a day."), example="disclosure law at 2018-06-01")
@argument("day", metavar="DATE")
@_options(JSON, LANG)
def law_at(day: str, as_json: bool) -> None:
    from workflow import calculators

    found = calculators.law_at(_day(day))
    _print(lambda: calculators.values_json(found), lambda: calculators.values_lines(found), as_json)


@law.command(
    "show", help=N_("The history of one value, with its sources."), example="disclosure law show reply.limit"
)
@argument("name", metavar="ID")
@_options(JSON, LANG)
def law_show(name: str, as_json: bool) -> None:
    from workflow import calculators

    found = calculators.law_show(name)
    _print(lambda: calculators.values_json(found), lambda: calculators.history_lines(found), as_json)


@law.command(
    "check",
    help=N_("Check the tables: gaps, overlaps, articles, units, sources."),
    example="disclosure law check",
)
@_options(JSON, LANG)
def law_check(as_json: bool) -> None:
    from workflow import calculators

    found, faults = calculators.law_check()
    _print(
        {"checked": found, "faults": faults},
        lambda: [*faults, _(N_("{n} things checked, {m} at fault."), n=found, m=len(faults))],
        as_json,
    )
    if faults:
        sys.exit(5)


@main.group(cls=Group, help=N_("The calendar of working days: show, check, import next year's notice."))
def calendar() -> None:
    """Commands on the calendar."""


@calendar.command("show", help=N_("The days off and make-up working days of a year, with their notices."),
                  example="disclosure calendar show 2026")  # fmt: skip
@argument("year", type=click.IntRange(1, 9999))
@option("--as-known-on", metavar="DATE", help=N_("As it was known on that day."))
@_options(JSON, LANG)
def calendar_show(year: int, as_known_on: str | None, as_json: bool) -> None:
    from workflow import calculators

    found = calculators.year(year, as_known_on)
    _print(lambda: calculators.year_json(found), lambda: calculators.year_lines(found), as_json)


@calendar.command("check", help=N_("Whether the calendar reaches far enough: warns from 1 November, fails from 1 December."),
                  example="disclosure calendar check")  # fmt: skip
@_options(JSON, LANG)
def calendar_check(as_json: bool) -> None:
    from workflow import calculators

    found = calculators.coverage()
    _print(found, lambda: [found["text"]], as_json)
    if found["severity"] == "fail":
        sys.exit(6)


@calendar.command("import", help=N_("Import the State Council's notice for a year (CSV, JSON or TOML)."),
                  example="disclosure calendar import 2027.csv --number 国办发明电〔2026〕9号 --promulgated 2026-11-20")  # fmt: skip
@argument("file", type=File())
@option("--year", type=int, help=N_("The year, if the file does not say it."))
@option("--number", help=N_("The number of the notice."))
@option("--promulgated", metavar="DATE", help=N_("The day of the notice."))
@option("--source", help=N_("Where it was published."))
@COMMON
def calendar_import(file: Path, year: int | None, number: str | None, promulgated: str | None, source: str | None,
                    officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:  # fmt: skip
    from workflow import announced

    desk = _desk(officer, office, db)
    notice = announced.read(
        file, desk.context.calendar, year=year, number=number, promulgated=_day(promulgated), source=source
    )
    new = announced.take_in(desk, notice)
    said = (
        N_("{name} is imported: {off} days off, {work} make-up working days.")
        if new
        else N_("{name} was known already.")
    )
    _print({"year": notice.year, "number": notice.number, "off": [day.isoformat() for day in notice.off],
            "work": [day.isoformat() for day in notice.work], "new": new}, lambda: [
        _(said, name=notice.name, off=len(notice.off), work=len(notice.work)),
        *([_(N_("{day} is a holiday by law that the file does not list; it stays a day off."), day=day)
           for day in announced.left_open(notice)] if new else []),
        _(N_("See which deadlines move with: disclosure recompute")),
    ], as_json)  # fmt: skip


@main.command(help=N_("Show which open deadlines move after a new notice or a change of the law; with --apply, write it."),
              example="disclosure recompute --apply")  # fmt: skip
@option("--apply", "write", is_flag=True, help=N_("Write the changes, one ledger entry a case."))
@COMMON
def recompute(write: bool, officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow import recompute as recomputing
    from workflow import screen

    desk = _desk(officer, office, db)
    changes = list(recomputing.plan(desk))
    if write:
        with _progress() as seen:
            recomputing.apply(desk, changes, seen)
    _print(lambda: {"applied": write, "changes": [{"case": change.number, **change.payload} for change in changes]},
           lambda: screen.change_lines(changes, write), as_json)  # fmt: skip


@main.command(help=N_("How the deadlines of a case were reached: every day counted or left out, and why."),
              example="disclosure explain 2026-0001 --pdf 期限计算说明.pdf")  # fmt: skip
@CASE
@option("--rule", help=N_("Only this clock, for example reply.limit."))
@option("--pdf", type=File(), help=N_("Write it as a page that can be laid before a court."))
@COMMON
def explain(
    case: str,
    rule: str | None,
    pdf: Path | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow import desktop

    found = desktop.explanation(_desk(officer, office, db), case, rule)
    if pdf:
        found.write_pdf(pdf)
    _print(found.as_json, found.lines if not pdf else lambda: [_(N_("Written: {path}"), path=pdf)], as_json)


if __name__ == "__main__":
    main()
