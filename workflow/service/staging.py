"""The caller's files beside a service of another user: what he named is brought over by his own hands before
the command, and what the command wrote is taken back by them afterwards.

The command sees a copy of the part of the tree that it was given: paths stay as they were typed, since the
working folder is the copy of the caller's. What it prints names the caller's paths again.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

from workflow.base.errors import Environment, NotFound
from workflow.base.messages import N_
from workflow.service import hands

# What one command may bring over.
MOST_BYTES, MOST_FILES = 2 * 2**30, 20_000
_PART = 1 << 20


class Staging:
    """The copy in `place` of what the caller named, and the line to his hands."""

    def __init__(self, place: str, folder: str, line: socket.socket) -> None:
        self.place = os.path.realpath(place)
        self._folder = folder
        self._line = line
        self._files = 0
        self._bytes = 0
        self._fault = ""  # why the caller's machine refused what was asked last
        self._promised: list[str] = []
        self._there: dict[str, tuple[int, int]] = {}
        os.makedirs(self._copy(folder), mode=0o700, exist_ok=True)
        os.chdir(self._copy(folder))

    # --- for the commands (workflow.base.caller)

    def brings(self, word: str) -> str:
        """Bring over a file or folder that the caller named for reading; its name for the command."""
        real = self._real(word)
        if not os.path.exists(self._copy(real)):
            self._bring(real)
        return self._named(word, real)

    def promises(self, word: str) -> str:
        """Take note that the command writes there; its name for the command. What is there already is known
        to be there, and a place where the caller may not write refuses to be written to.
        """
        real = self._real(word)
        kind, _ = self._kind(real)
        above = self._copy(real if kind == hands.FOLDER else os.path.dirname(real))
        os.makedirs(above, mode=0o700, exist_ok=True)
        if kind == hands.FOLDER:
            self._bring_names(real)
        elif kind == hands.FILE:
            self._touch(real)
        elif kind is not None:
            # A device or a pipe: the command refuses to replace it.
            os.mkfifo(self._copy(real), 0o600)
        said, _ = self._ask(b"A" + os.fsencode(real))
        if said is None:
            raise Environment(
                N_("{path} cannot be written: {detail}"),
                path=os.path.dirname(real),
                detail=self._fault,
                way_on=N_("Check the owner and the rights of that folder, then repeat."),
            )
        self._promised.append(real)
        return self._named(word, real)

    def page(self, lines: Iterable[str]) -> None:
        """Show lines through the caller's pager, run by himself."""
        ends = os.pipe()
        said, _ = self._ask(b"P", [ends[0]])
        os.close(ends[0])
        with os.fdopen(ends[1], "w", encoding="utf-8", errors="replace") as out:
            if said is None:
                raise Environment(
                    N_("The pager cannot be started."), way_on=N_("Look at the variable PAGER.")
                )
            try:
                for line in lines:
                    out.write(line.replace(self.place, ""))
                out.flush()
            except BrokenPipeError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        self._ask(b"Q")

    def edit(self, text: bytes, suffix: str) -> tuple[bytes, int]:
        """The text as the caller's editor, run by himself, leaves it, and the editor's status."""
        with open(os.path.join(self.place, "edited"), "w+b") as kept:
            kept.write(text)
            kept.seek(0)
            said, came = self._ask(b"E" + suffix.encode(), [kept.fileno()])
        if said is None:
            return text, 127
        with os.fdopen(came[0], "rb") as back:
            return back.read(), int(said)

    # --- before and after

    def take_back(self) -> list[str]:
        """Hand over what the command wrote at the places that it promised; the paths that could not be
        written.
        """
        failed = []
        for real in self._promised:
            for path in self._written_below(self._copy(real)):
                if not self._hand_over(path):
                    failed.append(path.removeprefix(self.place))
        return failed

    def close(self) -> None:
        """Remove the copy."""
        os.chdir("/")
        for folder, _, _ in os.walk(self.place):
            os.chmod(folder, 0o700)
        shutil.rmtree(self.place, ignore_errors=True)

    # --- how

    def _real(self, word: str) -> str:
        return os.path.normpath(os.path.join(self._folder, word.removeprefix(self.place)))

    def _copy(self, real: str) -> str:
        return self.place + real

    def _named(self, word: str, real: str) -> str:
        return self._copy(real) if os.path.isabs(word) else word

    def _ask(self, request: bytes, with_fds: list[int] | None = None) -> tuple[bytes | None, list[int]]:
        """The answer without its first byte, and descriptors; None where the system refuses."""
        socket.send_fds(self._line, [request], with_fds or [])
        said, came, _, _ = socket.recv_fds(self._line, hands.MOST, 1)
        if said[:1] != hands.OK:
            self._fault = os.strerror(int(said[1:] or b"5"))
            return None, []
        return said[1:], list(came)

    def _kind(self, real: str) -> tuple[bytes | None, list[int]]:
        return self._ask(b"S" + os.fsencode(real))

    def _bring(self, real: str) -> None:
        kind, _ = self._kind(real)
        copy = self._copy(real)
        os.makedirs(os.path.dirname(copy), mode=0o700, exist_ok=True)
        if kind == hands.FOLDER:
            os.makedirs(copy, mode=0o700, exist_ok=True)
            names, _ = self._ask(b"L" + os.fsencode(real))
            if names is None:
                raise NotFound(N_("The file {path} cannot be read: {detail}"), path=real, detail=self._fault)
            for name in (names or b"").split(b"\0")[:-1]:
                self._bring(os.path.join(real, os.fsdecode(name)))
        elif kind == hands.FILE:
            self._copy_over(real, copy)
        elif kind == hands.OTHER:
            os.mkfifo(copy, 0o600)

    def _copy_over(self, real: str, copy: str) -> None:
        self._files += 1
        said, came = self._ask(b"R" + os.fsencode(real))
        if said is None:
            raise NotFound(N_("The file {path} cannot be read: {detail}"), path=real, detail=self._fault)
        with os.fdopen(came[0], "rb") as source, open(copy, "wb") as target:
            os.fchmod(target.fileno(), 0o600)
            while part := source.read(_PART):
                self._bytes += len(part)
                if self._bytes > MOST_BYTES or self._files > MOST_FILES:
                    raise Environment(
                        N_("What was named is larger than {most} MB in all or has more than {files} files."),
                        most=MOST_BYTES >> 20,
                        files=MOST_FILES,
                        way_on=N_("Do it in parts, or as the user of the service."),
                    )
                target.write(part)

    def _bring_names(self, real: str) -> None:
        """A folder to write into: of what is there, only that it is there."""
        names, _ = self._ask(b"L" + os.fsencode(real))
        for name in (names or b"").split(b"\0")[:-1]:
            inside = os.path.join(real, os.fsdecode(name))
            kind, _ = self._kind(inside)
            if kind == hands.FOLDER:
                os.makedirs(self._copy(inside), mode=0o700, exist_ok=True)
                self._bring_names(inside)
            elif kind is not None:
                self._touch(inside)

    def _touch(self, real: str) -> None:
        copy = self._copy(real)
        if os.path.exists(copy):
            return
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT, 0o600))
        about = os.stat(copy)
        self._there[copy] = (about.st_ino, about.st_mtime_ns)

    def _written_below(self, copy: str) -> Iterator[str]:
        if os.path.isfile(copy):
            yield from self._if_written(copy)
        for folder, _, names in os.walk(copy):
            for name in sorted(names):
                yield from self._if_written(os.path.join(folder, name))

    def _if_written(self, path: str) -> Iterator[str]:
        about = os.lstat(path)
        if os.path.isfile(path) and self._there.get(path) != (about.st_ino, about.st_mtime_ns):
            yield path

    def _hand_over(self, path: str) -> bool:
        real = os.fsencode(path.removeprefix(self.place))
        if self._ask(b"M" + os.path.dirname(real))[0] is None:
            return False
        said, came = self._ask(b"W" + real)
        if said is None:
            return False
        with os.fdopen(came[0], "wb") as target:
            target.write(Path(path).read_bytes())
            target.flush()
            os.fsync(target.fileno())
        replace = b"1" if path in self._there else b"0"
        if self._ask(b"C" + replace)[0] is None:
            self._ask(b"D")
            return False
        return True
