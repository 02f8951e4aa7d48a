"""What the officer writes and what the law writes: the editor, its versions, Markdown, and how much text
there may be.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from letters.content import compose, kinds, markdown, specimens
from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow import law
from workflow.base.errors import Conflict, DisclosureError, Environment, Malformed, NotFound, Refused
from workflow.drafting import draft_text, draft_versions
from workflow.office import profile_changes

HERE = Path(__file__).parent


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    made = builders.found(sqlite_url)
    yield made
    made.store.close()


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An editor that does what a test says: its lines get the text as `t` and leave it there."""

    def does(*lines: str) -> Path:
        script, seen = tmp_path / "editor.py", tmp_path / "seen.txt"
        script.write_text(
            "\n".join(
                [
                    "import sys, pathlib",
                    "p = pathlib.Path(sys.argv[1]); t = p.read_text('utf-8')",
                    f"pathlib.Path({str(seen)!r}).write_text(t, 'utf-8')",
                    *lines,
                    "p.write_text(t, 'utf-8')",
                ]
            ),
            "utf-8",
        )
        monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
        return seen

    return does


def refusing(place: Place, **facts: Any) -> str:
    number = place.bring("in_hand")
    place.act("handler", "draft", number, "2026-03-05", **{**builders.REFUSE, **facts})
    return number


def edit(place: Place, number: str, **choices: Any) -> draft_text.Edited:
    return draft_text.edit(
        place.desk("handler"), number, choices.get("item"), choices.get("part"), choices.get("source")
    )


# --- the editor


def test_the_texts_are_edited_and_recorded_as_a_draft(place: Place, editor: Any) -> None:
    number = refusing(place, attachments=["目录"])
    seen = editor(
        "t = t.replace('\\n属于本机关车辆调度的内部事务信息，公开会影响工作秩序\\n', '\\n是内部考勤记录。\\n\\n不对外产生影响。\\n')"
    )
    edited = edit(place, number)
    assert edited.changed == ["reasons"]
    (drafted,) = place.case(number).draft.values()
    assert drafted.reasons == "是内部考勤记录。\n\n不对外产生影响。"
    assert (drafted.outcome, drafted.ground, drafted.attachments) == (
        "withheld",
        "internal_affairs",
        ["目录"],
    )
    assert "#" in seen.read_text("utf-8")
    assert place.case(number).draft_version == 2


def test_what_the_law_writes_cannot_be_edited(place: Place, editor: Any) -> None:
    number = refusing(place)
    before = place.case(number)
    # Help may be changed at will: it says what is so and decides nothing.
    editor(
        "t = t.replace('# 处理结果：属于本机关车辆调度的内部事务信息，公开会影响工作秩序', '# 处理结果：予以公开').replace('属于本机关车辆调度的内部事务信息，公开会影响工作秩序\\n', '考勤记录\\n')"
    )
    edit(place, number)
    after = place.case(number)
    assert [(one.outcome, one.ground) for one in after.draft.values()] == [
        (one.outcome, one.ground) for one in before.draft.values()
    ]
    for name in ("outcome", "ground", "remedy", "number", "basis", "date", "救济告知"):
        editor(f"t += '\\n== {name} ==\\n予以公开\\n'")
        with pytest.raises(Malformed):
            edit(place, number)
    assert place.case(number).draft_version == 2


def test_no_entry_of_a_draft_writes_what_is_the_engines(place: Place) -> None:
    number = refusing(place)
    for name in ("basis", "remedy", "number", "date", "decision"):
        with pytest.raises(Malformed):
            place.act("handler", "draft", number, "2026-03-05", **{**builders.REFUSE, name: "x"})
    # And what is no need of the outcome does not get into the letter under a name of the engine's.
    data = specimens.data("D4e")
    plain = compose.letter("D4e", data, law.bundled())
    stuffed = specimens.data("D4e")
    row = stuffed["decision"]["items"][0]
    row["extra"] = {
        **row["extra"],
        "basis": "《某某法》",
        "what": "一切",
        "own_basis": "x",
        "severing": "x",
        "annexes": "9",
    }
    made = compose.letter("D4e", stuffed, law.bundled())
    assert made["blocks"] == plain["blocks"]
    assert made["number"] == plain["number"]


