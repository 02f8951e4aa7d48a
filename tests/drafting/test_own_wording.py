"""An office's own templates and phrases: refused where a letter loses a part, kept by what they hold, named
by letters.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from letters.own_wording import wording
from letters.own_wording.wording import Override
from letters.pdf import render
from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Conflict, Damaged, Malformed, Refused
from workflow.casework import letter_data
from workflow.drafting import own_wording
from workflow.jobs import queue
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads", "pages_once")

TEMPLATE = (wording.FOLDER / "letter.html").read_text("utf-8")
BLOCKS = "{% for block in blocks %}"
NUMBER = '<p class="number">{{ number }}</p>'
ONE = (date(2026, 5, 20),)
GOOD: dict[str, Any] = {"opening": {"decided_one": "经研究，现答复如下："}}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Specimens of one day and of three letters: what is done with them is the same."""
    every = list(own_wording._specimens(ONE))
    few = [one for one in every if one[:2] in (("D1", None), ("D4d", "trade_secret"), ("P3", None))]
    monkeypatch.setattr(own_wording, "_specimens", lambda eras: iter(few))


def own(tmp_path: Path, changes: str = "", **templates: str) -> Path:
    folder = tmp_path / "own"
    folder.mkdir(exist_ok=True)
    if changes:
        (folder / wording.PHRASES).write_text(changes, "utf-8")
    for name, text in templates.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return folder


# --- what is refused, and for which part

