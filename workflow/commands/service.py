"""The resident service: start, stop, look at it, serve in the foreground."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import JSON, LANG, group, option
from workflow.commands.parameter_types import Folder
from workflow.commands.printing import output

IDLE = option(
    "--idle",
    type=click.IntRange(1),
    default=1800,
    show_default=True,
    metavar="SECONDS",
    help=N_("End after so long without a command."),
)


@group("service")
def service() -> None:
    """Commands on the resident service."""


@service.command(
    "start",
    help=N_("Start the service in the background: commands then answer at once."),
    example="disclosure service start --automatic",
)
@IDLE
@option(
    "--automatic/--no-automatic",
    default=None,
    help=N_("From now on a command that finds no service starts one, or does not."),
)
@JSON
@LANG
def service_start(idle: int, automatic: bool | None, as_json: bool) -> None:
    from workflow.service import runtime, state

    if automatic is not None:
        runtime.allow(automatic)
    found = state.state()
    if not found.current:
        found = runtime.start(idle)
    output(state.as_json(found), lambda: [_(N_("The service runs (process {pid})."), pid=found.pid)], as_json)


@service.command(
    "stop", help=N_("End the service; commands under way are finished."), example="disclosure service stop"
)
@JSON
@LANG
def service_stop(as_json: bool) -> None:
    from workflow.service import runtime

    found = runtime.stop()
    said = N_("The service has ended.") if found.pid else N_("No service was running.")
    output({"was_running": found.running}, lambda: [_(said)], as_json)


@service.command(
    "status",
    help=N_(
        "Whether a service answers, since when, and whether it serves this program. Exit status 3 if none."
    ),
    example="disclosure service status",
)
@JSON
@LANG
def service_status(as_json: bool) -> None:
    from workflow.service import state

    found = state.anywhere()
    lines = [
        _(state.MEANS[found.answer], pid=found.pid or "-", user=state.user(found)),
        _(N_("Folder: {folder}"), folder=found.folder),
    ]
    if found.by_systemd:
        lines.append(_(N_("systemd keeps it.")))
    else:
        lines.append(
            _(
                N_("Started by commands themselves: {said}"),
                said=_(N_("yes") if found.automatic else N_("no")),
            )
        )
    output(state.as_json(found), lambda: lines, as_json)
    if not found.running:
        sys.exit(3)


@service.command(
    "run", help=N_("Serve in the foreground (for systemd, or to look on)."), example="disclosure service run"
)
@IDLE
@option("--system", is_flag=True, help=N_("For every user of the machine, on the socket of systemd."))
@option("--quiet", is_flag=True, help=N_("Say nothing."))
@JSON
@LANG
@click.pass_context
def service_run(ctx: click.Context, idle: int, system: bool, quiet: bool, as_json: bool) -> None:
    from workflow.commands.completing import tree
    from workflow.service import runtime

    tree.hold()
    program = ctx.find_root().command

    def one(words: list[str]) -> int:
        sys.argv = words
        program.main(args=words[1:], prog_name="disclosure")

    def said(folder: Path) -> None:
        if not quiet:
            output(
                {"folder": str(folder)},
                lambda: [_(N_("Serving in {folder}; end with Ctrl-C."), folder=folder)],
                as_json,
            )
            sys.stdout.flush()

    runtime.run(one, idle, said, system=system)


@service.command(
    "install",
    help=N_(
        "Write the units of systemd: for the machine, where the service keeps the database as a user of its own, or for this user."
    ),
    example="disclosure service install --system --out units",
)
@option("--system/--user", default=False, help=N_("For the machine, or for this user (the default)."))
@option(
    "--account", default="disclosure", show_default=True, metavar="NAME", help=N_("The service's own user.")
)
@option("--out", type=Folder(), metavar="FOLDER", help=N_("Where the units are written."))
@option("--replace", is_flag=True, help=N_("Write over units that are there."))
@JSON
@LANG
def service_install(system: bool, account: str, out: Path | None, replace: bool, as_json: bool) -> None:
    from workflow.service import install

    made = install.install(system=system, account=account, out=out, replace=replace)
    output(
        {"units": [str(path) for path in made.units], "commands": made.commands},
        lambda: [
            *(_(N_("Written: {path}"), path=path) for path in made.units),
            _(N_("Then:")),
            *(f"  {line}" for line in made.commands),
        ],
        as_json,
    )
