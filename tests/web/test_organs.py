"""The organ is found by its name, its area or a matter, without scripts, and stands in the form then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Place
from tests.web import site as sites
from tests.web.site import Site
from workflow.casework import routing
from workflow.web import keys
from workflow.web.public import card, organs

CIVIL = card.Organ("mz", "江州市民政局", ("姑江区", "滨江区"), ("低保", "婚姻登记"))
HOUSING = card.Organ("zj", "姑江区住房和城乡建设局", ("姑江区",), ("房屋征收", "公租房"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with sites.opened(
        f"sqlite:///{tmp_path / 'outer.db'}", name="江州市人民政府", below=(CIVIL, HOUSING)
    ) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("民政", ["mz"]),
        ("低保怎么申请", ["mz"]),
        ("姑江区 征收", ["zj", "mz"]),
        ("姑江区房屋征收补偿标准", ["zj", "mz"]),
        ("渔业", []),
        ("", ["mz", "zj"]),
    ],
)
def test_what_a_text_speaks_of(text: str, found: list[str]) -> None:
    """By words in what is said of an organ, and by matters in what was typed."""
    assert [one.key for one in organs.find([CIVIL, HOUSING], text)] == found


def test_the_organ_that_was_found_stands_in_the_form(site: Site) -> None:
    """Found, chosen, and there in each language."""
    page = site.browser.get("/organs", params={"find": "公租房"}).text
    assert '/apply?organ=zj">姑江区住房和城乡建设局<' in page
    assert "江州市民政局" not in page
    begun = site.browser.get("/apply", params={"organ": "zj"}).text
    assert 'name="organ" value="zj"' in begun
    form = site.browser.get("/apply", params={"organ": "zj", "kind": "natural_person"}).text
    assert '<option value="zj" selected>' in form
    assert "/en/apply?organ=mz" in site.browser.get("/en/organs").text
    assert "/organs" in site.browser.get("/").text


def test_what_is_typed_is_shown_as_text(site: Site) -> None:
    """Markup in a search stays words, and an organ that is not there is not taken."""
    page = site.browser.get("/organs", params={"find": '"><b>x</b>'}).text
    assert "<b>x" not in page
    assert 'name="organ"' not in site.browser.get("/apply", params={"organ": "nobody"}).text


def test_the_card_tells_the_organs_below_with_their_words(quick: Place) -> None:
    """As their office files have them; a card without words is read too."""
    quick.organ_below("zj", areas=["姑江区"], matters=["房屋征收"])
    desk = quick.desk()
    ours = keys.create(quick.store.folder / "web.key.json")
    read = card.parse(keys.card_text(desk.office, ours, routing.organs_below(desk)), "card")
    assert [one.key for one in read.organs] == ["jz", "zj"]
    assert (read.organs[1].areas, read.organs[1].matters) == (("姑江区",), ("房屋征收",))
