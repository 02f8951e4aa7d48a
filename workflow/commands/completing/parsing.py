"""What is being typed: which command, which of its options or arguments, and what was given before."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from workflow.commands.completing.tree import unpacked

Node = dict[str, Any]
# Before a kind: several values with commas may stand in one word.
SEVERAL = "several "
_COMMAS = re.compile(r"[,，、]")
COMMANDS, OPTIONS, VALUE, NOTHING = "commands", "options", "value", "nothing"


class Asked(NamedTuple):
    """What the shell asks for. `typed` is the beginning of it, `head` what stands before it in the same word
    (--option=), `given` the values of the words before it by the names of their parameters.
    """

    what: str
    node: Node
    path: tuple[str, ...]
    typed: str
    given: dict[str, str]
    kind: str = ""
    head: str = ""
    used: frozenset[str] = frozenset()


def last_of_several(asked: Asked) -> tuple[Asked, list[str]]:
    """What is asked for where one word takes several values: the last of them, and those before it."""
    *before, typed = _COMMAS.split(asked.typed)
    head = asked.head + asked.typed[: len(asked.typed) - len(typed)]
    kind = asked.kind.removeprefix(SEVERAL)
    return asked._replace(typed=typed, head=head, kind=kind), [one.strip() for one in before]


def opened(node: Node) -> Node:
    """A command with its options: those of the counter lie packed."""
    if "packed" not in node:
        return node
    found: Node = unpacked(node["packed"])
    return found


def asked(tree: Node, words: list[str]) -> Asked:
    """What the last of these words is the beginning of; the command itself is not among them."""
    *before, typed = words or [""]
    node = tree
    path: list[str] = []
    given: dict[str, str] = {}
    used: set[str] = set()
    place, verbatim = 0, False
    waiting: list[tuple[str, str]] = []
    for word in before:
        if waiting:
            name, _kind = waiting.pop(0)
            given[name] = word
        elif word == "--" and not verbatim:
            verbatim = True
        elif word.startswith("-") and len(word) > 1 and not verbatim:
            name, sign, value = word.partition("=")
            option = node["options"].get(name)
            if option is None:
                continue
            used.add(name)
            if sign:
                given[option[0]] = value
            else:
                waiting = [(option[0], option[2])] * option[1]
        elif "commands" in node:
            command = node["names"].get(word) or node["spelled"].get(word, word)
            if command not in node["commands"]:
                return Asked(NOTHING, node, tuple(path), typed, given)
            node, path = opened(node["commands"][command]), [*path, command]
            used = set()
        else:
            if place < len(node["arguments"]):
                name, count, _kind = node["arguments"][place]
                given[name] = word
                place += count > 0
    state = (node, tuple(path), typed, given)
    if waiting:
        return Asked(VALUE, *state, kind=waiting[0][1])
    if typed.startswith("-") and not verbatim:
        name, sign, value = typed.partition("=")
        option = node["options"].get(name)
        if sign and option is not None and option[1]:
            return Asked(VALUE, node, tuple(path), value, given, option[2], f"{name}=")
        return Asked(OPTIONS, *state, used=frozenset(used))
    if "commands" in node:
        return Asked(COMMANDS, *state)
    if place < len(node["arguments"]):
        return Asked(VALUE, *state, kind=node["arguments"][place][2])
    return Asked(NOTHING if typed else OPTIONS, *state, used=frozenset(used))
