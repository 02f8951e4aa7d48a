"""The client's hands: it opens, for a service of another user, the files that the caller named, with the
caller's own rights, and runs his pager and his editor.

Without this the service could be made to read, or to overwrite, what its own user may touch and the caller
may not. Only what an interpreter without `site` holds is used.

    request    answer
    S path     k f|d|o      what is there: a file, a folder, something else
    R path     k + fd       opened for reading
    L path     k names      the names in a folder, each ended by NUL
    A path     k            a file of this name could be written
    M path     k            a folder, made with those above it
    W path     k + fd       a new file beside it, for writing
    C replace  k            what was written last gets its name: 1 replaces, 0 refuses a name that is taken
    D          k            what was written last is let go
    P + fd     k            the pager reads from there
    Q          k            the pager has ended
    E suffix + fd  k + fd   the editor was run on a copy of that text; the text afterwards
    anything   e errno      refused, as the system says
"""

from __future__ import annotations

import os

MOST = 60000  # bytes of a request or an answer
OK, REFUSED = b"k", b"e"
FILE, FOLDER, OTHER = b"f", b"d", b"o"


class Hands:
    """One caller's hands. `answer` takes a request with the descriptors that came with it, and gives the
    answer with those that go back."""

    def __init__(self) -> None:
        self._works = {
            b"S": self._look,
            b"R": self._read,
            b"L": self._names,
            b"A": self._may_write,
            b"M": self._make_folder,
            b"W": self._write,
            b"C": self._keep,
            b"D": self._drop,
            b"P": self._page,
            b"Q": self._paged,
            b"E": self._edit,
        }
        self._written: tuple[str, str] | None = None
        self._pager = 0

    def answer(self, request: bytes, came: list[int]) -> tuple[bytes, list[int]]:
        """Do what is asked, as this process's user. Never raises."""
        work = self._works.get(request[:1])
        try:
            if work is None:
                raise OSError(22, "what is asked is unknown")
            said, back = work(request[1:], came)
            return OK + said, back
        except OSError as fault:
            return REFUSED + str(fault.errno or 5).encode(), []
        finally:
            for one in came:
                os.close(one)

    def end(self) -> None:
        """Let go of what was not finished."""
        if self._written is not None:
            self._drop(b"", [])

    def _look(self, path: bytes, _: list[int]) -> tuple[bytes, list[int]]:
        mode = os.stat(path).st_mode & 0o170000
        return {0o100000: FILE, 0o040000: FOLDER}.get(mode, OTHER), []

    def _read(self, path: bytes, _: list[int]) -> tuple[bytes, list[int]]:
        return b"", [os.open(path, os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)]

    def _names(self, path: bytes, _: list[int]) -> tuple[bytes, list[int]]:
        names = b"".join(name + b"\0" for name in sorted(os.listdir(path)))
        if len(names) > MOST - 1:
            raise OSError(7, "too many names")
        return names, []

    def _may_write(self, path: bytes, _: list[int]) -> tuple[bytes, list[int]]:
        folder = os.path.dirname(path) or b"/"
        while not os.path.exists(folder) and folder != os.path.dirname(folder):
            folder = os.path.dirname(folder)
        if not os.path.isdir(folder):
            raise OSError(20, "not a folder")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise OSError(13, "not permitted")
        return b"", []

    def _make_folder(self, path: bytes, _: list[int]) -> tuple[bytes, list[int]]:
        os.makedirs(path, 0o777, exist_ok=True)
        return b"", []

    def _write(self, path: bytes, _: list[int]) -> tuple[bytes, list[int]]:
        name = os.fsdecode(path)
        new = f"{name}.{os.getpid()}.new"
        made = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._written = (new, name)
        return b"", [made]

    def _keep(self, replace: bytes, _: list[int]) -> tuple[bytes, list[int]]:
        if self._written is None:
            raise OSError(22, "nothing was written")
        new, name = self._written
        if replace == b"1":
            os.replace(new, name)
        else:
            os.link(new, name)
            os.unlink(new)
        self._written = None
        return b"", []

    def _drop(self, _: bytes, __: list[int]) -> tuple[bytes, list[int]]:
        if self._written is not None:
            os.unlink(self._written[0])
            self._written = None
        return b"", []

    def _page(self, command: bytes, came: list[int]) -> tuple[bytes, list[int]]:
        words = _words(os.environ.get("PAGER") or "less")
        # Ends by itself where all fits, leaves the text on the screen, and shows Chinese as it is.
        environment = {"LESS": "-FRX", "LESSCHARSET": "utf-8", **os.environ}
        actions = [(os.POSIX_SPAWN_DUP2, came[0], 0)]
        self._pager = os.posix_spawnp(words[0], words, environment, file_actions=actions)
        return b"", []

    def _paged(self, _: bytes, __: list[int]) -> tuple[bytes, list[int]]:
        if self._pager:
            os.waitpid(self._pager, 0)
            self._pager = 0
        return b"", []

    def _edit(self, suffix: bytes, came: list[int]) -> tuple[bytes, list[int]]:
        import tempfile

        place, name = tempfile.mkstemp(prefix="disclosure-", suffix=os.fsdecode(suffix))
        try:
            while part := os.read(came[0], 65536):
                os.write(place, part)
            os.close(place)
            words = [*_words(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"), name]
            status = os.waitstatus_to_exitcode(os.waitpid(os.posix_spawnp(words[0], words, os.environ), 0)[1])
            return str(status).encode(), [os.open(name, os.O_RDONLY | os.O_CLOEXEC)]
        finally:
            os.unlink(name)


def _words(command: str) -> list[str]:
    import shlex

    return shlex.split(command) or ["false"]
