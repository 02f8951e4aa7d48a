"""Tables (TOML) of the project, read once and remembered in parsed form.

The stdlib's TOML reader is pure Python: parsing all tables costs more than starting a command. The parsed
form is kept in the user's cache folder beside the very bytes that it came from, and made again whenever they
differ.
"""

from __future__ import annotations

import marshal
import os
import re
import sys
from _imp import source_hash
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from workflow.base import places
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_, translate

Table = dict[str, Any]
PathName = str | os.PathLike[str]
Check = Callable[[dict[str, Table]], None]

# The cache is in Python's marshal format, as in __pycache__: valid for one version of Python only.
LARGEST_TEXT = 10_000_000
MOST_DEPTH, MOST_DOTS = 16, 20_000
# Compiled where a table is read that is not kept.
_STRINGS = r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\']|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*'
_DEEP = rf"(?:[\w-]+[ \t]*\.[ \t]*){{{MOST_DEPTH}}}"
_ENDLESS = N_("names within names without end")
# The checksum by which Python knows the source of a compiled module: zlib would be loaded for its own alone.
_CHECKSUM, _LONG = partial(source_hash, 0), 8
_STAMP = f"disclosure tables 5 {sys.hexversion} {sys.byteorder}\n".encode()


def parse(text: str, name: str) -> Table:
    """TOML text to a table, dates as ISO strings; Malformed with the place of the fault."""
    import tomllib

    _require_flat(text, name)
    try:
        return {key: _plain(item) for key, item in tomllib.loads(text).items()}
    except (ValueError, RecursionError) as fault:
        # Besides invalid TOML: huge integers and deep nesting.
        raise Malformed(
            N_("{name} is not valid TOML: {detail}"), field=name, name=name, detail=found(fault)
        ) from None


def found(fault: Exception) -> str:
    """What a reader of TOML or JSON found wrong; of nesting too deep for it, in words of our own."""
    return translate(_ENDLESS) if isinstance(fault, RecursionError) else str(fault)


def _require_flat(text: str, name: str) -> None:
    """Refuse deeply nested names: the reader needs time quadratic in their depth, and no real table
    has them.
    """
    if "." not in text:
        return
    bare = re.sub(_STRINGS, "x", text, flags=re.DOTALL) if len(text) > MOST_DEPTH else ""
    if re.search(_DEEP, bare) or bare.count(".") > MOST_DOTS:
        raise Malformed(
            N_("{name} is not valid TOML: {detail}"), field=name, name=name, detail=translate(_ENDLESS)
        )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as source:
            return source.readall()
    except OSError as fault:
        raise NotFound(
            N_("The table {name} cannot be read: {detail}"), name=path, detail=fault.strerror or str(fault)
        ) from None


