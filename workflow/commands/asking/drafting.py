"""What a draft needs besides the outcome: its ground, its reasons, and the facts that the law asks for."""

from __future__ import annotations

from letters.check.consistency import SEVERANCE
from workflow.base import names
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.cases import draft_complete, organ_clocks
from workflow.cases.reply import DraftItem
from workflow.commands.asking import texts
from workflow.commands.asking.fields import EXTRA, Asking, ask
from workflow.commands.asking.questions import choose, named, say
from workflow.procedure.act_forms import Field

# What is asked by itself, or is none of the facts that an officer types here.
ASKED = ("item", "outcome", "ground", "file", "extra")


def fill(asking: Asking) -> None:
    """Ask for what the outcome that was chosen needs."""
    context, case = asking.desk.context, asking.case
    if asking.given["outcome"] == draft_complete.REFUSES:
        grounds = [row.id for row in context.law.grounds(organ_clocks.law_day(case, context))]
        say(["", _(N_("The ground of the refusal (needed)"))])
        asking.given["ground"] = choose(asking.reader, named(names.both("outcome", grounds)))
    texts.offer(asking.reader, asking.desk, case.number, asking.given)
    while need := next((one for one in _lacking(asking) if one != draft_complete.CONSULTATION), None):
        typed = next((one for one in asking.spec.fields if one.name == need), None)
        ask(asking, typed or further(need))
    if asking.given["outcome"] == draft_complete.REFUSES:
        ask(asking, further(SEVERANCE), optional=True)
    if draft_complete.CONSULTATION in _lacking(asking):
        text = N_("This ground needs the third party's opinion: consult it before the draft is submitted.")
        say(["", _(text)])


def further(name: str) -> Field:
    """A fact that has no option of its own, as a question."""
    called = names.bundled()["need"][name]
    return Field(name, EXTRA, called["zh"], called["en"])


def further_facts(asking: Asking) -> list[Field]:
    """The facts that may be added to any draft."""
    own = {one.name for one in asking.spec.fields}
    known = names.bundled()["need"]
    return [further(name) for name in known if name not in own and name not in asking.said]


def _lacking(asking: Asking) -> list[str]:
    given = asking.given
    extra = dict(str(one).split("=", 1) for one in given.get("extra", []))
    made = DraftItem(int(given.get("item", 1)), given["outcome"], ground=given.get("ground"), extra=extra)
    for name in ("reasons", "facts", "means"):
        setattr(made, name, str(given.get(name, "")))
    return draft_complete.lacking(made, asking.case, asking.desk.context)
