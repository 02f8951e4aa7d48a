"""Lines typed at a terminal: with proposals while typing, or plainly, one line after the other.

Both readers are linear, so that a screen reader can follow them. Ctrl-C and the end of input stop; several
lines at once (a paste with line ends) are refused as a whole, so that none of them answers the next question.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import click

from workflow.base import caller, terminal

# What may be taken for what was typed so far: the word, and what is said beside it.
Proposals = Callable[[str], Iterable[tuple[str, str]]]
# One line pasted may arrive in parts.
PATIENCE = 0.05
MENU = 6


class Stopped(Exception):
    """Ctrl-C, or the end of input."""


class SeveralLines(Exception):
    """More than one line came at once; none of them was taken."""


class Unreadable(Exception):
    """Bytes that are no text in the terminal's encoding."""


class Reader(Protocol):
    """Asks for one line."""

    def line(self, prompt: str, proposals: Proposals | None = None) -> str:
        """The line without blanks around it. Stopped, SeveralLines or Unreadable where there is none."""


class Plain:
    """One line as the terminal gives it."""

    def line(self, prompt: str, proposals: Proposals | None = None) -> str:
        """As Reader.line; proposals are not shown."""
        try:
            click.echo(prompt, nl=False)
            sys.stdout.flush()
            terminal.wait_for_line()
            typed = sys.stdin.readline()
        except KeyboardInterrupt:
            raise Stopped from None
        except UnicodeDecodeError:
            _drain()
            raise Unreadable from None
        if not typed.endswith("\n"):
            # The end of input in the middle of a line is no answer.
            raise Stopped
        if _drain():
            raise SeveralLines
        return typed.strip()


class Proposing:
    """One line with proposals below it while it is typed."""

    def __init__(self) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.history import DummyHistory
        from prompt_toolkit.key_binding import KeyBindings
        from prompt_toolkit.keys import Keys
        from prompt_toolkit.output.vt100 import Vt100_Output

        keys = KeyBindings()

        @keys.add(Keys.BracketedPaste)
        def _pasted(event: Any) -> None:
            text = event.data.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
            if "\n" in text:
                event.app.exit(exception=SeveralLines())
            else:
                event.current_buffer.insert_text(text)

        # Terminals need not be asked where the cursor is; some never answer.
        output = Vt100_Output.from_pty(sys.stdout, term=os.environ.get("TERM"))
        output.enable_cpr = False
        self._session: PromptSession[str] = PromptSession(
            key_bindings=keys, output=output, history=DummyHistory(), reserve_space_for_menu=MENU
        )

    def line(self, prompt: str, proposals: Proposals | None = None) -> str:
        """As Reader.line."""
        from prompt_toolkit.input.typeahead import get_typeahead

        try:
            typed: str = self._session.prompt(
                prompt, completer=_completer(proposals), complete_while_typing=proposals is not None
            )
        except (KeyboardInterrupt, EOFError):
            raise Stopped from None
        # Where the terminal does not mark a paste, the lines after the first wait as keys or as bytes.
        if get_typeahead(self._session.input) or _drain():
            raise SeveralLines
        return typed.strip()


def _completer(proposals: Proposals | None) -> Any:
    from prompt_toolkit.completion import Completer, Completion

    class Shown(Completer):
        """The proposals as prompt_toolkit asks for them."""

        def get_completions(self, document: Any, complete_event: Any) -> Iterator[Any]:
            typed = document.text
            for word, said in proposals(typed) if proposals and typed.strip() else ():
                yield Completion(word, start_position=-len(typed), display=word, display_meta=said)

    return Shown()


def reader() -> Reader:
    """The reader for this terminal: plain where plain output was asked for, or where it can do no more."""
    caller.does_more()
    if terminal.plain() or os.environ.get("TERM", "dumb") == "dumb":
        return Plain()
    return Proposing()


def at_terminal() -> bool:
    """Whether somebody sits there: input and output are both a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _drain() -> bool:
    """Throw away what waits behind the line that was read; whether there was anything."""
    found = False
    while sys.stdin.isatty() and select.select([sys.stdin], [], [], PATIENCE)[0]:
        if not os.read(sys.stdin.fileno(), 65536):
            return found
        found = True
    return found
