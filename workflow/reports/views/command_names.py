"""Commands within what a person reads, as he types them: by their Chinese names where he reads Chinese, as
`next` and help show them.
"""

from __future__ import annotations

import re
from functools import cache

from workflow.base import chinese_names
from workflow.base.errors import DisclosureError
from workflow.base.messages import language
from workflow.base.patterns import later
from workflow.procedure import act_tables

# A command, and what follows it: the command of a group, with that of a group within it, or a case.
_WORD = r"[a-z]+(?:-[a-z]+)*(?![\w.-])"
_COMMAND = later(rf"(?<![\w./-])disclosure (?P<first>{_WORD})(?P<more>(?: {_WORD}){{0,2}})")
# The one word that is typed in place of a name, by the command that takes it.
SPECIAL = {("why", "last"): "上次"}


def as_typed(text: str) -> str:
    """A text for a person, in which the commands that it says to type bear the names of the language in
    force. What JSON holds keeps its words, and so do words that name no command.
    """
    if language() == "en" or "disclosure " not in text:
        return text
    return _COMMAND.sub(_in_chinese, text)


def _in_chinese(found: re.Match[str]) -> str:
    group = found["first"]
    words = ["disclosure", _first().get(group, group)]
    for word in found["more"].split():
        called = SPECIAL.get((group, word)) or chinese_names.first_below(group, word)
        words.append(called or word)
        # A word that names no command is a value, and so is what follows it.
        group = word if called else ""
    return " ".join(words)


@cache
def _first() -> dict[str, str]:
    """The Chinese name of each command; none where the tables of the acts are wrong, which is then the error
    that is told.
    """
    try:
        acts = act_tables.commands().values()
    except DisclosureError:
        return {}
    return {**chinese_names.firsts(), **{act["command"]: act["called"] for act in acts}}