def text_of(path: str | os.PathLike[str], field: str = "file") -> str:
    """The text of a file named by the user.

    NotFound if it cannot be read, Malformed if it is not UTF-8, too large or not a regular file (a named pipe
    would block for ever).
    """
    name = os.fspath(path)
    short = os.path.basename(name)
    # A shell's process substitution is a path under /proc.
    there = os.path.exists(name) and not os.path.isfile(name) and not os.path.isdir(name)
    if there and not os.path.realpath(name).startswith("/proc/"):
        raise Malformed(N_("{path} is not a file."), field=field, path=name, way_on=N_("Name a file."))
    try:
        with open(name, "rb") as file:
            raw = file.read(LARGEST_TEXT + 1)
    except OSError as fault:
        raise NotFound(
            N_("The file {name} cannot be read: {detail}"),
            field=field,
            name=name,
            detail=fault.strerror or str(fault),
        ) from None
    if len(raw) > LARGEST_TEXT:
        raise Malformed(
            N_("{name} is larger than {most} MB: nobody wrote it by hand."),
            field=field,
            name=short,
            most=LARGEST_TEXT // 1_000_000,
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise Malformed(N_("{name} is not UTF-8 text."), field=field, name=short) from None


def _decode(raw: bytes, path: str) -> Table:
    name = os.path.basename(path)
    try:
        return parse(raw.decode("utf-8"), name)
    except UnicodeDecodeError:
        raise Malformed(N_("{name} is not UTF-8 text."), field=name, name=name) from None


class Gathered(Mapping[str, Any]):
    """Several tables by name, each decoded from the cache when first asked for."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        """Each part is bytes, or bytes for each of its entries."""
        self._packed = packed
        self._open: dict[str, Any] = {}
        self._entries: dict[tuple[str, str], Any] = {}

    def __getitem__(self, name: str) -> Any:
        found = self._open.get(name)
        if found is None:
            packed = self._packed[name]
            found = self._open[name] = (
                {key: self.entry(name, key) for key in packed}
                if isinstance(packed, dict)
                else marshal.loads(packed)
            )
        return found

    def entry(self, name: str, key: str) -> Any:
        """One entry of a part that is kept entry by entry, without the others; KeyError for none."""
        found = self._entries.get((name, key))
        if found is None:
            found = self._entries[name, key] = marshal.loads(self._packed[name][key])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def gather(paths: Iterable[PathName], check: Check | None = None) -> Mapping[str, Table]:
    """Several tables at once, by file name without its ending, kept together as one remembered file.

    `check` sees the tables when they are parsed anew and raises what is wrong with them; what is remembered
    has passed it. NotFound or Malformed as `read`. Callers do not change what they get.
    """

    def parsed(raws: dict[str, bytes]) -> dict[str, Table]:
        tables = {_stem(name): _decode(raw, name) for name, raw in raws.items()}
        if check is not None:
            check(tables)
        return tables

    return kept_apart(paths, parsed)


def kept_apart(
    paths: Iterable[PathName], make: Callable[[dict[str, bytes]], Table], by_entry: Collection[str] = ()
) -> Gathered:
    """As `remembered`, each part of what `make` returns decoded when it is first asked for; of the parts
    named in `by_entry` each entry.
    """

    def packed(raws: dict[str, bytes]) -> dict[str, Any]:
        return {
            name: {key: marshal.dumps(entry) for key, entry in part.items()}
            if name in by_entry
            else marshal.dumps(part)
            for name, part in make(raws).items()
        }

    return Gathered(remembered(paths, packed, f"apart, {sorted(by_entry)} by entry"))


def remembered(
    paths: Iterable[PathName], make: Callable[[dict[str, bytes]], dict[str, Any]], form: str = ""
) -> dict[str, Any]:
    """What `make` returns for the bytes of these files: plain data, cached until one of the files changes.
    What it makes of the same files in another `form` is another thing.
    """
    names = [os.fspath(path) for path in paths]
    stamp = _STAMP + repr((form, names)).encode()
    kept = os.path.join(places.cache("tables"), f"{_CHECKSUM(stamp).hex()}-{len(names)}.tables")
    found = _recall(kept, stamp, names)
    if found is None:
        raws = {name: _bytes(name) for name in names}
        found = make(raws)
        told = b"".join(_size(raw) + raw for raw in raws.values())
        _remember(kept, stamp + told, found)
    return found


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _size(raw: bytes) -> bytes:
    return len(raw).to_bytes(_LONG, "big")


def _beginning(path: str, most: int) -> bytes:
    """So many bytes of a file; none of one that cannot be read, which is told where all of it is wanted."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, most)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _recall(kept: str, stamp: bytes, names: Iterable[str]) -> dict[str, Any] | None:
    """The cached value for exactly these bytes of the files, or None."""
    try:
        with open(kept, "rb", buffering=0) as source:
            whole = source.readall()
    except OSError:
        return None
    if not whole.startswith(stamp):
        return None
    at = len(stamp)
    for name in names:
        size, at = int.from_bytes(whole[at : at + _LONG], "big"), at + _LONG
        if size > len(whole):
            return None  # Damaged: no room is asked for by what it says.
        raw = _beginning(name, size + 1)
        if len(raw) != size or not whole.startswith(raw, at):
            return None
        at += size
    body = memoryview(whole)[at + _LONG :]
    if whole[at : at + _LONG] != _CHECKSUM(body):
        return None
    try:
        loaded: dict[str, Any] = marshal.loads(body)
    except (ValueError, EOFError, TypeError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _remember(kept: str, stamp: bytes, tables: dict[str, Any]) -> None:
    # A cache that cannot be written (read-only home, full disk) costs time, never correctness.
    import tempfile

    folder = os.path.dirname(kept)
    try:
        os.makedirs(folder, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as out:
                body = marshal.dumps(tables)
                out.write(stamp + _CHECKSUM(body) + body)
            os.replace(name, kept)
        except OSError:
            os.unlink(name)
    except OSError:
        pass


def read_uncached(path: PathName) -> Table:
    """A table of the project or of an office; NotFound if there is no such file, Malformed if it is no
    TOML.
    """
    (table,) = gather([path]).values()
    return table


@cache
def read(path: PathName) -> Table:
    """As read_uncached, remembered for the life of the process. Callers do not change what they get."""
    return read_uncached(path)
