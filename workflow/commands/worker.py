"""Workers: what waits is done by as many processes, on as many machines, as are started."""

from __future__ import annotations

import sys

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import PLAIN, command, option
from workflow.commands.printing import as_text, output


@command("worker", example="disclosure worker --jobs 4")
@option("--setup", is_flag=True, help=N_("Make the tables of the queue in the database, and end."))
@option("--once", is_flag=True, help=N_("End when nothing is left that can be done now."))
@option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help=N_("So many processes."))
@option(
    "--stalled-after",
    "stalled",
    type=click.IntRange(1, 3600),
    default=30,
    show_default=True,
    help=N_("Seconds without a sign of life after which a worker counts as dead."),
)
@PLAIN
def worker(setup: bool, once: bool, jobs: int, stalled: int, db: str | None, as_json: bool) -> None:
    from workflow.jobs import worker as workers
    from workflow.storage.database import Store

    store = Store(db)
    if setup:
        made = workers.set_up(store)
        said = N_("The tables of the queue are made.") if made else N_("The tables of the queue are there.")
        output({"made": made}, lambda: [_(said)], as_json)
        return
    if jobs > 1:
        from workflow.jobs import supervisor

        workers.ready(store)
        sys.exit(supervisor.run(store.url, jobs, once=once, stalled=stalled, as_json=as_json))

    def told(what: str, facts: dict[str, object]) -> None:
        if as_json:
            click.echo(as_text({"what": what, **facts}))
        elif what == "fault":
            click.echo(_(N_("Work {row}: {text}"), **facts), err=True)
        elif "sha256" in facts:
            click.echo(_(N_("Letter {id} is made: {path}"), **facts))
        else:
            click.echo(_(N_("Work {row} is done."), **facts))

    workers.run(store, once=once, stalled=stalled, told=told)
