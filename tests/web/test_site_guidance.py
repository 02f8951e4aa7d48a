"""Work guidance: checked like letters, released by two persons, offered at the draft, on the public pages."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.builders import Place, refused
from workflow.commands import draft_offers
from workflow.drafting import guidance_book
from workflow.web.site import build, guides

pytestmark = pytest.mark.usefixtures("no_paper")

TEXT = """# 涉及商业秘密的申请

## 征求意见

《中华人民共和国政府信息公开条例》第十五条规定的商业秘密，依照第三十二条书面征求意见。

- 期限为15个工作日
- 逾期不答复的，由本机关决定 <script>alert(1)</script>

| 步骤 | 期限 |
| --- | --- |
| 征求 | 15个工作日 |

![图](https://example.com/a.png)
"""


def written(folder: Path, text: str, name: str = "商业秘密") -> Path:
    path = folder / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return path


def known(place: Place) -> list[guidance_book.Page]:
    with place.store.reading() as connection:
        return guidance_book.pages(connection, place.desk().office.id)


def test_headings_stand_below_the_title_without_a_gap() -> None:
    """Whatever levels the writer chose, a reader by ear meets each level in its turn."""
    text = "# 题\n\n### 甲\n\n##### 乙\n\n### 丙\n"
    made = guidance_book.html(guidance_book.Page(1, "题", "题", text))
    assert re.findall(r"<(h\d)>", made) == ["h2", "h3", "h2"]


def test_it_is_released_by_a_second_person_and_then_on_the_pages(quick: Place, tmp_path: Path) -> None:
    handler, head = quick.desk("handler"), quick.desk("head")
    out, file = tmp_path / "out", written(tmp_path, TEXT)
    guidance_book.keep(handler, file)
    build.write(head, out)
    assert "涉及商业秘密" not in (out / "guidance.html").read_text(encoding="utf-8")
    assert refused(lambda: guidance_book.release(handler, "1")).rule == "house:library"
    guidance_book.release(head, "商业秘密")
    assert {one.name for one in build.check(head, out)} >= {"guidance.html", "guidance-1.html"}
    build.write(head, out)
    assert build.check(head, out) == []
    page = (out / "guidance-1.html").read_text(encoding="utf-8")
    assert page.count("<h1>") == 1
    assert "<h2>征求意见</h2>" in page
    assert "<td>15个工作日</td>" in page
    assert "<script>" not in page
    assert "<img" not in page
    assert (out / "en" / "guidance-1.html").is_file()
    # Changed, it is another page, and released anew.
    guidance_book.keep(handler, written(tmp_path, TEXT + "\n补充一段。\n"))
    assert [(one.no, one.released) for one in known(quick)] == [(1, False)]
    build.write(head, out)
    assert not (out / "guidance-1.html").exists()
    guidance_book.remove(head, "1", "已废止")
    assert known(quick) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("《中华人民共和国政府信息公开条例》第九十九条", "house:library"),
        ("联系人电话13800000000", "house:privacy"),
        ("# " + "长" * 60_001, None),
    ],
)
def test_what_is_wrong_is_not_taken_in(quick: Place, tmp_path: Path, text: str, rule: str | None) -> None:
    fault = refused(lambda: guidance_book.keep(quick.desk("handler"), written(tmp_path, text)))
    assert fault.rule == rule
    assert known(quick) == []


def test_what_is_no_longer_in_force_is_left_out_and_said(
    quick: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fees = TEXT + "\n《政府信息公开信息处理费管理办法》第三条\n"
    guidance_book.keep(quick.desk("handler"), written(tmp_path, fees))
    guidance_book.release(quick.desk("head"), "1")
    # Before the measures on fees were in force: as on a day on which they are so no longer.
    shown, stale = guides.standing(known(quick), date(2020, 3, 2))
    assert ([page.no for page in shown], [page.no for page in stale]) == ([], [1])
    monkeypatch.setattr(guides, "standing", lambda known, on: (shown, stale))
    made = build.write(quick.desk("head"), tmp_path / "out")
    assert "guidance-1.html" not in made.names
    assert any("涉及商业秘密的申请" in one for one in made.gaps)


def test_it_is_offered_where_its_provision_is_applied(quick: Place, tmp_path: Path) -> None:
    number = quick.bring("drafting")
    guidance_book.keep(quick.desk("handler"), written(tmp_path, TEXT))
    for ground, offered in (("trade_secret", True), ("state_secret", False)):
        told, _ = draft_offers.for_draft(
            quick.desk("handler"), number, {"outcome": "withheld", "ground": ground}
        )
        assert any("涉及商业秘密的申请" in line for line in told) is offered
