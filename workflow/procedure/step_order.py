"""The order in which an officer takes the next steps of a case: the usual ones, and the rest."""

from __future__ import annotations

from datetime import date

from workflow.procedure.next_steps import Option
from workflow.procedure.usual_steps import answers


def sorted_out(found: list[Option]) -> tuple[list[Option], list[Option]]:
    """Options as an officer takes them: the usual steps, what can be taken and presses first, and the rest.

    Of several usual steps in one place the last that nothing stands in the way of is the usual one; of
    several answers to another officer's step it is the first, which agrees with him. A letter that has to
    leave inside a period or has its effect only once it is sent, that tells that the application is ended
    (filing makes it void), or of which the reply says that it went out, comes before them, any other that
    lies here after them.
    """
    first = sorted(
        _usual_of_each(found).values(),
        key=lambda option: (not option.ready, not option.mine, option.until or date.max),
    )
    sending = [option for option in found if option.letters]
    first = [
        *(option for option in sending if option.goes_first),
        *first,
        *(option for option in sending if not option.goes_first),
    ]
    rest = [option for option in found if option not in first]
    return first, sorted(rest, key=lambda option: (not option.ready, option.aside))


def _usual_of_each(found: list[Option]) -> dict[tuple[str, int], Option]:
    """The usual step of the case and of each of its parts."""
    places: dict[tuple[str, int], Option] = {}
    for option in (option for option in found if option.usual):
        place = (option.track, option.no)
        held = places.get(place)
        if held is None or (option.ready and not (answers(held.event) and answers(option.event))):
            places[place] = option
    return places
