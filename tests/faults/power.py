"""States of the disk after a power loss, rebuilt from a trace of the system calls of one command (strace).

What was written is on the disk for certain once its file was synced, and a name (of a new file, of one that
was renamed or removed) once its folder was. Anything later may be there or not, page by page.
"""

from __future__ import annotations

import codecs
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.harness import Office

PAGE = 4096
CALLS = "openat,write,pwrite64,lseek,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,ftruncate"
UNSEEN = "writev,pwritev,pwritev2,sendfile,copy_file_range"
"""Other ways to write, which nothing here uses: a trace with one on a file of the office is not rebuilt."""
_CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_OPENED = re.compile(r"= (\d+)<([^>]*)>")
_PLACE = re.compile(r"(\d+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
LEFT_OUT = ("-shm", "said")
"""What SQLite makes anew after a loss, and where the command speaks."""


@dataclass
class _File:
    """A file: as programs see it, as it is on the disk for certain, and what was written since."""

    seen: bytearray
    kept: bytes
    since: list[tuple[int, bytes]] = field(default_factory=list)

    def write(self, at: int, data: bytes) -> None:
        self.seen[len(self.seen) : at] = b"\0" * max(0, at - len(self.seen))
        self.seen[at : at + len(data)] = data
        self.since.append((at, data))

    def cut(self, size: int) -> None:
        del self.seen[size:]
        self.since.append((size, b""))

    def sync(self) -> None:
        self.kept, self.since = bytes(self.seen), []

    def torn(self, chance: random.Random) -> bytes:
        """The kept content with some pages of what was written since."""
        made = bytearray(self.kept)
        for at, data in self.since:
            for start in range(0, len(data), PAGE):
                if chance.random() < 0.5:
                    piece = data[start : start + PAGE]
                    made[len(made) : at + start] = b"\0" * max(0, at + start - len(made))
                    made[at + start : at + start + len(piece)] = piece
        return bytes(made)


@dataclass(frozen=True)
class State:
    """A disk after the loss: what happened last, whether the command had said that all is done, the files by
    their path below the office's folder, and the folders that were there before."""

    after: str
    told: bool
    how: str
    files: dict[str, bytes]
    folders: tuple[str, ...]

    def put(self, folder: Path) -> Office:
        """The office as it is found when the power is back."""
        shutil.rmtree(folder, ignore_errors=True)
        for name in self.folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return Office(folder)


def found() -> bool:
    """Whether strace is here, and may trace."""
    if shutil.which("strace") is None:
        return False
    return (
        subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"], capture_output=True
        ).returncode
        == 0
    )


def traced(office: Office, words: list[str]) -> tuple[Path, int]:
    """Run a command under strace; its trace and exit status. What it says goes to `said` beside the rest."""
    trace = office.folder.with_suffix(".trace")
    environment = {**os.environ, **office.surroundings(), "DISCLOSURE_SERVICE": "off"}
    begin = [
        "strace",
        "-f",
        # Only at the calls that are traced the command is stopped.
        "--seccomp-bpf",
        "-y",
        "-xx",
        "-s",
        "100000000",
        "-e",
        f"trace={CALLS},{UNSEEN}",
        "-o",
        str(trace),
    ]
    with (office.folder / "said").open("wb") as said:
        done = subprocess.run(
            [*begin, sys.executable, "-m", "cli", *words],
            cwd=office.folder,
            env=environment,
            stdout=said,
            stderr=said,
        )
    return trace, done.returncode


def _plain(text: str) -> bytes:
    return codecs.escape_decode(text.encode())[0]  # type: ignore[attr-defined,no-any-return]


def _lines(trace: Path) -> Iterator[str]:
    """The calls, each in one line, also where another thread came between."""
    begun: dict[str, str] = {}
    for line in trace.read_text("ascii").splitlines():
        who = line.partition(" ")[0]
        if line.endswith("<unfinished ...>"):
            begun[who] = line.removesuffix("<unfinished ...>")
        elif " resumed>" in line:
            yield begun.pop(who, "") + line.partition(" resumed>")[2]
        else:
            yield line


