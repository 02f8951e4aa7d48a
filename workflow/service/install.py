"""The units under which systemd keeps the service: for the machine, with a user of its own, or for one
user."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from string import Template

from workflow.base import places, whole_files
from workflow.base.errors import Conflict, Malformed
from workflow.base.messages import N_
from workflow.service import client, wire

UNITS = Path(__file__).with_name("units")
NAME = "disclosure"
SYSTEM = Path("/etc/systemd/system")
ACCOUNT = "disclosure"


@dataclass(frozen=True)
class Installed:
    """The units that were written, and the commands that put them to work, in their order."""

    units: list[Path]
    commands: list[str]


def install(
    *, system: bool, account: str = ACCOUNT, out: Path | None = None, replace: bool = False
) -> Installed:
    """Write socket and service unit for the machine or for this user; nothing is started.

    Conflict where there are units already and not `replace`; Malformed for an account that cannot be one.
    """
    if not account.replace("-", "").replace("_", "").isalnum() or not account.isascii():
        raise Malformed(
            N_("'{account}' is no name of a user."),
            field="account",
            account=account,
            way_on=N_("Use small letters and digits."),
        )
    scope = "system" if system else "user"
    folder = out or (SYSTEM if system else _config() / "systemd" / "user")
    words = {
        "account": account,
        "folder": wire.SYSTEM_FOLDER if system else str(places.home() / wire.FOLDER),
        "home": f"/var/lib/{account}" if system else str(places.home()),
        "python": sys.executable,
        "tree": client.TREE,
    }
    units = []
    for kind in ("socket", "service"):
        text = Template((UNITS / f"{scope}.{kind}").read_text(encoding="utf-8")).substitute(words)
        path = folder / f"{NAME}.{kind}"
        try:
            whole_files.write(path, text.encode(), replace=replace)
        except FileExistsError:
            raise Conflict(
                N_("There is a file already: {path}"),
                field="out",
                path=str(path),
                way_on=N_("Say --replace to write it anew."),
            ) from None
        path.chmod(0o644)
        units.append(path)
    return Installed(units, _commands(system, account, words["home"]))


def _config() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _commands(system: bool, account: str, home: str) -> list[str]:
    if not system:
        return ["systemctl --user daemon-reload", f"systemctl --user enable --now {NAME}.socket"]
    return [
        f"useradd --system --home-dir {home} --shell /usr/sbin/nologin {account}",
        # systemd makes it when the service first starts, and the office is founded before.
        f"install -d -m 0700 -o {account} -g {account} {home}",
        "systemctl daemon-reload",
        f"systemctl enable --now {NAME}.socket",
        f"sudo -u {account} env DISCLOSURE_HOME={home} disclosure init --office office.toml",
    ]
