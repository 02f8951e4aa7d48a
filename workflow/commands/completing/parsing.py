"""What is being typed: which command, which of its options or arguments, and what was given before."""

from __future__ import annotations

from typing import Any, NamedTuple

from workflow.base.patterns import later
from workflow.commands.completing.tree import unpacked

Node = dict[str, Any]
# Before a kind: several values with commas may stand in one word.
SEVERAL = "several "
_COMMAS = later(r"[,，、]")
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


class _Read:
    """The words before the last one, as far as they were read."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.path: tuple[str, ...] = ()
        self.given: dict[str, str] = {}
        self.used: set[str] = set()
        # How many arguments are full; whether all further words are arguments; options that wait for a value.
        self.place, self.verbatim = 0, False
        self.waiting: list[tuple[str, str]] = []

    def take(self, word: str) -> bool:
        """Read one more word; whether there is such a command."""
        if self.waiting:
            name, _kind = self.waiting.pop(0)
            self.given[name] = word
        elif word == "--" and not self.verbatim:
            self.verbatim = True
        elif word.startswith("-") and len(word) > 1 and not self.verbatim:
            self._option(word)
        elif "commands" in self.node:
            return self._command(word)
        elif self.place < len(self.node["arguments"]):
            name, count, _kind = self.node["arguments"][self.place]
            self.given[name] = word
            self.place += count > 0
        return True

    def _option(self, word: str) -> None:
        name, sign, value = word.partition("=")
        option = self.node["options"].get(name)
        if option is None:
            return
        self.used.add(name)
        if sign:
            self.given[option[0]] = value
        else:
            self.waiting = [(option[0], option[2])] * option[1]

    def _command(self, word: str) -> bool:
        command = self.node["names"].get(word) or self.node["spelled"].get(word, word)
        if command not in self.node["commands"]:
            return False
        self.node, self.path, self.used = opened(self.node["commands"][command]), (*self.path, command), set()
        return True


def asked(tree: Node, words: list[str]) -> Asked:
    """What the last of these words is the beginning of; the command itself is not among them."""
    *before, typed = words or [""]
    read = _Read(tree)
    known = all(read.take(word) for word in before)
    node, used = read.node, frozenset(read.used)
    state = (node, read.path, typed, read.given)
    if not known:
        return Asked(NOTHING, *state)
    if read.waiting:
        return Asked(VALUE, *state, kind=read.waiting[0][1])
    if typed.startswith("-") and not read.verbatim:
        name, sign, value = typed.partition("=")
        option = node["options"].get(name)
        if sign and option is not None and option[1]:
            return Asked(VALUE, node, read.path, value, read.given, option[2], f"{name}=")
        return Asked(OPTIONS, *state, used=used)
    if "commands" in node:
        return Asked(COMMANDS, *state)
    if read.place < len(node["arguments"]):
        return Asked(VALUE, *state, kind=node["arguments"][read.place][2])
    return Asked(NOTHING if typed else OPTIONS, *state, used=used)