class Disk:
    """The files below a folder, as the calls of a trace change them."""

    def __init__(self, before: Path, folder: Path) -> None:
        self._root = str(folder) + "/"
        self.names: dict[str, _File] = {}
        for path in before.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                self.names[str(path.relative_to(before))] = _File(bytearray(content), content)
        self.on_disk = dict(self.names)
        self._folders = tuple(str(one.relative_to(before)) for one in before.rglob("*") if one.is_dir())
        self._at: dict[tuple[str, str], int] = {}
        self.told = False

    def states(self, trace: Path, seed: int) -> Iterator[State]:
        """The states after each call that changes or syncs something, each once: all is there; what is
        certain; that and some pages more."""
        chance = random.Random(seed)
        seen: set[int] = set()
        for what in self._calls(trace):
            for state in self._now(what, chance):
                # Most calls leave what is certain as it was.
                known = hash((state.told, frozenset(state.files.items())))
                if known not in seen:
                    seen.add(known)
                    yield state

    def _calls(self, trace: Path) -> Iterator[str]:
        """Do what the calls of a trace did, one after the other; a word for each that changed the disk."""
        yield "nothing"
        for line in _lines(trace):
            if what := self._call(line):
                yield what

    def _now(self, what: str, chance: random.Random) -> Iterator[State]:
        for how in ("all", "certain", "torn"):
            names = self.names if how == "all" or (how == "torn" and chance.random() < 0.5) else self.on_disk
            files = {
                name: bytes(one.seen) if how == "all" else one.kept if how == "certain" else one.torn(chance)
                for name, one in names.items()
                if not name.endswith(LEFT_OUT)
            }
            yield State(what, self.told, how, files, self._folders)

    def _ours(self, path: str) -> str | None:
        return path.removeprefix(self._root) if path.startswith(self._root) else None

    def _call(self, line: str) -> str | None:
        """Do what a call did; a word for it where the disk is another afterwards."""
        if not (call := _CALL.match(line)) or int(call[4]) < 0:
            return None
        who, name, given, result = call.groups()
        texts = [_plain(text) for text in _TEXT.findall(given)]
        if name == "openat":
            return self._open(line, given, who)
        if name in ("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat"):
            return self._name(name, [os.fsdecode(text) for text in texts], given)
        held = _PLACE.match(given)
        path = _plain(held[2]).decode() if held else ""
        ours = self._ours(path) if held else None
        if (held and path + "/" == self._root) or (
            ours is not None and name.endswith("sync") and ours not in self.names
        ):
            return self._folder(path)
        if held is None or ours is None:
            return None
        if ours.endswith("said"):
            self.told = self.told or name == "write"
            return None
        if name in UNSEEN.split(","):
            raise ValueError(f"{name} is not rebuilt: {ours}")
        return self._content(name, who + held[1], ours, texts, given, int(result))

    def _open(self, line: str, given: str, who: str) -> str | None:
        opened = _OPENED.search(line)
        ours = self._ours(_plain(opened[2]).decode()) if opened else None
        if ours is None or opened is None or "O_DIRECTORY" in given:
            return None
        new = ours not in self.names and "O_CREAT" in given
        if new:
            self.names[ours] = _File(bytearray(), b"")
        elif "O_TRUNC" in given and ours in self.names:
            self.names[ours].cut(0)
        self._at[who, opened[1]] = (
            len(self.names[ours].seen) if "O_APPEND" in given and ours in self.names else 0
        )
        return f"made {ours}" if new else None

    def _name(self, call: str, paths: list[str], given: str) -> str | None:
        ours = [self._ours(os.path.join(self._root, path)) for path in paths[-2:]]
        if ours[0] is None or ours[0] not in self.names:
            return None
        one = self.names[ours[0]]
        if call.startswith(("rename", "unlink")):
            del self.names[ours[0]]
        if not call.startswith("unlink") and ours[-1] is not None:
            self.names[ours[-1]] = one
        return f"{call} {ours[-1]}"

    def _folder(self, path: str) -> str:
        """A folder was synced: the names in it are certain."""
        inside = path.removesuffix("/") + "/"
        for names in (self.on_disk, self.names):
            for name in [one for one in names if os.path.dirname(self._root + one) + "/" == inside]:
                if name in self.names:
                    self.on_disk[name] = self.names[name]
                else:
                    del self.on_disk[name]
        return f"sync of {path}"

    def _content(
        self, name: str, held: str, ours: str, texts: list[bytes], given: str, result: int
    ) -> str | None:
        one = self.names.get(ours)
        if one is None:
            return None  # of a file that has no name any more
        place = next((key for key in self._at if key[0] + key[1] == held), None)
        if name == "lseek" and place:
            self._at[place] = result
            return None
        if name == "write" and place:
            one.write(self._at[place], texts[-1][:result])
            self._at[place] += result
        elif name == "pwrite64":
            one.write(int(given.rsplit(", ", 1)[1]), texts[-1][:result])
        elif name == "ftruncate":
            one.cut(int(given.rsplit(", ", 1)[1]))
        elif name.endswith("sync"):
            one.sync()
        else:
            return None
        return f"{name} {ours}"