def test_nothing_typed_is_lost(place: Place, editor: Any, home: Path) -> None:
    number = refusing(place)
    editor("t += '\\n== 依据 ==\\n第一条\\n我写了很久的文字\\n'")
    with pytest.raises(Malformed) as caught:
        edit(place, number)
    kept = Path(caught.value.params["kept"])
    assert "我写了很久的文字" in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert str(kept) in (caught.value.advice or "")
    # Mended there, it is taken from the file.
    kept.write_text(
        kept.read_text("utf-8")
        .replace("== 依据 ==", "")
        .replace("属于本机关车辆调度的内部事务信息，公开会影响工作秩序", "考勤记录"),
        "utf-8",
    )
    edit(place, number, source=kept)
    (drafted,) = place.case(number).draft.values()
    assert "我写了很久的文字" in drafted.means + drafted.extra["severance"]
    assert drafted.reasons == "考勤记录"


def test_a_case_past_its_draft_opens_no_editor(place: Place, editor: Any) -> None:
    seen = editor("t = t")
    number = place.bring("approved")
    with pytest.raises(Refused):
        edit(place, number)
    assert not seen.exists()


def test_an_edited_draft_bears_the_day_that_is_given(place: Place, editor: Any) -> None:
    number = refusing(place)
    editor("t = t.replace('车辆调度', '车辆管理')")
    draft_text.edit(place.desk("handler"), number, None, None, on=date(2026, 3, 6))
    assert builders.entries(place, number)[-1].on == date(2026, 3, 6)


def test_what_was_left_alone_is_not_recorded(place: Place, editor: Any) -> None:
    number = refusing(place)
    editor("pass")
    assert edit(place, number).done is None
    editor("t = t.replace('# ', '#  ')")
    assert edit(place, number).done is None
    assert place.case(number).draft_version == 1


def test_a_line_may_begin_like_help(place: Place, editor: Any) -> None:
    text = "# 不是说明\n== 也不是 ==\n\\# 反斜线\n\\\\两道\n  # 缩进"
    number = refusing(place, reasons=text)
    (drafted,) = place.case(number).draft.values()
    editor("t = t.replace('== means ==', '== means ==\\n邮寄')")
    assert edit(place, number).changed == ["means"]
    (after,) = place.case(number).draft.values()
    assert after.reasons == drafted.reasons


