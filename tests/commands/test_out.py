"""Where a command writes: a name with / at its end is a folder's, whether it is there or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.commands.parameter_types import OutPlace, placed


@pytest.fixture
def place(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    yield from builders.at_the_counter(sqlite_url, home, monkeypatch)


def test_a_name_with_a_slash_at_its_end_is_a_folder_that_is_made(place: Place, home: Path) -> None:
    paper = home / "说明.txt"
    paper.write_text("材料")
    number = place.receive(attach=[str(paper)]).case.number
    said = disclosure("fetch", number, "说明.txt", "--out", "新/深/")
    assert said.code == 0, said.err
    # A file that was handed in is never put over another.
    assert disclosure("fetch", number, "说明.txt", "--out", "新/深/").code == 4
    (made,) = (home / "新" / "深").iterdir()
    assert made.read_text() == "材料"
    assert "说明" in made.name
    # Without a slash it is a file, and a folder that is there stays one.
    assert disclosure("fetch", number, "说明.txt", "--out", "单.txt").code == 0
    assert (home / "单.txt").is_file()
    assert placed(OutPlace().convert("新", None, None))("a.pdf") == Path("新/a.pdf")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fetch", "1", "x", "--out", "单.txt/"), "是文件，不是文件夹"),
        (("letters", "1", "--out", "单.txt/"), "是文件，不是文件夹"),
        (("process", "matrix", "--out", "没有/"), "没有文件夹"),
        (("explain", "1", "--pdf", "没有/"), "没有文件夹"),
    ],
)
def test_what_cannot_be_a_folder_is_said_and_nothing_is_written(
    place: Place, home: Path, words: tuple[str, ...], said: str
) -> None:
    (home / "单.txt").write_text("旧")
    refused = disclosure(*words)
    assert refused.code == 2
    assert said in refused.err
    assert (home / "单.txt").read_text() == "旧"
    assert not (home / "没有").exists()
