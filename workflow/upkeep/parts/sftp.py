"""Parts of a set in a folder of another machine, over SFTP. Whose machine it is, ~/.ssh/known_hosts says; who
we are, a key in ~/.ssh or of the agent. No password is asked for or taken.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import urlsplit

from workflow.base.errors import Environment, Malformed
from workflow.base.messages import N_
from workflow.upkeep.parts.targets import SFTP, Fill, unreachable

if TYPE_CHECKING:
    import paramiko

_PATIENCE = 60.0


@dataclass(frozen=True)
class Address:
    """A folder of another machine."""

    host: str
    port: int
    user: str | None
    folder: str


def address(url: str) -> Address:
    """What sftp://user@host:port/folder names; Malformed where it is no such thing, or holds a password."""
    try:
        found = urlsplit(url)
        port = found.port or 22
    except ValueError:
        found, port = urlsplit(SFTP), 0
    if not found.hostname or len(found.path) < 2 or found.query or found.fragment:
        raise Malformed(
            N_("'{url}' names no folder of another machine."),
            field="to",
            url=url.rpartition("@")[2][:200],
            way_on=N_("Write it as sftp://user@host/folder"),
        )
    if found.password is not None:
        raise Malformed(
            N_("A password on the command line is seen by everybody on this machine."),
            field="to",
            way_on=N_("Put a key in ~/.ssh and its public half on the other machine: ssh-copy-id"),
        )
    return Address(found.hostname, port, found.username, found.path)


@contextmanager
def opened(url: str) -> Iterator[Remote]:
    """The folder of a URL, connected; Environment where the machine is not reached or not known."""
    where = address(url)
    try:
        import paramiko
    except ImportError:
        raise Environment(
            N_("For sftp:// a package is missing: {package}"),
            package="paramiko",
            way_on=N_("Install it: pip install 'disclosure[sftp]'"),
        ) from None
    client = paramiko.SSHClient()
    with suppress(OSError):
        client.load_system_host_keys()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    try:
        with _told(url):
            client.connect(
                where.host,
                where.port,
                where.user,
                timeout=_PATIENCE,
                auth_timeout=_PATIENCE,
                # A machine that is silent from the first is told like one that falls silent later.
                banner_timeout=2 * _PATIENCE,
            )
            session = client.open_sftp()
            channel = session.get_channel()
            if channel is not None:
                channel.settimeout(_PATIENCE)
        yield Remote(session, where, url)
    finally:
        client.close()


class Remote:
    """A folder of another machine."""

    def __init__(self, session: paramiko.SFTPClient, where: Address, shown: str) -> None:
        self._session, self._folder, self.shown = session, where.folder.rstrip("/"), shown

    def sizes(self) -> dict[str, int]:
        """The files that are there, with their lengths in bytes."""
        with _told(self.shown):
            found = self._session.listdir_attr(self._folder or "/")
        return {one.filename: one.st_size or 0 for one in found if stat.S_ISREG(one.st_mode or 0)}

    def write(self, name: str, fill: Fill) -> None:
        """Write a file whole, in place of one that is there."""
        draft = f"{self._folder}/.new-{secrets.token_hex(6)}"
        try:
            with _told(self.shown):
                with self._session.open(draft, "wb") as out:
                    sent = _Sent(out)
                    fill(cast(BinaryIO, sent))
                    sent.end()
                if self._session.stat(draft).st_size != sent.size:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                self._session.posix_rename(draft, f"{self._folder}/{name}")
        except BaseException:
            with suppress(Exception):
                self._session.remove(draft)
            raise

    def read(self, name: str, out: BinaryIO) -> None:
        """Copy a file to an open one."""
        with _told(f"{self.shown}/{name}"):
            self._session.getfo(f"{self._folder}/{name}", out)

    def remove(self, name: str) -> None:
        """Take a file away."""
        with _told(f"{self.shown}/{name}"):
            self._session.remove(f"{self._folder}/{name}")


class _Sent:
    """Writes without waiting for each answer, but for all of them at the end: an error that the other machine
    told meanwhile is raised by the last write only.
    """

    def __init__(self, out: paramiko.SFTPFile) -> None:
        self._out, self._last, self.size = out, b"", 0
        out.set_pipelined(True)

    def write(self, part: bytes) -> int:
        if self._last:
            self._out.write(self._last)
        self._last = bytes(part)
        self.size += len(part)
        return len(part)

    def end(self) -> None:
        """Write the last part, and hear all answers."""
        self._out.set_pipelined(False)
        self._out.write(self._last)


@contextmanager
def _told(shown: str) -> Iterator[None]:
    """What the network, the other machine or the library refuses, in words."""
    import paramiko

    try:
        yield
    except paramiko.BadHostKeyException:
        raise Environment(
            N_("The machine at {path} is another than it was: its key has changed."),
            field="to",
            path=shown,
            way_on=N_("Ask whoever keeps it. Nothing was sent."),
        ) from None
    except paramiko.AuthenticationException:
        raise Environment(
            N_("The machine at {path} does not let us in."),
            field="to",
            path=shown,
            way_on=N_("Put a key in ~/.ssh and its public half on the other machine: ssh-copy-id"),
        ) from None
    except (paramiko.SSHException, EOFError) as fault:
        if "known_hosts" in str(fault):
            raise Environment(
                N_("The machine at {path} is not known: its key is not in ~/.ssh/known_hosts."),
                field="to",
                path=shown,
                way_on=N_("Connect to it once by ssh, compare the fingerprint, and repeat."),
            ) from None
        # The library goes on where the other machine is silent, and then finds no session.
        silent = "No existing session" in str(fault)
        said = os.strerror(errno.ETIMEDOUT) if silent else str(fault) or type(fault).__name__
        raise unreachable(shown, said) from None
    except OSError as fault:
        raise unreachable(shown, fault.strerror or str(fault) or type(fault).__name__) from None