BROKEN: dict[str, tuple[Override, str, str]] = {
    "a template that drops the remedies": (
        Override(
            {},
            {"letter.html": TEMPLATE.replace(BLOCKS, '{% for block in blocks if block.part != "remedy" %}')},
        ),
        "D4d",
        "remedy",
    ),
    "one that says of remedies what is not so": (
        Override({"closing": {"contact_telephone": "不得申请行政复议。电话：{telephone}"}}),
        "D1",
        "remedy",
    ),
    "one that drops the number": (
        Override({}, {"letter.html": TEMPLATE.replace(NUMBER, "")}),
        "D1",
        "number",
    ),
    "one that drops the addressee": (
        Override({}, {"letter.html": TEMPLATE.replace('{{ set(addressee ~ "：", "addressee", 0) }}', "")}),
        "D1",
        "addressee",
    ),
    "one that drops contact and date": (
        Override({}, {"letter.html": TEMPLATE.replace('{% include "end.html" %}', "")}),
        "D1",
        "date_zh",
    ),
    "phrases that cite nothing": (
        Override(
            {
                "outcome": {
                    "granted": {
                        "paragraphs": [
                            {"text": "根据有关规定，本机关对{what}予以公开。", "part": "decision"},
                            {"text": "{means}", "if": "means"},
                            {"text": "见附件{annexes?}", "if": "attached"},
                        ]
                    }
                }
            }
        ),
        "D1",
        "citation",
    ),
    "phrases that leave the officer's reasons out": (
        Override(
            {
                "outcome": {
                    "withheld": {"paragraphs": [{"text": "根据{basis}的规定，本机关对{what}不予公开。"}]}
                }
            }
        ),
        "D4d",
        "facts",
    ),
    "raw template text": (
        Override({"opening": {"decided_one": "{{{{ x }}}} 现答复如下："}}),
        "D1",
        "template",
    ),
    "a name that there is not": (Override({"opening": {"decided_one": "{nosuch}"}}), "D1", "nosuch"),
    "a phrase that cannot be read": (Override({"opening": {"decided_one": "{x"}}), "D1", "phrases"),
    "a character without a face": (
        Override({"opening": {"decided_one": "现答复如下\U0003134a："}}),
        "D1",
        "glyph",
    ),
    "a picture": (
        Override({}, {"letter.html": TEMPLATE.replace(NUMBER, NUMBER + '<img src="file:///etc/passwd">')}),
        "D1",
        "markup",
    ),
    "a style that hides": (
        Override({}, {"letter.html": TEMPLATE.replace(NUMBER, '<p style="display: none">{{ number }}</p>')}),
        "D1",
        "markup",
    ),
    "a style sheet": (
        Override({}, {"letter.html": TEMPLATE.replace(NUMBER, NUMBER + "<style>p { color: white }</style>")}),
        "D1",
        "markup",
    ),
    "a file": (Override({}, {"letter.html": TEMPLATE + '{% include "/etc/passwd" %}'}), "D1", "letter.html"),
    "a file by a way up": (
        Override({}, {"letter.html": TEMPLATE + '{% include "../phrases.toml" %}'}),
        "D1",
        "letter.html",
    ),
    "a way out of the sandbox": (
        Override(
            {},
            {
                "letter.html": TEMPLATE.replace(
                    NUMBER, NUMBER + "{{ ''.__class__.__mro__[1].__subclasses__() }}"
                )
            },
        ),
        "D1",
        "letter.html",
    ),
    "a loop without end": (
        Override({}, {"letter.html": TEMPLATE + "{% for a in range(10 ** 9) %}{% endfor %}"}),
        "D1",
        "letter.html",
    ),
    "no template at all": (Override({}, {"letter.html": "{% if %}"}), "D1", "letter.html"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_wording_that_loses_a_part_is_refused(what: str, quick: None) -> None:
    override, letter, part = BROKEN[what]
    _count, found = own_wording.check(override)
    assert any(one.letter.startswith(letter) and one.part == part for one in found), found
    with pytest.raises(Refused) as caught:
        wording.require_none(found)
    assert found[0].letter in caught.value.text


def test_own_words_and_templates_are_let_through(quick: None) -> None:
    own_page = TEMPLATE.replace('<h1 class="title">', '<div class="below"></div><h1 class="title">')
    count, found = own_wording.check(Override(GOOD, {"letter.html": own_page}))
    assert (count, found) == (3, [])


def test_every_letter_of_every_era_is_a_specimen() -> None:
    from letters.content import kinds

    listed = list(own_wording._specimens(own_wording.ERAS))
    assert {code for code, *_ in listed} == {kind.code for kind in kinds.all()}
    grounds = {ground for kind in kinds.all() for ground in kind.grounds}
    assert {ground for _, ground, *_ in listed if ground} == grounds
    assert len(listed) == own_wording.total()
    assert len(listed) > 100


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("phrases.toml", "[opening]\nno_such = 'x'\n"),
        ("phrases.toml", "[opening]\ndecided_one = 3\n"),
        ("phrases.toml", "[need]\nsearch = ['facts']\n"),
        ("phrases.toml", "opening = 'x'\n"),
        ("phrases.toml", "[opening\n"),
        ("phrases.toml", "[closing]\ncontact_person = '联系人：{person'\n"),
        ("phrases.toml", "[closing]\ncontact_person = '联系人：{persn}'\n"),
        ("phrases.toml", "[closing]\ncontact_person = '联系人：{person.__class__}'\n"),
        ("phrases.toml", "[outcome.granted]\nparagraphs = [{ text = '公开}' }]\n"),
        ("page.css", "p { display: none }"),
        ("phrases.toml", "# " + "x" * 70_000),
        ("remedies.toml", "x = 1"),
    ],
)
def test_what_is_no_wording(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(Malformed):
        wording.read(tmp_path)


def test_an_empty_folder_and_none(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(Malformed):
            wording.read(folder)


# --- in force


def test_accepted_it_is_kept_named_and_used(place: Place, quick: None, tmp_path: Path) -> None:
    folder = own(tmp_path, '[opening]\ndecided_one = "经研究，现答复如下："\n')
    head = place.desk("head")
    with pytest.raises(Refused):
        own_wording.accept(place.desk("handler"), folder)
    before = place.bring("approved")
    made = own_wording.accept(head, folder)
    assert made["files"] == ["phrases.toml"]
    with pytest.raises(Conflict):
        own_wording.accept(head, folder)
    # What was approved in the words of before does not go out in these.
    with pytest.raises(Refused):
        place.act("handler", "issue", before, "2026-03-09")
    place.act("head", "return_draft", before, "2026-03-09", reasons="用语已更新")
    for who, event in (
        ("handler", "submit"),
        ("reviewer", "pass_review"),
        ("head", "pass_review"),
        ("handler", "issue"),
    ):
        place.act(who, event, before, "2026-03-09")
    content = content_of(place, before)
    assert content["overrides"] == made["digest"]
    assert any(block.get("text") == "经研究，现答复如下：" for block in content["blocks"])
    own_wording.drop(head)
    later = place.bring("issued")
    assert "overrides" not in content_of(place, later)
    assert [one["in_force"] for one in own_wording.listed(head)] == [False, True]
    verify_record.verify(place.store, head.office)


def content_of(place: Place, number: str) -> dict[str, Any]:
    letters, cases = TABLES["letter"], TABLES["case_file"]
    with place.store.reading() as connection:
        query = (
            sa.select(letters).join(cases, cases.c.id == letters.c.case_id).where(cases.c.number == number)
        )
        row = connection.execute(query.where(letters.c.code == "D1").order_by(letters.c.id.desc())).first()
        assert row is not None
        return letter_data.opened(row.content, place.desk("handler").case_key(connection, row.case_id))


def test_a_letter_is_made_with_the_template_that_was_in_force_when_it_was_issued(
    sqlite_url: str, home: Path, quick: None, tmp_path: Path
) -> None:
    place = builders.found(sqlite_url)
    head = place.desk("head")
    own_wording.accept(
        head,
        own(tmp_path, letter=TEMPLATE.replace(NUMBER, NUMBER.replace("{{ number }}", "{{ number }}（存）"))),
    )
    number = place.bring("issued")
    content = content_of(place, number)
    own_wording.drop(head)
    assert "（存）" in render.html(content)
    (letter,) = [one for one in queue.settle(place.desk("handler")) if one.get("code") == "D1"]
    from letters.pdf import reading
    from workflow.storage import file_store

    pdf = file_store.read(file_store.folder(place.store.folder), letter["sha256"])
    assert "（存）" in reading.text_of(pdf)
    assert render.pdf(content) == pdf
    place.store.close()


def test_a_template_that_shows_itself_only_on_a_real_case_does_not_get_a_letter_out(
    sqlite_url: str, home: Path, quick: None, tmp_path: Path
) -> None:
    sly = TEMPLATE.replace(BLOCKS, '{% for block in blocks if block.part != "remedy" or "某交" in number %}')
    place = builders.found(sqlite_url)
    own_wording.accept(place.desk("head"), own(tmp_path, letter=sly))
    number = place.bring("drafting")
    with pytest.raises(Refused) as caught:
        place.act("handler", "submit", number, "2026-03-09")
    assert caught.value.params["rules"] == ["own_wording"]
    place.store.close()


def test_what_is_kept_is_what_the_ledger_says(
    sqlite_url: str, home: Path, quick: None, tmp_path: Path
) -> None:
    place = builders.found(sqlite_url)
    head = place.desk("head")
    own_wording.accept(head, own(tmp_path, '[opening]\ndecided_one = "经研究，现答复如下："\n'))
    verify_record.verify(place.store, head.office)
    table = TABLES["override"]
    with place.store.writing() as connection:
        text = connection.execute(sa.select(table.c.content)).scalar_one()
        connection.execute(sa.update(table).values(content=text.replace("经研究", "经讨论")))
    with pytest.raises(Damaged):
        verify_record.verify(place.store, head.office)
    place.store.close()


def test_the_commands(
    sqlite_url: str, home: Path, quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    builders.found(sqlite_url).store.close()
    own_words = ["letter", "overrides"]
    out = tmp_path / "start"
    assert disclosure(*own_words, "export", "--out", out, "--as", "head").code == 0
    assert (out / "letter.html").exists()
    assert disclosure(*own_words, "export", "--out", out, "--as", "head").code == 4
    broken = own(tmp_path, letter=BROKEN["a template that drops the remedies"][0].templates["letter.html"])
    said = disclosure(*own_words, "check", broken, "--json")
    assert said.code == 1
    assert {one["part"] for one in json.loads(said.out)["faults"]} == {"remedy"}
    refused = disclosure(*own_words, "accept", broken, "--as", "head", "--json")
    assert refused.code == 1
    assert "救济告知" in refused.fault["message"]
    assert disclosure(*own_words, "list", "--as", "head", "--json").json == []
    good = own(
        tmp_path,
        '[opening]\ndecided_one = "经研究，现答复如下："\n[closing]\ncontact_telephone = "电话：{telephone}"\n',
        letter=TEMPLATE,
    )
    assert disclosure(*own_words, "check", good).code == 0
    accepted = disclosure(*own_words, "accept", good, "--as", "head", "--json")
    assert accepted.code == 0, accepted.err
    again = tmp_path / "again"
    assert disclosure(*own_words, "export", "--out", again, "--as", "head").code == 0
    assert wording.read(again).digest == accepted.json["digest"]
    assert disclosure(*own_words, "drop", "--as", "head").code == 0
    assert len(disclosure(*own_words, "list", "--as", "head", "--json").json) == 2
    early = tmp_path / "early"
    assert (
        disclosure(
            *own_words, "export", "--out", early, "--digest", accepted.json["digest"][:12], "--as", "head"
        ).code
        == 0
    )
    assert disclosure(*own_words, "export", "--out", early, "--digest", "ffff", "--as", "head").code == 3


def test_an_exported_wording_may_be_edited_where_it_is(place: Place, tmp_path: Path) -> None:
    """What was not touched is the project's own still, and follows it when that is corrected."""
    folder = tmp_path / "out"
    own_wording.export(place.desk("head"), folder)
    with pytest.raises(Malformed, match="out"):
        wording.read(folder)
    path = folder / "phrases.toml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('decided_one = "现答复如下："', 'decided_one = "经研究，现答复如下："'), "utf-8"
    )
    assert wording.read(folder) == wording.Override({"opening": {"decided_one": "经研究，现答复如下："}}, {})
