"""Time-stamps on a checkpoint, by a service on this machine that OpenSSL answers for."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.counter import disclosure

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not here")
CONFIG = """
[tsa]
default_tsa = one
[one]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
signer_digest = sha256
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[exts]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
authorityKeyIdentifier = keyid
"""


class Service:
    """A time-stamp service: its folder, its address, and whether it answers with what it should."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.spoilt = folder, b""
        (folder / "tsa.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01")
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self.openssl("req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=root")
        self.openssl("req", "-x509", *new, "-keyout", "other.key", "-out", "other.pem", "-subj", "/CN=other")
        self.openssl("req", *new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=tsa")
        self.openssl(
            *("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "7"),
            *("-extfile", "tsa.cnf", "-extensions", "exts", "-days", "30", "-out", "tsa.pem"),
        )
        service = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                (service.folder / "ask.tsq").write_bytes(body)
                service.openssl(
                    *("ts", "-reply", "-config", "tsa.cnf", "-section", "one"),
                    *("-queryfile", "ask.tsq", "-out", "answer.tsr"),
                )
                self.send_response(200)
                self.end_headers()
                self.wfile.write(service.spoilt or (service.folder / "answer.tsr").read_bytes())

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = Service(tmp_path_factory.mktemp("tsa"))
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_checkpoint_is_stamped_and_the_stamp_checked(service: Service, tmp_path: Path, home: Path) -> None:
    point, stamp = tmp_path / "checkpoint", tmp_path / "checkpoint.tsr"
    point.write_text("disclosure/jz/0\n1\nAAAA\n", encoding="utf-8")
    asked = ("evidence", "timestamp", point, "--url", service.url)
    root = ("--root", service.folder / "root.pem")
    made = disclosure(*asked, "--out", stamp, *root, "--json")
    assert made.code == 0, made.err
    assert made.json["verified"] is True
    assert disclosure("evidence", "timestamp", point, "--check", stamp, *root).code == 0
    assert "--root" in disclosure("evidence", "timestamp", point, "--check", stamp, "--lang", "en").out
    # What anybody has reads it too.
    words = ("ts", "-verify", "-data", str(point), "-in", str(stamp), "-CAfile", "root.pem")
    service.openssl(*words)
    other = ("--root", service.folder / "other.pem")
    assert disclosure("evidence", "timestamp", point, "--check", stamp, *other).code == 1
    point.write_text("another", encoding="utf-8")
    assert disclosure("evidence", "timestamp", point, "--check", stamp, *root).code == 1
    assert disclosure("evidence", "timestamp", point, "--check", point).code == 5
    assert disclosure(*asked).code == 2
    assert disclosure("evidence", "timestamp", point, "--url", "ftp://x", "--out", stamp).code == 2
    assert disclosure("evidence", "timestamp", point, "--check", stamp, "--root", point).code == 2


def test_a_service_that_answers_amiss(service: Service, tmp_path: Path, home: Path) -> None:
    point, stamp = tmp_path / "checkpoint", tmp_path / "checkpoint.tsr"
    point.write_text("x", encoding="utf-8")
    service.spoilt = b"<html>no</html>"
    try:
        assert disclosure("evidence", "timestamp", point, "--url", service.url, "--out", stamp).code == 5
    finally:
        service.spoilt = b""
    closed = "http://127.0.0.1:9"
    refused = disclosure("evidence", "timestamp", point, "--url", closed, "--out", stamp, "--lang", "en")
    assert (refused.code, "witness" in refused.err) == (6, True)
    assert not stamp.exists()
