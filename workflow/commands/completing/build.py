"""Makes what the shell offers of the program: every command with its options, and every value that stands in
a table.

It loads the whole command line and all tables, so it runs when the program has changed, not at every tab.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any

import click

from workflow.base import chinese_names, messages, tables, typed_words
from workflow.commands import all_commands, click_texts
from workflow.commands.completing import kinds
from workflow.commands.parameter_types import File, OneOf
from workflow.procedure import act_forms, act_tables, transitions
from workflow.storage.database import SCHEMA

TABLE = os.path.join(os.path.dirname(__file__), "values.toml")
LONGEST = 60
# What a parameter is where its value can be anything.
FREE = ""
# In the table: a name for a value that says nothing of what it is.
UNSAID = "?"
# Fields of acts by their type; a choice is a kind of its own.
FIELDS = {"unit": "unit", "officer": "handler", "outcome": "drafted", "ground": "ground", "file": "file"}


def made() -> dict[str, Any]:
    """The tree of commands, the values by kind, and who may see personal data."""
    acts = {spec.command: event for event, spec in act_forms.specs().items()}
    tree = _node(_counter().main, (), acts)
    # A tab looks at one command and at one kind of value: each is read by itself.
    tree["commands"] = {
        name: {"help": node["help"], "packed": marshal.dumps(node)} for name, node in tree["commands"].items()
    }
    return {
        "tree": tree,
        "values": {kind: marshal.dumps(_values(found)) for kind, found in kinds.bundled().items()},
        "spoken": sorted(kinds.SPOKEN),
        "states": {event: sorted(_sources(event)) for event in acts.values()},
        "acts": acts,
        "amended": _amended(),
        "schema": SCHEMA,
        "sees": sorted(_sees()),
    }


def _counter() -> Any:
    """The command line, by its name: it asks for completion itself."""
    return import_module("cli")


def classified(command: tuple[str, ...], parameter: click.Parameter) -> str | None:
    """What kind of value a parameter takes; FREE where it can be anything, None where nobody has said."""
    table = tables.read(TABLE)
    name = str(parameter.name)
    own = table["command"].get(" ".join(command), {})
    if name in own:
        return str(own[name])
    if isinstance(parameter.type, OneOf):
        return parameter.type.kind
    if isinstance(parameter.type, click.Choice):
        return kinds.codes(parameter.type.choices)
    if isinstance(parameter.type, File):
        return "file"
    field = _field(command, name)
    if field is not None and field.choice:
        return kinds.choice(field.choice)
    if field is not None and field.type in FIELDS:
        return FIELDS[field.type]
    found: str | None = table["everywhere"].get(name)
    if found is None and field is not None:
        return "day" if field.type == "date" else FREE if name.startswith("along_") else None
    if found is None:
        found = table["metavar"].get(str(parameter.metavar or ""), FREE)
    return None if found == UNSAID else found


@cache
def _events() -> dict[str, str]:
    return {spec.command: event for event, spec in act_forms.specs().items()}


def _field(command: tuple[str, ...], name: str) -> Any:
    """The fact that an option of an act is for, its own or one of an act that its line may name."""
    if len(command) != 1:
        return None
    event = _events().get(command[0], command[0])
    spec = act_forms.specs().get(event)
    known: dict[str, Any] = {field.name: field for field in spec.fields} if spec else {}
    for other in act_forms.along(event):
        facts = {other.name: other.value, **{field.name: field for field in other.fields}}
        known = {**facts, **known}
    return known.get(name)


def _node(command: click.Command, path: tuple[str, ...], acts: dict[str, str]) -> dict[str, Any]:
    context = click.Context(command, info_name=path[-1] if path else "disclosure")
    node: dict[str, Any] = {"help": _both(lambda: _help(command, path)), "options": {}, "arguments": []}
    for parameter in command.get_params(context):
        kind = classified(path, parameter) or FREE
        if isinstance(parameter, click.Option):
            node["options"] |= _option(parameter, kind)
        else:
            node["arguments"].append([parameter.name, max(parameter.nargs, 0), kind])
    return node | _commands(command, context, path, acts) if isinstance(command, click_texts.Group) else node


def _option(option: click.Option, kind: str) -> dict[str, Any]:
    """An option under each of its words: its name, how many values it takes, of which kind, what is said of
    it, whether it may stand several times.
    """
    count = 0 if option.is_flag or option.count else option.nargs
    about = _both(lambda: _said(option))
    return {word: [option.name, count, kind, about, option.multiple] for word in option.opts}


def _commands(
    group: click_texts.Group, context: click.Context, path: tuple[str, ...], acts: dict[str, str]
) -> dict[str, Any]:
    """The commands of a group, and how each may be called."""
    found = {name: group.get_command(context, name) for name in _ordered(group, context)}
    commands = {
        name: _node(one, (*path, name), acts) for name, one in found.items() if one and not one.hidden
    }
    chinese = {name: said for name, said in group.called(context).items() if name != said}
    first = {said: name for name, said in reversed(chinese.items())}
    names = {name: said for name, said in chinese.items() if said in commands}
    return {
        "commands": commands,
        "names": names,
        "spelled": _spelled(names),
        "first": {said: _with_sounds(name) for said, name in first.items()},
    }


def _spelled(names: dict[str, str]) -> dict[str, str]:
    """What may be typed in letters for the commands of a group, where it means one of them."""
    meant: dict[str, set[str]] = {}
    for name, said in names.items():
        for spelling in typed_words.spellings(name):
            meant.setdefault(spelling, set()).add(said)
    return {spelling: one.pop() for spelling, one in meant.items() if len(one) == 1}


def _ordered(command: click.Group, context: click.Context) -> list[str]:
    """The commands of a group; those of the counter in the order of the officer's day, as help has them."""
    cli = _counter()
    listed = command.list_commands(context)
    if command is not cli.main:
        return listed
    specs = act_forms.specs()
    groups = chinese_names.groups(all_commands.COMMANDS, specs)
    ordered = [name for _title, own, acts in groups for name in (*own, *(specs[act].command for act in acts))]
    return sorted(listed, key=ordered.index)


