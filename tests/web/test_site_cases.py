"""Decided cases on the public pages: what was released, without its people and its number; nothing else."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.builders import Place
from workflow.drafting import precedent_book, precedent_files
from workflow.web.site import build, cases

pytestmark = pytest.mark.usefixtures("no_paper")

PUBLISHED = Path(__file__).parents[1] / "precedents"
OWN = {
    "title": "甲申请公开某方案",
    "request": "某片区征收补偿方案",
    "holding": "答复提供了复印件，复议维持。",
    "found": (),
    "result": "organ_won",
}


def pages_of(out: Path, pattern: str = "case*.html") -> dict[str, str]:
    return {str(one.relative_to(out)): one.read_text(encoding="utf-8") for one in sorted(out.rglob(pattern))}


def test_only_what_was_released_is_there(quick: Place, tmp_path: Path) -> None:
    """Proposed, taken, imported: not on the pages. Released: there. Removed: gone, and the check says so."""
    out, published = tmp_path / "out", tmp_path / "published"
    published.mkdir()
    for path in sorted(PUBLISHED.glob("*.toml"))[:3]:
        shutil.copy(path, published)
    number = quick.bring("issued")
    handler, reviewer, head = (quick.desk(who) for who in ("handler", "reviewer", "head"))
    precedent_book.propose(handler, number, **OWN)  # type: ignore[arg-type]
    taken, _, _ = precedent_files.bring(handler, published)
    build.write(head, out)
    assert set(pages_of(out)) == {"cases.html", "en/cases.html"}
    precedent_book.take(reviewer, "1")
    assert build.check(head, out) == []
    precedent_book.release(head, "1")
    precedent_book.release(head, str(taken[0].no))
    assert {one.name for one in build.check(head, out)} >= {"cases.html", "en/cases.html"}
    build.write(head, out)
    assert build.check(head, out) == []
    made = pages_of(out)
    text = "".join(made.values())
    for said in (OWN["title"], OWN["holding"], taken[0].title):
        assert str(said) in text
    for unsaid in (number, "张三", "ogi2019", *(one.title for one in taken[1:]), handler.officer.name):
        assert unsaid not in text
    (own,) = [
        name for name in made if re.fullmatch("case-[0-9a-f]{12}.html", name) and OWN["title"] in made[name]
    ]
    precedent_book.remove(head, "1", "已被改判")
    assert (own, "left") in [(one.name, one.what) for one in build.check(head, out)]
    build.write(head, out)
    assert own not in pages_of(out)
    assert str(OWN["holding"]) not in "".join(pages_of(out).values())


def test_each_is_found_by_its_ground_and_its_fault(quick: Place, tmp_path: Path) -> None:
    """From the index by plain links, in both languages; every link leads somewhere."""
    out, head = tmp_path / "out", quick.desk("head")
    published = tmp_path / "published"
    published.mkdir()
    for path in sorted(PUBLISHED.glob("*.toml"))[:12]:
        shutil.copy(path, published)
    taken, _, _ = precedent_files.bring(quick.desk("handler"), published)
    for one in taken:
        precedent_book.release(head, str(one.no))
    build.write(head, out)
    for path, text in pages_of(out).items():
        assert text.count("<h1>") == 1
        assert len(text.encode()) < 100_000
        for target in re.findall(r'(?:src|href)="([^"#]+)"', text):
            assert ((out / path).parent / target).exists(), (path, target)
    for top in ("", "en/"):
        index = (out / f"{top}cases.html").read_text(encoding="utf-8")
        for one in taken:
            keys = [*(("ground", key) for key in one.grounds), *(("fault", key) for key in one.faults)]
            assert keys
            for kind, key in keys:
                assert f'href="cases-{kind}-{key}.html"' in index
                assert one.title in (out / f"{top}cases-{kind}-{key}.html").read_text(encoding="utf-8")


def test_a_long_list_has_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is lost between them."""
    monkeypatch.setattr(cases, "MOST", 2)
    made = [
        precedent_book.Precedent(
            no, f"案例{no}", ("x",), ("withheld",), (), ("late",), "mixed", f"{no}", state="released"
        )
        for no in range(5)
    ]
    lists = [
        one for one in cases.leaves(precedent_files.public(made), "zh") if one.template == "case_list.html"
    ]
    assert [one.name for one in lists] == ["cases-fault-late", "cases-fault-late-2", "cases-fault-late-3"]
    assert sorted(row[1] for one in lists for row in one.values["rows"]) == [f"案例{no}" for no in range(5)]
