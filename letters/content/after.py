"""The opening of a reply that is given anew: what set the earlier one aside, and which reply that was.

The decision or judgment is named by its body, number, day and result; the earlier reply by day and number.
"""

from __future__ import annotations

from collections.abc import Iterator

from letters.content.facts import Facts, at

_PATH = "after"
# The organ mends its own reply: it adds to it, or makes it anew.
OWN = ("supplement_reply", "redo_reply")


def paragraphs(facts: Facts) -> Iterator[str]:
    """The paragraph, where the letter is of a later round; none otherwise."""
    told = at(facts.data, _PATH)
    if not told:
        return
    say = facts.phrases.say
    earlier, number = (facts.text(f"{_PATH}.{name}", longest=100) for name in ("earlier", "number"))
    replied = (
        say("after", "reply", on=facts.day(f"{_PATH}.earlier_on"), number=earlier, you=facts.you)
        if earlier
        else ""
    )
    if (kind := facts.text(f"{_PATH}.kind", longest=40)) in OWN:
        numbers = [str(one) for one in at(facts.data, f"{_PATH}.others") or ()]
        others = say("after", "others", numbers="、".join(numbers)) if numbers else ""
        reasons = facts.text(f"{_PATH}.reasons", longest=2000).rstrip("。；;，. ")
        yield say("after", kind, earlier=replied, others=others, reasons=reasons)
        return
    # A court's number stands before the judgment, with the brackets of its year; an organ's stands behind.
    courts = number.startswith(("（", "("))
    yield say(
        "after",
        "told",
        earlier=replied or say("after", "silence", you=facts.you),
        body=facts.text(f"{_PATH}.body", longest=200),
        on=facts.day(f"{_PATH}.on"),
        paper=say("after", f"paper_{facts.text(f'{_PATH}.kind', longest=40)}"),
        case_number=number if courts else "",
        number=f"（{number}）" if number and not courts else "",
        result=say("after", "result", facts.text(f"{_PATH}.result", longest=40)),
        ordered=say("after", "ordered") if at(facts.data, f"{_PATH}.ordered") else "",
    )
