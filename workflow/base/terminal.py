"""The terminal: its width, whether output is plain for screen readers, and printing to it.

Files and pipes get every line at full width, so that other programs read unfolded lines; COLUMNS sets a width
for them too.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TextIO

import click

from workflow.base import caller, screen, variables

PLAIN = "DISCLOSURE_PLAIN"
# The width where the terminal does not tell its own.
USUAL = 80
# The least width that can be laid out.
NARROWEST = 20
# So many lines are written at once.
_LOT = 200
_plain = False
# How a line says the commands within it: as they are, unless the program's commands say otherwise.
_typed: Callable[[str], str] = str


def use(plain: bool) -> None:
    """Choose plain output: one field a line, no symbols, nothing that moves."""
    global _plain
    _plain = plain or (variables.given(PLAIN) or "").lower() not in ("", "0", "no", "off")


def say_commands(typed: Callable[[str], str]) -> None:
    """Choose how lines for a person say the commands within them."""
    global _typed
    _typed = typed


def plain() -> bool:
    """Whether output is plain."""
    return _plain


def moving() -> bool:
    """Whether a bar or a counter may move on standard error."""
    return _is_terminal(sys.stderr) and not _plain


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is a terminal; None where it was closed before the program began."""
    return stream is not None and stream.isatty()


def columns() -> int | None:
    """The cells of a line: COLUMNS, else those of the terminal; None where output is a file or a pipe."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return max(int(given), NARROWEST)
    try:
        size = os.get_terminal_size(sys.__stdout__.fileno())  # type: ignore[union-attr]
        return max(size.columns or USUAL, NARROWEST)
    except (AttributeError, ValueError, OSError):
        return None


def rows() -> int | None:
    """The lines of the screen; None where output is not a terminal."""
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)) or _plain:
        return None
    given = os.environ.get("LINES", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or None
    except (ValueError, OSError):
        return None


def wait_for_line() -> None:
    """Wait until a line was typed at a terminal. An interrupt that comes between a question and the reading
    of its answer is heard: reading alone goes to sleep without a look whether one came.
    """
    if not _is_terminal(sys.stdin):
        return
    import select
    import signal

    hears, tells = os.pipe()
    os.set_blocking(hears, False)
    os.set_blocking(tells, False)
    try:
        before = signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    except ValueError:
        # Signals are another thread's.
        before = None
    try:
        # What Python does at a signal it does between two steps of this loop.
        while sys.stdin not in select.select([sys.stdin, hears], [], [])[0]:
            with contextlib.suppress(BlockingIOError):
                os.read(hears, 512)
    finally:
        if before is not None:
            signal.set_wakeup_fd(before)
        os.close(hears)
        os.close(tells)


def set_lines(texts: Iterable[str]) -> Iterator[str]:
    """The output of a command, as lines for the present screen."""
    room, read = columns(), _is_terminal(sys.stdout)
    for text in texts:
        # What is laid out already, or is another's content, stays as it is.
        said = _typed(text) if type(text) is str else text
        yield from screen.lines_of(
            said, room if read or not isinstance(text, screen.Verbatim) else None, _plain
        )


def _print(lines: Iterable[str], err: bool) -> None:
    """Lines by the lot, for each writing costs as much as making a line; what was made before a fault too."""
    lot: list[str] = []
    try:
        for line in lines:
            lot.append(line)
            if len(lot) == _LOT:
                whole, lot = lot, []
                _write(whole, err)
    finally:
        if lot:
            _write(lot, err)


def _write(lines: list[str], err: bool) -> None:
    try:
        click.echo("\n".join(lines), err=err)
    except UnicodeEncodeError:
        # The lines before that which the encoding lacks are shown.
        for line in lines:
            click.echo(line, err=err)


def show(texts: Iterable[str], *, err: bool = False) -> None:
    """Print the output of a command; what is longer than the screen goes through the pager."""
    lines = set_lines(texts)
    height = None if err else rows()
    if height is None:
        _print(lines, err)
        return
    first = list(islice(lines, height))
    if len(first) < height:
        for line in first:
            click.echo(line)
        return
    # less quits where everything fits on the screen, leaves the text on it, and shows Chinese as it is.
    os.environ.setdefault("LESS", "-FRX")
    os.environ.setdefault("LESSCHARSET", "utf-8")
    his = caller.hands()
    if his is not None:
        his.page(f"{line}\n" for line in chain(first, lines))
        return
    click.echo_via_pager(f"{line}\n" for line in chain(first, lines))
