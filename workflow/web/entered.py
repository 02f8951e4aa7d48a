"""An application from the public pages as an application of the office: its persons, its day, its papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workflow.casework import application as applications
from workflow.casework.application import Application
from workflow.law.keys import Channel
from workflow.web.opening import Came
from workflow.web.public import form

FORM_FILE = "网上申请表.txt"


def application(came: Came, folder: Path, organ: str) -> Application:
    """The application that a form makes, with its papers written into a folder for it; `organ` is the name of
    the one that is asked.
    """
    said = came.answers
    first, *others = said["applicants"]
    made = applications.checked(
        {
            **first,
            "kind": said["kind"],
            "applicants": [{**one, "kind": said["kind"]} for one in others],
            "agent": said["agent"],
            "channel": Channel.ONLINE,
            "system_on": came.day,
            "request": said["request"],
            "form": f"{_named('medium', said['medium'])}；{_named('way', said['way'])}",
        }
    )
    made.attach = [written(folder, FORM_FILE, text(came, organ).encode()), *papers(came, folder)]
    return made


def papers(came: Came, folder: Path) -> list[Path]:
    """The papers of a form, each in a folder of its own, since two may bear one name."""
    found = []
    for no, paper in enumerate(came.papers, 1):
        place = folder / str(no)
        place.mkdir()
        found.append(written(place, paper.name, paper.data))
    return found


def written(folder: Path, name: str, data: bytes) -> Path:
    """A file of what came."""
    path = folder / name
    path.write_bytes(data)
    return path


def _named(choice: str, key: str) -> str:
    return str(form.table()["choices"][choice][key]["zh"])


def text(came: Came, organ: str) -> str:
    """The form as it was filled in, to be kept in the file of the case."""
    said, table = came.answers, form.table()
    labels = {spec["id"]: spec["zh"] for part in ("person", "agent", "wanted") for spec in table[part]}
    lines = [f"网上申请表（回执号 {came.receipt}，系统收到时间 {came.at}）"]
    for title, facts in _people(said):
        lines += ["", f"【{title}】", *(f"{labels[name]}：{value}" for name, value in facts.items())]
    lines += ["", "【所需信息】", f"{labels['organ']}：{organ}", f"{labels['request']}：", said["request"]]
    lines += [f"{labels[name]}：{_named(name, said[name])}" for name in ("medium", "way", "notice")]
    lines += [f"材料：{paper.name}" for paper in came.papers]
    return "\n".join(lines) + "\n"


def _people(said: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    found = [(f"申请人{no}", one) for no, one in enumerate(said["applicants"], 1)]
    return [*found, *([("代理人", said["agent"])] if said["agent"] else [])]