def _both(said: Any) -> list[str]:
    made = []
    for language in messages.LANGUAGES:
        with messages.speaking(language):
            made.append(str(said()))
    return made


def _help(command: click.Command, path: tuple[str, ...]) -> str:
    # A command of a group may be called as an act is (evidence accept).
    event = _events().get(command.name or "") if len(path) == 1 else None
    text = act_forms.specs()[event].help if event else messages.translate(command.help or "")
    return _short(text)


def _said(parameter: click.Option) -> str:
    field_help = parameter.help or ""
    return _short(messages.translate(field_help) if field_help else "")


def _short(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else ""
    for end in ("。", ". "):
        line = line.partition(end)[0]
    return line.rstrip(".") if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _sources(event: str) -> Iterable[str]:
    """The states of a case in which an act may be done; none where it may in every one, or where another
    track says it.
    """
    if act_tables.acts()[event].get("track", "case") != "case":
        return ()
    rows = [row for row in transitions.bundled().rows if row.event == event]
    found = {row.source for row in rows}
    return () if found >= set(transitions.bundled().states("case")) else found


# Facts that `amend` corrects by their type, where the type says what may be put in their place.
AMENDED = {"date": "day", "applicant_kind": "applicant", "channel": "channel"}


def _amended() -> dict[str, str]:
    """What the right value of a fact may be, by the code and the Chinese name of the fact."""
    made: dict[str, str] = {}
    for key, row in act_forms.amendable().items():
        kind = kinds.choice(row["choice"]) if row.get("choice") else AMENDED.get(row["type"], FREE)
        if kind:
            made |= dict.fromkeys((key.replace("_", "-"), key, row["zh"]), kind)
    return made


def _sees() -> set[str]:
    """The roles that may look at personal data."""
    return set(act_tables.acts()["reveal"]["roles"].split("|"))


def _values(found: kinds.Words) -> list[tuple[str, ...]]:
    return [(code, names["zh"], names["en"], sounds_of_name(names["zh"])) for code, names in found.items()]


def _with_sounds(name: str) -> list[str]:
    return [name, sounds_of_name(name)]


def sounds_of_name(name: str) -> str:
    """The pinyin of a Chinese name, as `matching.Value` has it."""
    return " ".join(sounds_of("".join(sign for sign in name if is_chinese(sign))))


def is_chinese(sign: str) -> bool:
    """Whether a character is a Chinese one."""
    return "\u3400" <= sign <= "\u9fff"


def sounds_of(signs: str) -> list[str]:
    """Of each character its readings, joined by "/"."""
    if not signs:
        return []
    from pypinyin import Style, pinyin

    return ["/".join(readings) for readings in pinyin(list(signs), style=Style.NORMAL, heteronym=True)]


def sounds() -> dict[str, str]:
    """Every Chinese character with its readings."""
    signs = "".join(map(chr, range(0x4E00, 0xA000)))
    return {sign: heard for sign, heard in zip(signs, sounds_of(signs), strict=True) if heard.isascii()}
