"""What a command gives back: as lines or as JSON, into a file, or as a bar while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from workflow.base import screen, terminal
from workflow.base.messages import N_
from workflow.base.messages import translate as _

if TYPE_CHECKING:
    from pathlib import Path


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
