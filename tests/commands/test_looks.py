"""Commands that only look load nothing of what acts need, and say the same as where all of it is loaded."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from benchmarks.identity import commands
from cli import main
from tests import looking
from tests.practising import practised

DRAFTED, REPLIED, CONTESTED, REVIEWED = "2026-0013", "2026-0016", "2026-0006", "2026-0022"
# Every command that takes a seat, with what is typed after it: words too that only a list calls so.
LOOKS = {
    "list": ["", "--open --overdue", "--state 拟稿", "--unit nonsense", "--text 停车 --json"],
    "show": [*(f"2026-00{n:02}" for n in (2, 6, 9, 12, 16, 22, 25, 26, 35)), f"{DRAFTED} --json", "停车"],
    "clocks": [CONTESTED, f"{DRAFTED} --json", "nonsense"],
    "history": [CONTESTED, f"{CONTESTED} --full", f"{DRAFTED} --json"],
    "next": ["", "--all", DRAFTED, f"{REPLIED} --all", f"{CONTESTED} --json"],
    "explain": [CONTESTED, f"{DRAFTED} --rule 答复期限"],
    "alerts": ["--all", "--all --clock dfqx", "--kind nonsense"],
    "today": ["", "--all --json"],
    "archive verify": ["nowhere"],
    "retention review": ["", "--on 2040-01-01"],
    "board": ["", "--json"],
    "board show": ["lian", "nonsense"],
    "board list": ["lian open", "lian nonsense"],
    "board reported": [""],
    "board compare": ["nowhere.txt"],
    "board assess": ["--month 2026-08 --back 2", "--json"],
    "fee case": [f"{DRAFTED} --pages 57"],
    "letters": [CONTESTED, f"{DRAFTED} --json"],
    "letter check": [REVIEWED, f"{DRAFTED} --all", f"{REVIEWED} --served-by 挂号信", "2026-0031"],
    "letter versions": [REVIEWED, f"{DRAFTED} --json"],
    "letter numbers": ["--year 2026", "--series nonsense"],
    "letter overrides list": [""],
    "evidence status": [""],
    "guidance list": [""],
    "guidance show": ["nonsense"],
    "mail list": [""],
    "office show": ["", "--json"],
    "phrase list": ["", "--outcome 予以提供", "--ground nonsense"],
    "phrase find": ["公开"],
    "phrase show": ["nonsense"],
    "similar": [DRAFTED],
    "posting list": [""],
    "posting show": ["nonsense"],
    "precedent list": ["", "--outcome 不公开"],
    "precedent find": ["公开"],
    "precedent show": ["nonsense"],
    "roll": [
        "",
        "--channel 一网通办",
        "--kind 律所",
        "--outcome 公",
        "--ground 第三方个人隐私 --json",
        "--columns all",
    ],
    "search": ["停车", "练习路 --json", "停车 --kind nonsense"],
    "remedies": ["", f"{CONTESTED} --ways"],
    "report annual": ["2026"],
    "report performance": ["--year 2026", "--from 2026-08-01 --json"],
    "report frequent": ["--year 2026"],
    "web inbox": [""],
}
LINES = [f"{command} {said}".strip() for command, lines in LOOKS.items() for said in lines]
# The other language has the same words to look for: some lines are enough.
ENGLISH = [
    f"{command} {LOOKS[command][0]} --lang en"
    for command in ("list", "show", "next", "alerts", "today", "letters", "remedies", "roll")
]
# Their modules hold acts beside what is looked at, and load what these need.
LOADING = (
    "archive verify",
    "retention review",
    "letter numbers",
    "letter overrides list",
    "letter versions",
    "mail list",
)


@pytest.fixture(scope="module")
def typists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[looking.Typist, looking.Typist]]:
    """Who types with all that acts need, and who without; on a practice office."""
    folder = tmp_path_factory.mktemp("looks")
    made = practised(folder / "office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISCLOSURE_HOME", str(made.folder))
        patch.setenv("DISCLOSURE_OFFICER", "chen")
        both = looking.Typist(acting=True), looking.Typist(acting=False)
    yield both
    for one in both:
        one.close()


@pytest.mark.parametrize("line", [*LINES, *ENGLISH])
def test_a_look_says_the_same_without_what_acts_need(
    typists: tuple[looking.Typist, looking.Typist], line: str
) -> None:
    acting, looked = (one.typed(line) for one in typists)
    assert looked[:3] == acting[:3]
    assert "Traceback" not in looked.err
    assert acting.acting == list(looking.ACTING)
    assert not looked.acting or line.startswith(LOADING)
    # What is wrong in the line itself is told before any office is asked for.
    note = "PRACTICE: nothing" if "--lang en" in line else "【练习】"
    assert looked.code == 2 or note in looked.err


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("list", 0),
        (f"show {DRAFTED}", 0),
        ("roll", 0),
        ("letters 2026-0006", 0),
        ("alerts --kind nonsense", 2),
        ("roll --outcome 公", 2),
        ("guidance show nonsense", 3),
    ],
)
def test_what_is_compared_are_screens_and_errors(
    typists: tuple[looking.Typist, looking.Typist], line: str, code: int
) -> None:
    assert typists[1].typed(line).code == code


def test_every_command_that_takes_a_seat_is_compared() -> None:
    assert {" ".join(words) for words in commands() if "seat_of" in _names(words)} == set(LOOKS)


def _names(words: tuple[str, ...]) -> tuple[str, ...]:
    """What the function of a command asks for by name."""
    found: click.Command | None = main
    for word in words:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), word)
    assert found is not None
    return inspect.unwrap(found.callback).__code__.co_names if found.callback else ()


REGISTERS = """
import json, sys
from importlib import import_module
for name in json.loads(sys.argv[1]):
    import_module(name)
from workflow.base import names, word_answers
from workflow.procedure import registry
filled = {name: sorted(kept) for name, kept in vars(registry).items() if name.isupper()}
print(json.dumps([sorted(names.kinds()), sorted(names._CITATIONS), len(word_answers.spoken), filled]))
"""


def test_a_seat_finds_every_register_filled_that_a_look_can_ask() -> None:
    """The two that it cannot ask, of hooks after acts and of queued work, raise where they are empty."""

    def filled(*modules: str) -> object:
        done = subprocess.run(
            [sys.executable, "-c", REGISTERS, json.dumps(modules)],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    looks = filled("workflow.commands.spoken_words", "workflow.office.seat")
    assert looks == filled(*looking.ACTING)
    assert all(looks)  # type: ignore[arg-type]
