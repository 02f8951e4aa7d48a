"""A database of the released version opens after `disclosure upgrade`, says what it said, and can be worked
on.

`released/NNNN.tar.gz` was written by the version whose schema it names (0001: commit 8243326), with its key
file, its file store and `said.json`: what `verify`, `show`, `clocks`, `history` and `letters` said of each
case then. Cases in it are registered, corrected, stopped for a fee, waiting for a third party, approved,
served and contested, returned, filed under the Regulations of 2008, withdrawn and amended, lapsed, with a
reply made void, and extended. It is never made anew.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.counter import disclosure

RELEASED = sorted((Path(__file__).parent / "released").glob("*.tar.gz"))
# What that version said wrongly: the days for asking a correction ended when a unit took the case in hand.
CORRECTED = [("correction.notice].state", "ended", "running")]
SHOWN = ("show", "clocks", "history", "letters")


@pytest.fixture(params=RELEASED, ids=lambda path: path.name.partition(".")[0])
def said(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The folder of a released version, brought up; what that version said of it."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path))
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", f"sqlite:///{tmp_path / 'disclosure.db'}")
    monkeypatch.setenv("DISCLOSURE_OFFICER", "head")
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    upgraded = disclosure("upgrade", "--json")
    assert upgraded.code == 0, upgraded.err
    found: dict[str, Any] = json.loads((tmp_path / "said.json").read_text("utf-8"))
    return found


def _are_clocks(said: Any) -> bool:
    return (
        isinstance(said, list)
        and bool(said)
        and isinstance(said[0], dict)
        and {"rule", "ref"} <= set(said[0])
    )


def kept(before: Any, now: Any, where: str = "") -> list[str]:
    """What was said before and is not said now. That more is said now is no fault."""
    if isinstance(before, dict) and isinstance(now, dict):
        return [
            fault
            for key, value in before.items()
            for fault in (
                kept(value, now[key], f"{where}.{key}") if key in now else [f"{where}.{key} is gone"]
            )
        ]
    if isinstance(now, list) and _are_clocks(before):
        # Clocks are known by rule and reference: a version may tell of more of them than the one before.
        known = {(clock["rule"], clock["ref"]): clock for clock in now}
        return [
            fault
            for clock in before
            for fault in kept(clock, known.get((clock["rule"], clock["ref"])), f"{where}[{clock['rule']}]")
        ]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [
            fault
            for n, pair in enumerate(zip(before, now, strict=True))
            for fault in kept(*pair, f"{where}[{n}]")
        ]
    if (where.rpartition("[")[2], before, now) in CORRECTED:
        return []
    return [] if before == now else [f"{where}: {before!r} became {now!r}"]


def test_the_record_holds(said: dict[str, Any]) -> None:
    verified = disclosure("verify", "--files", "--json")
    assert verified.code == 0, verified.err
    assert kept(said["verify"], verified.json) == []


@pytest.mark.parametrize("what", SHOWN)
def test_every_case_says_what_it_said(said: dict[str, Any], what: str) -> None:
    faults = []
    for number, before in said[what].items():
        now = disclosure(what, number, "--json")
        assert now.code == 0, now.err
        faults += kept(before, now.json, number)
    assert faults == []


def test_it_can_be_worked_on(said: dict[str, Any]) -> None:
    """New entries stand on the old chain, over texts sealed by the old version."""
    number = next(number for number, case in said["show"].items() if case["state"] == "approved")
    noted = disclosure("note", number, "--text", "升级后记事", "--as", "handler", "--json")
    assert noted.code == 0, noted.err
    assert noted.json["entry"]["seq"] == said["verify"][0]["entries"] + 1
    issued = disclosure("issue", number, "--as", "handler", "--later", "--json")
    assert issued.code == 0, issued.err
    revealed = disclosure("reveal", number, "--reason", "核对送达地址", "--json")
    assert revealed.code == 0, revealed.err
    assert "320500199001010017" in revealed.out
    assert disclosure("verify", "--files", "--json").code == 0
