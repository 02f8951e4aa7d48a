"""Mail servers for the tests, on this machine: one that works, with TLS, and some that do not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "不是密码-secret"
_HERE = "127.0.0.1"


@cache
def _certificate() -> tuple[bytes, bytes]:
    """A self-signed certificate for this machine, and its key (PEM)."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(names, False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), plain


@dataclass
class Server:
    """A running server: where it is, and what it was given."""

    port: int
    ca_file: Path | None = None
    got: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    # What the server answers to a recipient or to the end of a message; None: it takes it.
    refuse_to: str | None = None
    refuse_data: str | None = None

    def table(self, **more: Any) -> dict[str, Any]:
        """The table [mail] of an office that uses this server."""
        secure = (
            {"security": "starttls", "ca_file": str(self.ca_file)} if self.ca_file else {"security": "none"}
        )
        return {
            "host": _HERE,
            "port": self.port,
            "timeout": 5,
            "from": "xxgk@mzj.example.cn",
            **secure,
            **more,
        }

    # What aiosmtpd calls.
    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.refuse_to is not None:
            return self.refuse_to
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse_data is not None:
            return self.refuse_data
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        made = message_from_bytes(content, policy=policy.SMTP)
        assert isinstance(made, EmailMessage)
        self.got.append(made)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@contextmanager
def running(folder: Path, security: str = "starttls", login: bool = False) -> Iterator[Server]:
    """A server that takes mail by 'starttls', 'tls' or 'none'; with `login` only from who has the
    password.
    """
    server = Server(0)
    context = None
    if security != "none":
        certificate, key = _certificate()
        (folder / "mail.crt").write_bytes(certificate)
        (folder / "mail.key").write_bytes(key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "mail.crt", folder / "mail.key")
        server.ca_file = folder / "mail.crt"

    def make() -> SMTP:
        starttls = context if security == "starttls" else None
        return SMTP(
            server,
            enable_SMTPUTF8=True,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=server.authenticate,
            auth_required=login,
            auth_require_tls=security == "starttls",
        )

    controller = _Controller(server, hostname=_HERE, ssl_context=context if security == "tls" else None)
    controller.factory = make  # type: ignore[method-assign]
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


class _Controller(Controller):
    """On a port that the kernel chooses as it begins to listen: nobody else can take it before."""

    def _create_server(self) -> Any:
        listener = socket.create_server((_HERE, 0))
        # Each line of an answer goes out by itself: else the next ones wait 40 ms for the other side.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = listener.getsockname()[1]
        return self.loop.create_server(self._factory_invoker, sock=listener, ssl=self.ssl_context)


@contextmanager
def nobody() -> Iterator[Server]:
    """A port at which nobody listens, and that nobody else gets meanwhile."""
    with socket.socket() as held:
        held.bind((_HERE, 0))
        yield Server(held.getsockname()[1])


Talk = Callable[[socket.socket, Any], None]


@contextmanager
def talking(talk: Talk) -> Iterator[Server]:
    """A server that does with each connection what `talk` does (socket, and the same as a file of lines)."""
    listener = socket.create_server((_HERE, 0))
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with sock, sock.makefile("rb") as lines, suppress(OSError):
                talk(sock, lines)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Server(listener.getsockname()[1])
    finally:
        stopped.set()
        # Closing it does not wake who waits for a connection.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def until_data(sock: socket.socket, lines: Any) -> None:
    """An ordinary conversation up to the answer to DATA."""
    sock.sendall(b"220 ready\r\n")
    for line in lines:
        word = line[:4].upper()
        if word == b"DATA":
            sock.sendall(b"354 go on\r\n")
            return
        sock.sendall(b"250 ok\r\n")


def hanging(sock: socket.socket, lines: Any) -> None:
    """Takes the connection and says nothing until the other side gives up."""
    lines.read()


def dropping(sock: socket.socket, lines: Any) -> None:
    """Hangs up when it has read some of the message."""
    until_data(sock, lines)
    lines.read(200)


def silent(sock: socket.socket, lines: Any) -> None:
    """Reads the message to its end and hangs up without an answer."""
    until_data(sock, lines)
    for line in lines:
        if line == b".\r\n":
            return


def breaking_off(sock: socket.socket, lines: Any) -> None:
    """Says in the middle of the message that it stops."""
    until_data(sock, lines)
    lines.readline()
    sock.sendall(b"421 shutting down\r\n")
    lines.read()
