"""Commands within advice, as the reader types them: an act by its Chinese name where he reads Chinese, as
`next` shows it.
"""

from __future__ import annotations

import re
from functools import cache

from workflow.base import names
from workflow.base.errors import DisclosureError
from workflow.base.messages import language
from workflow.procedure import act_forms

_COMMAND = re.compile(r"(?<![\w./-])disclosure ([a-z]+(?:-[a-z]+)*)(?![\w-])")


def as_typed(text: str) -> str:
    """A text for a person, in which the acts that it says to type bear the names of the language in force.
    Other commands, and what JSON holds, keep their words.
    """
    if language() == "en" or "disclosure " not in text:
        return text
    return _COMMAND.sub(lambda found: f"disclosure {_chinese().get(found[1], found[1])}", text)


@cache
def _chinese() -> dict[str, str]:
    """The Chinese name of each command of an act; none where the tables of the acts are wrong, which is
    then the error that is told.
    """
    try:
        specs = act_forms.specs()
        called = names.both("event", specs)
    except DisclosureError:
        return {}
    return {spec.command: called[event]["zh"] for event, spec in specs.items()}
