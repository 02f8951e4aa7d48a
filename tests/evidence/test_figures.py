"""A figure of a closed annual report, opened to its cases and their entries, by the verifiers alone."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import RECEIVED, Place
from tests.counter import disclosure
from tests.evidence.test_evidence import HARNESS
from workflow.base.errors import Damaged, NotFound
from workflow.evidence import checkpoints, keys, proofs, verify_evidence
from workflow.reports.annual import build, closing, figure_proof, leaves
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record

CELLS = ("r1_granted,total", "new_received,natural_person", "carried_forward,total", "r7_total,total")
TABLE4 = "review,pending"


@dataclass
class Closed:
    """An office whose year was closed: the place, the report as it was recorded, the office's key."""

    place: Place
    key: str

    def proof(self, cell: str) -> figure_proof.Proof:
        row, column = cell.split(",")
        return figure_proof.of(self.place.desk("head"), RECEIVED.year, row, column)

    def judged(self, report: str, proof: str) -> str:
        """What the program says: its lines, or why not."""
        try:
            return "\n".join(
                verify_evidence.check(report.encode(), proof, None, [verify_evidence.key_of(self.key)])
            )
        except (verify_evidence.NotProved, verify_evidence.Unreadable) as fault:
            return f"{type(fault).__name__}: {fault}"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    folder = tmp_path_factory.mktemp("closed")
    place = builders.found(f"sqlite:///{folder / 'disclosure.db'}")
    place.today = date(RECEIVED.year + 1, 1, 20)
    number = place.bring("served", name="张三")
    place.bring("served", name="李四")
    place.bring("in_hand", name="王五", on=date(RECEIVED.year, 12, 22))
    place.act("legal", "open_reconsideration", number, f"{RECEIVED.year}-04-20", body="江南省民政厅")
    keys.create(keys.place(place.store.folder))
    closing.close(place.desk("head"), RECEIVED.year)
    yield Closed(place, checkpoints.public_key(place.desk("head")).text)
    place.store.close()


def test_the_leaves_count_what_the_figures_say(closed: Closed) -> None:
    with closed.place.store.reading() as connection:
        report = closing.closed(connection, 1, RECEIVED.year)
        assert report is not None
        cells = leaves.counted(connection, 1, report)
    plain = build.form.plain(report)["report"]
    for table in ("table3", "table4"):
        for row, columns in plain[table].items():
            for column, figure in columns.items():
                assert sum(one[table, row, column] for one in cells.values()) == figure, (table, row, column)


@pytest.mark.parametrize("cell", [*CELLS, TABLE4])
def test_a_figure_is_opened_to_its_cases_and_no_others(closed: Closed, cell: str) -> None:
    made = closed.proof(cell)
    said = closed.judged(made.report, made.text)
    assert said.startswith("PROVED"), said
    assert made.figure == said.count("\nCase ") == made.cases > 0
    opened = {json.loads(base64.b64decode(one["text"]))[2] for one in _entries(made.text)}
    assert len(opened) == made.cases
    for secret in ("张三", "李四", "王五", "平安路"):
        assert secret not in "".join(base64.b64decode(one["text"]).decode() for one in _entries(made.text))


def _entries(text: str) -> list[dict[str, Any]]:
    return [entry for case in json.loads(text)["cases"] for entry in case["entries"]]


def _report(change: Callable[[dict[str, Any]], None]) -> Callable[[str, str, str], tuple[str, str]]:
    def done(report: str, proof: str, _other: str) -> tuple[str, str]:
        told = json.loads(report)
        change(told["report"])
        return json.dumps(told), proof

    return done


def _proof(
    change: Callable[[dict[str, Any], dict[str, Any]], object],
) -> Callable[[str, str, str], tuple[str, str]]:
    def done(report: str, proof: str, other: str) -> tuple[str, str]:
        told = json.loads(proof)
        change(told, json.loads(other))
        return report, json.dumps(told)

    return done


def _more(table3: dict[str, Any]) -> None:
    table3["r1_granted"]["total"] += 1


def _other_leaf(told: dict[str, Any], _other: dict[str, Any]) -> None:
    leaf = json.loads(base64.b64decode(told["cases"][0]["leaf"]))
    leaf["cells"][0][3] = 2
    told["cases"][0]["leaf"] = base64.b64encode(json.dumps(leaf).encode()).decode()


