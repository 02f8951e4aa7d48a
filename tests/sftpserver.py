"""An SFTP server on loopback for the tests, with one folder and one key that it lets in."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface


@dataclass
class Server:
    """Where it listens, what it serves, and who is let in. `room`: a file takes no more bytes than these."""

    port: int
    folder: Path
    host_key: paramiko.ECDSAKey
    user_key: paramiko.ECDSAKey
    room: int = 2**40
    stop_after: int = 2**40  # it drops the connection when a file has so many bytes

    @property
    def url(self) -> str:
        """The folder that it serves."""
        return f"sftp://disclosure@127.0.0.1:{self.port}/kept"


class _Doors(paramiko.ServerInterface):
    def __init__(self, server: Server) -> None:
        self.server = server

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        good = username == "disclosure" and key == self.server.user_key
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _File(SFTPHandle):
    server: Server
    transport: paramiko.Transport

    def stat(self) -> SFTPAttributes:
        return SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))

    def write(self, offset: int, data: bytes) -> int:
        if offset + len(data) > self.server.room:
            return int(paramiko.SFTP_FAILURE)
        if offset + len(data) > self.server.stop_after:
            self.transport.close()
            return int(paramiko.SFTP_FAILURE)
        return int(super().write(offset, data))


class _Folder(SFTPServerInterface):
    def __init__(self, server: _Doors, *given: object, **named: object) -> None:
        super().__init__(server)  # type: ignore[arg-type]
        self.server = server.server

    def _at(self, path: str) -> Path:
        return self.server.folder / self.canonicalize(path).lstrip("/").removeprefix("kept").lstrip("/")

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        at = self._at(path)
        if not path.startswith("/kept") or not at.is_dir():
            return int(paramiko.SFTP_NO_SUCH_FILE)
        return [SFTPAttributes.from_stat(one.stat(), one.name) for one in at.iterdir()]

    def stat(self, path: str) -> SFTPAttributes | int:
        try:
            return SFTPAttributes.from_stat(self._at(path).stat())
        except OSError as fault:
            return int(SFTPServer.convert_errno(fault.errno or 0))

    lstat = stat

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> _File | int:
        try:
            file = os.fdopen(os.open(self._at(path), flags, 0o600), "r+b" if flags & os.O_CREAT else "rb")
        except OSError as fault:
            return int(SFTPServer.convert_errno(fault.errno or 0))
        made = _File(flags)
        made.readfile = made.writefile = file  # type: ignore[attr-defined]
        made.server, made.transport = self.server, _transports[-1]
        return made

    def remove(self, path: str) -> int:
        self._at(path).unlink()
        return int(paramiko.SFTP_OK)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        self._at(oldpath).replace(self._at(newpath))
        return int(paramiko.SFTP_OK)


_transports: list[paramiko.Transport] = []


@contextmanager
def running(home: Path, folder: Path) -> Iterator[Server]:
    """A server; in `home` lie the key that it lets in and its own key as a known one."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(
        listener.getsockname()[1], folder, paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    )
    ssh = home / ".ssh"
    ssh.mkdir(mode=0o700, parents=True)
    server.user_key.write_private_key_file(str(ssh / "id_ecdsa"))
    known(home, server)
    threading.Thread(target=_serve, args=(listener, server), daemon=True).start()
    try:
        yield server
    finally:
        listener.close()
        for transport in _transports:
            transport.close()
        _transports.clear()


def known(home: Path, server: Server, key: paramiko.PKey | None = None) -> None:
    """Write down the key of the server as that of its machine."""
    told = key or server.host_key
    line = f"[127.0.0.1]:{server.port} {told.get_name()} {told.get_base64()}\n"
    (home / ".ssh" / "known_hosts").write_text(line, "utf-8")


def _serve(listener: socket.socket, server: Server) -> None:
    with suppress(OSError):
        while True:
            line, _ = listener.accept()
            transport = paramiko.Transport(line)
            _transports.append(transport)
            transport.add_server_key(server.host_key)
            transport.set_subsystem_handler("sftp", SFTPServer, _Folder)
            # Who is refused hangs up, in order or not; the next one is let in all the same.
            with suppress(paramiko.SSHException, EOFError, OSError):
                transport.start_server(server=_Doors(server))
