"""A service of one user and a caller of another, on this machine: needs root, and a tree that others may
read."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests import preloaded

ROOT = Path(__file__).parent.parent.parent
PYTHON = "/usr/bin/python3"
# Accounts that every Debian has.
LOGINS = ("daemon", "bin", "games", "man")


def possible() -> str | None:
    """None, or why such a test cannot run here."""
    if os.getuid() != 0:
        return "only root can act as two users"
    if not os.path.exists(PYTHON):
        return "no interpreter that other users may run"
    tried = subprocess.run(
        [PYTHON, "-I", "-c", f"open({str(ROOT / 'workflow/service/client.py')!r})"],
        user="daemon",
        capture_output=True,
        check=False,
    )
    return None if tried.returncode == 0 else "the tree cannot be read by other users"


@dataclass
class Served:
    """A service of root's, and what callers of other users get from it."""

    home: Path  # the service's data
    place: Path  # what every caller may enter
    process: subprocess.Popen[str]

    def call(
        self, login: str, *words: str, stdin: str = "", cwd: Path | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """A command typed by a user of the machine."""
        start = (
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.executable = {sys.executable!r};"
            "sys.argv[0] = 'disclosure';"
            "from workflow.service import client; client.wire.PATIENCE = 5;"
            "client._directly = lambda: 99; sys.exit(client.main())"
        )
        folder = cwd or self.own(login)
        return subprocess.run(
            [PYTHON, "-S", "-c", start, *words],
            user=login,
            group=pwd.getpwnam(login).pw_gid,
            extra_groups=[],
            cwd=folder,
            env={
                "DISCLOSURE_HOME": str(self.place),
                "LANG": "C.UTF-8",
                "DISCLOSURE_LANG": "en",
                "PATH": "/usr/bin:/bin",
                **more,
            },
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def own(self, login: str) -> Path:
        """A folder that is a user's alone."""
        folder = self.place / login
        if not folder.exists():
            folder.mkdir(mode=0o700)
            shutil.chown(folder, login)
        return folder


def begin(home: Path, place: Path) -> Served:
    """Start a service on the data of `home`, reached through `place`/service."""
    service = place / "service"
    service.mkdir(mode=0o755)
    start = (
        "import socket, os, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)\n"
        f"os.chdir({str(service)!r}); listener.bind('service.sock'); os.chmod('service.sock', 0o666)\n"
        "listener.listen(64); os.dup2(listener.fileno(), 3); os.set_inheritable(3, True)\n"
        "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')\n"
        "os.chdir('/'); sys.argv = ['disclosure', 'service', 'run', '--system', '--quiet']\n"
        "import cli; cli.main(prog_name='disclosure')\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCLOSURE_")}
    process = preloaded.Popen(
        [sys.executable, "-c", start],
        env={**kept, "DISCLOSURE_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
    )
    served = Served(home, place, process)
    until = time.monotonic() + 120
    while served.call("daemon", "--version").returncode != 0:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.2)
    return served


def end(served: Served) -> None:
    """Stop the service."""
    served.process.terminate()
    served.process.wait(30)