# What an owner with all rights may try, and what the program says of it.
ATTACKS: dict[str, tuple[Callable[[str, str, str], tuple[str, str]], str]] = {
    "a figure of the report raised": (_report(lambda told: _more(told["table3"])), "was changed"),
    "the report of another year": (_report(lambda told: told.update(year=2025)), "was changed"),
    "a case left out": (_proof(lambda told, _: told["cases"].pop()), "give 1"),
    "a case shown twice": (_proof(lambda told, _: told["cases"].append(told["cases"][0])), "twice"),
    "a case of another figure": (
        _proof(lambda told, other: told["cases"].append(other["cases"][0])),
        "not counted there",
    ),
    "an entry of a case withheld": (
        _proof(lambda told, _: told["cases"][0]["entries"].pop()),
        "not those that the case had",
    ),
    "the entries of another case": (
        _proof(lambda told, _: told["cases"][0].update(entries=told["cases"][1]["entries"])),
        "not those that the case had",
    ),
    "a leaf written anew": (_proof(_other_leaf), "none of those of the report"),
    "the proof of another figure": (
        _proof(lambda told, _: told.update(cell=["table3", "new_received", "total"])),
        "the cases that are shown give",
    ),
    "no proof at all": (lambda report, proof, _other: (report, proof[:200]), "cannot be read"),
}


@pytest.mark.parametrize("how", ATTACKS)
def test_what_was_changed_is_told(closed: Closed, how: str) -> None:
    made, other = closed.proof("r1_granted,total"), closed.proof("carried_forward,total")
    change, words = ATTACKS[how]
    said = closed.judged(*change(made.report, made.text, other.text))
    assert not said.startswith("PROVED")
    assert words in said, said


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not here")
def test_the_page_says_the_same_of_figures(closed: Closed, tmp_path: Path) -> None:
    (tmp_path / "harness.js").write_text(HARNESS)
    made, other = closed.proof("r1_granted,total"), closed.proof("carried_forward,total")

    def judged(report: str, proof: str) -> tuple[int, str]:
        (tmp_path / "r.json").write_text(report, encoding="utf-8")
        (tmp_path / "p").write_text(proof, encoding="utf-8")
        page = proofs.VERIFIERS["verify_evidence.html"]
        words = [tmp_path / "harness.js", page, tmp_path / "r.json", tmp_path / "p", "", closed.key]
        ended = subprocess.run(["node", *map(str, words)], capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    status, said = judged(made.report, made.text)
    assert (status, "PROVED" in said, said.count("/ case ")) == (0, True, 2), said
    for how in ("a figure of the report raised", "a case shown twice", "an entry of a case withheld"):
        assert judged(*ATTACKS[how][0](made.report, made.text, other.text))[0] == 1, how


def test_what_is_kept_of_a_closing_is_verified(closed: Closed) -> None:
    office, table = closed.place.desk("head").office, TABLES["report_cases"]
    with closed.place.store.reading() as connection:
        content = connection.execute(sa.select(table.c.content)).scalar_one()

    def verified(other: str) -> None:
        with closed.place.store.writing() as connection:
            connection.execute(sa.update(table).values(content=other))
        verify_record.verify(closed.place.store, office)

    for other in (content.replace("natural", "legal"), content[:-2]):
        with pytest.raises(Damaged):
            verified(other)
    verified(content)


def test_a_year_that_was_not_closed_proves_nothing(closed: Closed) -> None:
    with pytest.raises(NotFound, match="was not closed"):
        figure_proof.of(closed.place.desk("head"), RECEIVED.year + 1, "new_received", "total")


def test_on_the_command_line_and_on_the_report(closed: Closed, tmp_path: Path) -> None:
    head = ("--as", "head", "--db", closed.place.store.url)
    out = tmp_path / "proofs"
    year = str(RECEIVED.year)
    made = disclosure("evidence", "prove", year, "予以公开,总计", "--out", out, *head, "--json")
    assert made.code == 0, made.err
    assert made.json["cell"] == ["table3", "r1_granted", "total"]
    names = {path.name for path in out.iterdir()}
    assert {f"{year}.json", f"{year}-r1_granted-total.proof", "verify_evidence.py"} <= names
    said = closed.judged(
        (out / f"{year}.json").read_text(encoding="utf-8"),
        (out / f"{year}-r1_granted-total.proof").read_text(encoding="utf-8"),
    )
    assert said.startswith("PROVED")
    assert disclosure("evidence", "prove", "答复", "r1_granted,total", "--out", out, *head).code == 2
    assert disclosure("evidence", "prove", year, "r1_granted", "--out", out, *head).code == 2
    # The root is printed on the published report.
    told = build.make(closed.place.desk("head"), RECEIVED.year)
    page = build.written(told.report, "html", closed.place.today, told.stamp).decode()
    with closed.place.store.reading() as connection:
        cases = closing.cases(connection, 1, RECEIVED.year)
    assert cases is not None
    assert cases["root"] in page
    with closed.place.store.reading() as connection:
        stamp = build.stamp_as_closed(closed.place.desk("head"), connection, RECEIVED.year)
    assert stamp is not None
    assert cases["root"] in stamp["lines"][-1]
