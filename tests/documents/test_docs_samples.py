"""What the documents show works: the sample office, every command line, the first case of the README with its
output.

`python -m tests.documents.test_docs_samples` writes the output of the README's first case anew, to be read
before it is kept.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

import cli
from letters.content import kinds
from workflow import law
from workflow.base import errors, messages, variables
from workflow.cases.context import OF_NO_PERSON
from workflow.office import mail_settings, office_blocks, office_file
from workflow.office import profile as profiles
from workflow.procedure import act_facts, act_forms, transitions
from workflow.reports.alerts import OVERDUE
from workflow.service import client

ROOT = Path(__file__).resolve().parent.parent.parent
README = ROOT / "README.md"
# The two of them, with the language of what the first case prints there.
READMES = {README: "en", ROOT / "README.zh-CN.md": "zh_CN"}
SAMPLE = ROOT / "docs" / "office.sample.toml"
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")]
    # Generated from the commands themselves; and what the demo leaves behind.
    if path.name not in ("commands.md", "commands.zh-CN.md") and "out" not in path.relative_to(ROOT).parts
)
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
PATHS = re.compile(r"`((?:workflow|letters|migrations|tests|scripts|docs)/[\w./-]+|cli\.py)`")
MODULES = re.compile(r"(?<![\w/.-])[a-z_0-9]+\.(?:py|toml)\b")
THEIR_OWN_FILES = {"cli.py", "pyproject.toml", "office.toml", "change.toml"}
"""What lies at the top, and what an office writes for itself."""


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


# --- the sample office


def enabled(text: str) -> str:
    """The sample with its optional entries in force: '#' right before a name is a switch, '# ' a remark."""
    return re.sub(r"^#(?=[a-z_\[])", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "text", [read(SAMPLE), enabled(read(SAMPLE))], ids=["as it is", "all entries in force"]
)
def test_the_sample_office_is_accepted(text: str, tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_text(text, encoding="utf-8")
    profile, officers = office_file.read(path)
    assert profile["settings"] == {item.id: item.default for item in law.bundled().settings()}
    assert {role for one in officers for role in one.roles} == (
        set(transitions.bundled().names["role"]) - OF_NO_PERSON
    )
    assert all(one.unit for one in officers if "handler" in one.roles)


def test_the_sample_office_has_every_entry() -> None:
    raw = tomllib.loads(enabled(read(SAMPLE)))
    assert set(raw) == {*profiles.TEXTS, *office_blocks.READ, "officer"}
    assert set(raw["settings"]) == {item.id for item in law.bundled().settings()}
    assert {key for one in raw["officer"] for key in one} == {
        "key",
        "name",
        "roles",
        "unit",
        "login",
        "email",
    }
    assert set(raw["local_holiday"][0]) == {"date", "kind", "name", "notice"}
    # The password is in a file or in a variable, never in both.
    assert set(raw["mail"]) == set(mail_settings.ENTRIES) - {"password_env"}


def test_the_page_on_the_office_file_has_every_entry() -> None:
    text = read(ROOT / "docs" / "office.md")
    raw = tomllib.loads(enabled(read(SAMPLE)))
    names = {
        *raw,
        *raw["targets"],
        *raw["settings"],
        *profiles.kinds(),
        *office_file.LEVELS,
        *transitions.bundled().names["role"],
    }
    missing = {name for name in names - OF_NO_PERSON if name not in text}
    assert not missing


@pytest.mark.parametrize("page", [README, ROOT / "docs" / "office.md"], ids=lambda page: page.name)
def test_settings_stand_in_the_pages_with_their_defaults(page: Path) -> None:
    rows = {
        name: line
        for line in read(page).splitlines()
        for name in INLINE.findall(line)
        if line.startswith("|")
    }
    told = {item.id: item.default for item in law.bundled().settings() if item.id in rows}
    assert page == README or len(told) == len(law.bundled().settings())
    for name, default in told.items():
        cells = [cell.strip(" `") for cell in rows[name].split("|")]
        wanted = str(default).lower() if isinstance(default, bool) else str(default)
        assert any(cell == wanted or cell.startswith(f"{wanted}`:") for cell in cells), f"{name}: {wanted}"


# --- command lines


def lines_of(page: Path) -> Iterator[tuple[str, bool]]:
    """(command line, whether it is whole) of a page: those in fenced blocks are, those in running text may be
    cut.
    """
    text = read(page)
    for _, language, block in FENCE.findall(text):
        for line in block.splitlines():
            line = line.strip().removeprefix("$ ")
            if language in ("sh", "console", "cron") and re.search(r"(^|[ =/])disclosure ", line):
                yield line, True
    for line in INLINE.findall(FENCE.sub("", text)):
        if line.startswith("disclosure "):
            yield line, False


def words_of(line: str) -> list[str]:
    """The words after `disclosure`, up to a pipe or redirection; variables set before it are left out."""
    words = shlex.split(line, comments=True)
    start = next(place for place, word in enumerate(words) if word.rpartition("/")[2] == "disclosure")
    rest = words[start + 1 :]
    end = next(
        (place for place, word in enumerate(rest) if word in ("|", "||", "&&", ";") or ">" in word), len(rest)
    )
    return rest[:end]


def found(words: list[str]) -> tuple[click.Command, click.Context, list[str]]:
    """The command that the words name, its context's parent, and what is left for it; KeyError if there is
    none.
    """
    command: click.Command = cli.main
    context = click.Context(cli.main, info_name="disclosure")
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        # As a run finds it: a group may take what names none of its commands for one of them (`archive
        # CASE`).
        _, below, rest = command.resolve_command(context, rest)
        assert below is not None
        command = below
        if isinstance(command, click.Group):
            context = click.Context(command, parent=context, info_name=command.name)
    return command, context, rest


# What the recipes add is there only when they are carried out (test_recipes does so).
RECIPES = ROOT / "CONTRIBUTING.md"

COMMANDS = [
    pytest.param(line, whole, id=f"{page.relative_to(ROOT)}: {line}")
    for page in PAGES
    if page != RECIPES
    for line, whole in lines_of(page)
]


@pytest.mark.parametrize(("line", "whole"), COMMANDS)
def test_command_lines_are_ones_that_exist(line: str, whole: bool) -> None:
    command, context, rest = found(words_of(line))
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    known |= {"--help", "-h"}
    for word in rest:
        if re.match(r"--?[a-z]", word):
            assert word.partition("=")[0] in known, f"{word} in: {line}"
    if whole and not isinstance(command, click.Group):
        context = command.make_context(command.name, rest, parent=context)
        # A command of a group may be called as an act is (key join).
        acts = act_forms.specs().items() if context.parent and context.parent.command is cli.main else ()
        event = next((event for event, spec in acts if spec.command == command.name), None)
        if event is not None:
            names = {field.name for field in act_forms.specs()[event].fields}
            act_facts.facts(event, {name: value for name, value in context.params.items() if name in names})


def test_there_are_command_lines_in_the_pages() -> None:
    assert len(COMMANDS) > 100


# --- the first case of the README


def session(page: Path, home: Path) -> str:
    """The console block of a README as it comes out now: each command run, its output below it."""
    (block,) = [text for _, language, text in FENCE.findall(read(page)) if language == "console"]
    environment = {**os.environ, "DISCLOSURE_HOME": str(home), "DISCLOSURE_LANG": READMES[page]}
    for name in ("DISCLOSURE_DATABASE_URL", "DISCLOSURE_KEY_FILE", "DISCLOSURE_FILES", "DISCLOSURE_LETTERS"):
        environment.pop(name, None)
    shown = []
    before = dict(os.environ), Path.cwd()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    try:
        for line in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
            run = CliRunner().invoke(cli.main, words_of(line), catch_exceptions=False)
            assert run.exit_code == 0, f"{line}\n{run.output}"
            shown.append(f"$ {line}\n{run.output.replace(str(home), '…')}")
    finally:
        os.environ.clear()
        os.environ.update(before[0])
        os.chdir(before[1])
        messages.use(None)
    return "".join(shown)


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_first_case_comes_out_as_the_readme_shows_it(page: Path, tmp_path: Path) -> None:
    (block,) = [text for _, language, text in FENCE.findall(read(page)) if language == "console"]
    assert session(page, tmp_path / "data") == block, (
        "run `python -m tests.documents.test_docs_samples` and read the change"
    )


# --- what the pages enumerate


def test_every_variable_of_the_environment_is_told() -> None:
    told = set(
        re.findall(r"^\| `(DISCLOSURE_[A-Z_]+)` \|", read(ROOT / "docs" / "operations.md"), re.MULTILINE)
    )
    assert told == set(variables.VARIABLES)


def test_a_variable_that_is_not_listed_is_not_read() -> None:
    assert client.SWITCH in variables.VARIABLES
    with pytest.raises(LookupError, match="DISCLOSURE_HOMES"):
        variables.given("DISCLOSURE_HOMES")


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_kinds_of_letters_are_counted(page: Path) -> None:
    told = re.search(r"^\| (\d+)(?: kinds of letter|种文书)", read(page), re.MULTILINE)
    assert told is not None
    assert int(told[1]) == len(kinds.all())


@pytest.mark.parametrize("page", [README, ROOT / "docs" / "operations.md"], ids=lambda page: page.name)
def test_every_exit_status_is_told(page: Path) -> None:
    classes: list[type[errors.DisclosureError]] = [errors.DisclosureError]
    for one in classes:
        classes += one.__subclasses__()
    used = {
        0,
        OVERDUE,
        70,
        *(one.exit_code for one in classes if one.__module__.startswith(("workflow", "letters"))),
    }
    told = {int(number) for number in re.findall(r"^\| (\d+) \|", read(page), re.MULTILINE)}
    assert told == used


def test_every_column_and_channel_of_intake_is_told() -> None:
    text = read(ROOT / "docs" / "intake.md")
    for name, label in transitions.bundled().names["column"].items():
        assert f"| `{name}` | {label['zh']} | {label['en']} |" in text
    for name in (*law.bundled().channels(), *transitions.bundled().names["applicant"]):
        assert f"`{name}`" in text


def test_the_handbook_names_outcomes_grounds_corrections_and_letters() -> None:
    text = read(ROOT / "docs" / "handbook.zh-CN.md")
    tables = law.bundled()
    today = date(2026, 3, 2)
    drafted = [row.id for row in tables.outcomes(today) if row.letter and not row.final and not row.whole]
    names: list[Any] = [
        *drafted,
        *(row.id for row in tables.grounds(today)),
        *transitions.bundled().names["role"],
    ]
    # Every other fact of an act is named by its act and its field.
    names += [name.replace("_", "-") for name in act_forms.amendable() if "." not in name]
    missing = [name for name in names if name not in OF_NO_PERSON and f"`{name}`" not in text]
    assert not missing


# --- links, paths, form


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = read(page)
    for target in LINK.findall(FENCE.sub("", text)):
        if "://" not in target:
            assert (page.parent / target).exists(), target
    for name in PATHS.findall(text.partition("## Recipes")[0] if page == RECIPES else text):
        # What the demo makes is there only after it.
        assert (ROOT / name).exists() or "*" in name or name.startswith("docs/demo/out") or "YEAR" in name, (
            name
        )


def test_comments_and_messages_name_files_that_exist() -> None:
    """Whatever is moved or split takes with it what comments, tables and messages call it."""
    product = [
        path for room in ("workflow", "letters", "migrations", "scripts") for path in (ROOT / room).rglob("*")
    ]
    there = {path.name for path in product} | THEIR_OWN_FILES
    gone = [
        (str(path.relative_to(ROOT)), name)
        for path in product
        if path.suffix in (".py", ".toml")
        for name in MODULES.findall(read(path))
        if name not in there
    ]
    assert not gone


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "decisions").glob("0*.md")), ids=lambda page: page.stem
)
def test_decisions_have_their_form(page: Path) -> None:
    lines = read(page).splitlines()
    assert len(lines) < 60
    assert [line for line in lines if line.startswith("## ")] == [
        "## Context",
        "## Decision",
        "## Consequences",
    ]
    assert lines[0].startswith(f"# {int(page.stem[:4])}. ")
    assert f"]({page.name})" in read(page.parent / "README.md")


def test_the_changelog_tells_legal_and_technical_changes_of_every_version() -> None:
    parts = re.split(r"^## ", read(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)[1:]
    assert parts[0].startswith(cli.VERSION)
    for part in parts:
        assert re.findall(r"^### (.*)$", part, re.MULTILINE) == ["Legal changes", "Technical changes"]


def main() -> None:
    """Write the README's first case as it comes out now."""
    import tempfile

    for page in READMES:
        text = read(page)
        (block,) = [found for _, language, found in FENCE.findall(text) if language == "console"]
        with tempfile.TemporaryDirectory() as folder:
            now = session(page, Path(folder) / "data")
        page.write_text(text.replace(block, now), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