def test_somebody_elses_draft_is_not_overwritten(
    place: Place, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = refusing(place)
    editor("t = t.replace('属于本机关车辆调度的内部事务信息，公开会影响工作秩序\\n', '考勤\\n')")
    real = draft_text._edited

    def meanwhile(text: str) -> str | None:
        typed = real(text)
        place.act("handler", "note", number, "2026-03-06", text="电话")
        return typed

    monkeypatch.setattr(draft_text, "_edited", meanwhile)
    with pytest.raises(Conflict) as caught:
        edit(place, number)
    assert Path(caught.value.params["kept"]).exists()


def test_which_item_is_meant(place: Place, editor: Any) -> None:
    number = place.receive(items=["甲", "乙"], request=None).case.number
    place.walk(number, builders.ROADS["in_hand"])
    with pytest.raises(NotFound):
        edit(place, number)
    for item in (1, 2):
        place.act("handler", "draft", number, "2026-03-05", item=item, **builders.REFUSE)
    with pytest.raises(Malformed, match="1, 2|1、2"):
        edit(place, number)
    editor("t = t.replace('属于本机关车辆调度的内部事务信息，公开会影响工作秩序\\n', '考勤\\n')")
    edit(place, number, item=2)
    assert [one.reasons for _, one in sorted(place.case(number).draft.items())] == [
        "属于本机关车辆调度的内部事务信息，公开会影响工作秩序",
        "考勤",
    ]
    with pytest.raises(NotFound):
        edit(place, number, item=3)


def test_an_editor_that_is_not_there(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    number = refusing(place)
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    with pytest.raises(Environment):
        edit(place, number)
    monkeypatch.setenv("VISUAL", "false")
    with pytest.raises(Environment):
        edit(place, number)
    monkeypatch.setenv("VISUAL", "'unbalanced")
    with pytest.raises(Environment):
        edit(place, number)


def test_the_needs_of_the_outcome_are_offered(place: Place, editor: Any) -> None:
    number = place.bring("in_hand")
    place.act("handler", "draft", number, "2026-03-05", outcome="not_held", reasons="无")
    seen = editor("t = t.replace('\\n== search ==', '\\n== search ==').rstrip() + '\\n检索了电子公文系统\\n'")
    edit(place, number)
    assert "== search ==" in seen.read_text("utf-8")
    (drafted,) = place.case(number).draft.values()
    assert drafted.extra == {"search": "检索了电子公文系统"}


# --- versions


def test_every_version_is_kept_and_compared(place: Place, editor: Any) -> None:
    number = refusing(place)
    editor("t = t.replace('属于本机关车辆调度的内部事务信息，公开会影响工作秩序\\n', '考勤\\n')")
    edit(place, number)
    found = draft_versions.versions(place.desk("handler"), number)
    assert [(one.no, one.entry.actor, one.items) for one in found] == [
        (1, "handler", (1,)),
        (2, "handler", (1,)),
    ]
    lines = draft_versions.diff(found, 1, 2)
    assert "-属于本机关车辆调度的内部事务信息，公开会影响工作秩序" in lines
    assert "+考勤" in lines
    assert "+属于本机关车辆调度的内部事务信息，公开会影响工作秩序" in draft_versions.diff(found, 2, 1)
    with pytest.raises(NotFound):
        draft_versions.diff(found, 1, 3)
    said = disclosure("letter", "versions", number, "--diff", "1", "2", "--as", "handler")
    assert said.code == 0
    assert "+考勤" in said.out
    assert len(disclosure("letter", "versions", number, "--as", "handler", "--json").json) == 2


# --- how much


def test_200_kb_of_reasons_are_refused_with_the_limit(place: Place) -> None:
    number = place.bring("in_hand")
    with pytest.raises(Malformed) as caught:
        place.act("handler", "draft", number, "2026-03-05", **{**builders.REFUSE, "reasons": "长" * 70_000})
    assert caught.value.params["most"] == 20_000
    assert place.case(number).state == "in_hand"
    place.act("handler", "draft", number, "2026-03-05", **{**builders.REFUSE, "reasons": "长" * 20_000})
    with pytest.raises(Malformed):
        place.act(
            "handler",
            "draft",
            number,
            "2026-03-05",
            **{**builders.REFUSE, "extra": [f"danger={'长' * 20_001}"]},
        )


def test_the_office_sets_the_limit(place: Place) -> None:
    number = place.bring("in_hand")
    profile_changes.set_profile(place.desk("head"), "settings.longest_text", "1000")
    fresh = builders.Place(place.store, place.key, place.today)
    with pytest.raises(Malformed, match="1000"):
        fresh.act("handler", "draft", number, "2026-03-05", **{**builders.REFUSE, "reasons": "长" * 1001})
    with pytest.raises(DisclosureError):
        profile_changes.set_profile(place.desk("head"), "settings.longest_text", "20001")


# --- Markdown

READ = [
    ("一段\n又一段", ["一段", "又一段"]),
    ("1. 甲\n2. 乙\n   1. 丙\n   - 丁", ["1.甲", "2.乙", "（1）丙", "——丁"]),
    ("3. 从三起\n7. 数字不改", ["3.从三起", "7.数字不改"]),
    ("**要点**：正文", ["要点：正文"]),
    ("2*3*4=24 **粗**", ["2*3*4=24 粗"]),
    ("__下划__ **粗** a_b_c", ["__下划__ 粗 a_b_c"]),
    ("    缩进的 **话**", ["缩进的 话"]),
    ("# 标题\n> 引\n\n***\n**x**", ["# 标题", "> 引", "***", "x"]),
    ("<script>alert(1)</script> **x** &lt;b&gt;", ["<script>alert(1)</script> x &lt;b&gt;"]),
    (
        "![图](file:///etc/passwd) [链](http://169.254.169.254/) **x** `码`",
        ["![图](file:///etc/passwd) [链](http://169.254.169.254/) x `码`"],
    ),
    ("{{ 7*7 }} {basis} **x**", ["{{ 7*7 }} {basis} x"]),
]


@pytest.mark.parametrize(("text", "wanted"), READ)
def test_markdown(text: str, wanted: list[str]) -> None:
    assert markdown.paragraphs(text) == wanted


def test_deep_lists_do_not_break_it() -> None:
    text = "\n".join("  " * deep + "- 项" for deep in range(300)) + "\n" + "*" * 3000 + "甲" + "*" * 3000
    assert markdown.paragraphs(text)


def test_the_letter_bears_paragraphs_and_lists_and_no_marks() -> None:
    data = specimens.data("D4e")
    data["decision"]["items"][0]["reasons"] = "理由如下：\n1. **甲**\n2. <b>乙</b>"
    content = compose.letter("D4e", data, law.bundled())
    texts = [block.get("text", "") for block in content["blocks"]]
    assert "1.甲" in texts
    # The end of what the officer wrote is closed, where he did not.
    assert "2.<b>乙</b>。" in texts
    from letters.pdf import render

    assert "&lt;b&gt;" in render.html(content)
    assert kinds.get("D4e").code == content["code"]
