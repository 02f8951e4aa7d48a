"""The officer's own words of a draft as a text to be edited, and their versions.

What the law writes (decision, ground, citations, remedies, numbers, dates) stands in the text as comments and
nowhere else: a change there changes nothing. Every version is an entry of the ledger; here they are only
read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from workflow.base import caller, tables, whole_files
from workflow.base.errors import DisclosureError, Environment, Malformed, NotFound
from workflow.base.messages import N_, listed, pick
from workflow.base.names import word
from workflow.cases import draft_complete, organ_clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Act
from workflow.cases.reply import DraftItem
from workflow.casework.desk import Desk
from workflow.casework.opened import Done, open_case
from workflow.procedure import machine

TEXTS = ("facts", "reasons", "means")
UNSAVED = "unsaved"
EVENT = "draft"
_HELP = (
    (
        "以“#”开头的行是说明，不写入文书；正文行首确需“#”的，写作“\\#”。",
        "Lines that begin with # are help and not written; a line of text that has to begin so is typed \\#.",
    ),
    (
        "“== 名称 ==”以下是该部分的文字，名称不可增改。一行一段，可以用列表和 **强调**。",
        "Below '== name ==' stands the text of that part; names cannot be changed. A line is a paragraph; lists and **emphasis** may be used.",
    ),
    (
        "处理结果、依据、救济告知、文号和日期由系统生成，不能在此修改。",
        "Outcome, citations, remedies, numbers and dates are made by the program and cannot be edited here.",
    ),
)


def item_of(case: CaseFile, item: int | None, part: str | None) -> DraftItem:
    """The drafted item that is meant; Malformed where several could be, NotFound where there is none."""
    rows = [row for row in case.draft.values() if item in (None, row.no) and part in (None, row.part)]
    if not rows:
        raise NotFound(
            N_("{number} has no draft of that item."),
            field="item",
            number=case.number,
            way_on=N_("Draft it first, with its outcome: disclosure draft {number} --item N --outcome ..."),
        )
    if len(rows) > 1:
        raise Malformed(
            N_("Several items are drafted: {items}. Say with --item, and --part, which one is meant."),
            field="item",
            items=listed(
                f"{row.no} {row.part}".strip() for row in sorted(rows, key=lambda row: (row.no, row.part))
            ),
        )
    return rows[0]


def fields(drafted: DraftItem, needs: list[str]) -> dict[str, str]:
    """The texts of an item by name: its own three, and what its outcome and ground ask for besides."""
    own = {name: str(getattr(drafted, name)) for name in TEXTS}
    extra = dict.fromkeys(sorted({*drafted.extra, *(need for need in needs if need not in own)}), "")
    return {**own, **{name: drafted.extra.get(name, "") for name in extra}}


def needs_of(desk: Desk, case: CaseFile, drafted: DraftItem) -> list[str]:
    """What the law asks of the outcome and ground of an item, as names of texts."""
    law, day = desk.context.law, organ_clocks.law_day(case, desk.context)
    asked = list(law.outcome(drafted.outcome, day).needs)
    if drafted.ground:
        asked += law.ground(drafted.ground, day).needs
    return [need for need in asked if need not in ("ground", draft_complete.CONSULTATION)]


def sheet(case: CaseFile, drafted: DraftItem, texts: dict[str, str]) -> str:
    """The text that the editor opens."""
    outcome = word("outcome", drafted.ground or drafted.outcome)
    head = [
        pick(
            f"案件 {case.number} 第{drafted.no}项 {drafted.part}",
            f"case {case.number}, item {drafted.no} {drafted.part}",
        ),
        case.items[drafted.no - 1].split("\n")[0][:200],
        pick(f"处理结果：{outcome}", f"outcome: {outcome}"),
        *(pick(*both) for both in _HELP),
    ]
    lines = [f"# {line}".rstrip() for line in head]
    for name, text in texts.items():
        lines += ["", f"== {name} ==  # {_label(name)}", *(_escaped(line) for line in text.split("\n"))]
    return "\n".join(lines) + "\n"


def _label(name: str) -> str:
    return word("need", name) if name != "facts" else pick("事实", "facts")


_TAKEN = ("#", "==", "\\#", "\\=", "\\\\")
"""Line starts that must be escaped: they would be read as help or as the name of a part."""


def _escaped(line: str) -> str:
    bare = line.lstrip()
    return line[: len(line) - len(bare)] + "\\" + bare if bare.startswith(_TAKEN) else line


def _plain(line: str) -> str:
    bare = line.lstrip()
    return line[: len(line) - len(bare)] + bare[1:] if bare.startswith(_TAKEN[2:]) else line


def parsed(text: str, known: dict[str, str]) -> dict[str, str]:
    """The texts as they come back; Malformed for a part that there is not, or words that stand in none."""
    found: dict[str, list[str]] = {}
    name = None
    for place, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        bare = line.strip()
        if bare.startswith("#"):
            continue
        if bare.startswith("=="):
            name = bare.lstrip("=").partition("==")[0].strip()
            if name not in known or name in found:
                raise Malformed(
                    N_(
                        "Line {line}: there is no part '{name}' here, or it stands there twice; parts are: {names}"
                    ),
                    field=name,
                    line=place,
                    name=name[:40],
                    names=listed(known),
                    way_on=N_("Decision, citations, remedies, numbers and dates are not written by hand."),
                )
            found[name] = []
        elif name is not None:
            found[name].append(_plain(line))
        elif bare:
            raise Malformed(N_("Line {line}: this text stands in no part."), field="text", line=place)
    return {key: "\n".join(lines).strip() for key, lines in found.items()}


@dataclass
class Edited:
    """The result of an edit: the act, where something changed, and the names of the changed parts."""

    done: Done | None
    changed: list[str]


def edit(
    desk: Desk,
    ref: str,
    item: int | None,
    part: str | None,
    source: Path | None = None,
    on: date | None = None,
) -> Edited:
    """Open the texts of an item in the editor (or take them from a file) and record them as a new draft.

    Whether a draft may be recorded at all is asked before anybody types. Nothing of what was typed is lost:
    where it cannot be recorded, it is kept in a file that the error names.
    """
    with desk.store.reading() as connection:
        opened = open_case(desk, connection, ref)
    case = opened.case
    drafted = item_of(case, item, part)
    machine.take(case, Act(EVENT, on or desk.today(), {}, desk.officer.actor), desk.context)
    texts = fields(drafted, needs_of(desk, case, drafted))
    typed = _read(source) if source else _edited(sheet(case, drafted, texts))
    if typed is None:
        return Edited(None, [])
    try:
        return record(desk, case, drafted, texts, parsed(typed, texts), opened.version, on)
    except DisclosureError as fault:
        if source is None:
            kept = _keep(desk, case, drafted, typed)
            fault.way_on = N_(
                "Nothing is lost: your text is in {kept}. Mend it there, then: disclosure letter edit {case} --item {item} --from {kept}"
            )
            fault.params = {**fault.params, "kept": kept, "case": case.number, "item": drafted.no}
        raise


def record(
    desk: Desk,
    case: CaseFile,
    drafted: DraftItem,
    before: dict[str, str],
    after: dict[str, str],
    version: int,
    on: date | None,
) -> Edited:
    """Record the texts of an item as a new draft, where something in them changed."""
    now = {**before, **after}
    changed = [name for name, text in now.items() if text != before[name]]
    if not changed:
        return Edited(None, [])
    facts: dict[str, Any] = {
        "item": drafted.no,
        "outcome": drafted.outcome,
        "ground": drafted.ground,
        "part": drafted.part or None,
        "attachments": drafted.attachments,
        **{name: now.get(name) for name in TEXTS},
        "extra": [f"{name}={text}" for name, text in now.items() if name not in TEXTS and text],
    }
    given = {name: value for name, value in facts.items() if value not in (None, "", [])}
    return Edited(desk.act(case.number, EVENT, given, on=on, expect=version), changed)


def _read(path: Path) -> str:
    return tables.text_of(path)


def _edited(text: str) -> str | None:
    """The text after editing; None where it was not changed."""
    import shlex
    import subprocess
    import tempfile

    his = caller.hands()
    if his is not None:
        return _left(*his.edit(text.encode(), ".txt"), text, "EDITOR")
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="disclosure-") as folder:
        path = Path(folder) / "draft.txt"
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        try:
            ended = subprocess.run([*shlex.split(command), str(path)], check=False).returncode
        except (OSError, ValueError) as fault:
            raise Environment(
                N_("The editor '{editor}' cannot be started: {detail}"),
                field="editor",
                editor=command,
                detail=str(fault),
                way_on=N_("Name another with the variable EDITOR, or give a file with --from."),
            ) from None
        return _left(path.read_bytes(), ended, text, command)


def _left(typed: bytes, ended: int, text: str, command: str) -> str | None:
    """What an editor left; None where it left the text as it was."""
    if typed == text.encode():
        if ended:
            raise Environment(
                N_("The editor '{editor}' ended with status {status}; nothing was changed."),
                field="editor",
                editor=command,
                status=ended,
            )
        return None
    return typed.decode("utf-8", errors="replace")


def _keep(desk: Desk, case: CaseFile, drafted: DraftItem, text: str) -> str:
    folder = desk.store.folder / UNSAVED
    whole_files.private_folder(folder)
    path = folder / f"{case.number}-{drafted.no}-{desk.moment().replace(':', '')}.txt"
    whole_files.write(path, text.encode("utf-8"), replace=True)
    path.chmod(0o600)
    return str(path)


# --- versions
