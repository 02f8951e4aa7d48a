"""Puts the script of a shell in its place, and has the shell read it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from workflow.base import places, whole_files
from workflow.base.caller import vouched
from workflow.base.errors import Environment, Refused
from workflow.base.messages import N_
from workflow.commands.completing import shells, tree

# By this the line in the file of a shell is known again.
MARK = "# disclosure completion"


class Installed(NamedTuple):
    """Where the script lies, and the file of the shell that reads it (empty where the shell looks there by
    itself).
    """

    script: str
    read_by: str
    changed: bool


def install(shell: str) -> Installed:
    """Write the script, and into the shell's own file the line that reads it; what is there stays."""
    if vouched():
        raise Refused(
            N_("This writes into your own folders, which the service cannot."),
            rule="house:binding",
            way_on=N_("Run it without the service: DISCLOSURE_SERVICE=off"),
        )
    home = Path(os.path.expanduser("~"))
    if shell == "fish":
        base = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
        script, reader = Path(base) / "fish" / "completions" / "disclosure.fish", None
    else:
        script = Path(places.data()) / f"completion.{shell}"
        reader = home / ".bashrc" if shell == "bash" else Path(os.environ.get("ZDOTDIR") or home) / ".zshrc"
    try:
        script.parent.mkdir(parents=True, exist_ok=True)
        changed = _written(script, shells.script(shell))
        if reader is not None:
            changed = _reads(reader, script) or changed
    except OSError as fault:
        raise Environment(
            N_("{path} cannot be written: {detail}"),
            path=str(reader or script),
            detail=fault.strerror or str(fault),
            way_on=N_("Write it yourself: disclosure completion {shell} > FILE"),
            shell=shell,
        ) from None
    # The first tab is as quick as the others.
    tree.read()
    tree.sounds()
    return Installed(str(script), str(reader or ""), changed)


def _written(path: Path, text: str) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    whole_files.write(path, text.encode(), replace=True)
    return True


def _reads(reader: Path, script: Path) -> bool:
    """Have the shell read the script: one line in its file, which is put there once. A file behind a link is
    changed where it is.
    """
    reader = reader.resolve()
    said = str(script).replace("'", "'\\''")
    line = f"[ -r '{said}' ] && . '{said}'  {MARK}"
    there = reader.read_text(encoding="utf-8", errors="surrogateescape") if reader.exists() else ""
    kept = [one for one in there.splitlines() if not one.endswith(MARK)]
    if line in there.splitlines():
        return False
    text = "\n".join([*kept, line]) + "\n"
    whole_files.write(reader, text.encode(errors="surrogateescape"), replace=True)
    return True
