"""A form for lists: its columns with drop-downs, days and numbers as text checked by the spreadsheet
itself.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import whole_files, workbooks
from workflow.base.messages import N_, pick, translate
from workflow.base.names import word
from workflow.base.workbooks import Sheet, Style
from workflow.casework import identity
from workflow.procedure import transitions

ROWS = 1000
COLUMNS = {
    "name": 14,
    "kind": 12,
    "channel": 14,
    "on": 12,
    "request": 40,
    "form": 14,
    "id_type": 16,
    "id_number": 22,
    "address": 28,
    "postcode": 10,
    "phone": 15,
    "email": 20,
    "representative": 12,
    "signed_on": 12,
    "confirmed_on": 14,
    "system_on": 14,
    "attach": 16,
}
NEEDED = ("name", "kind", "channel", "on", "request")
_DAYS = ("on", "signed_on", "confirmed_on", "system_on")
_HINTS = {
    "on": N_("The day on which it arrived: handed in, signed for, or taken by the system."),
    "confirmed_on": N_(
        "Fax and letters that nobody signed for: the day of the confirmation with the applicant."
    ),
    "request": N_("What is asked for, in the applicant's words."),
    "id_number": N_("As text: a number of 18 digits loses its end otherwise."),
    "attach": N_("Name of a file beside this list."),
}


def write(out: Path) -> None:
    """Write the form; a file that is there is left alone."""
    with whole_files.draft(out.parent) as new:
        with workbooks.writing(new.out) as book:
            heads = {"bold": True, "border": 1, "text_wrap": True, "font_name": "宋体"}
            head, needed = (book.style(**heads, bg_color=colour) for colour in ("#E7EDF3", "#F7E3C8"))
            text = book.style(num_format="@", valign="top", text_wrap=True, font_name="宋体")
            day = book.style(num_format="yyyy-mm-dd", valign="top", font_name="宋体")
            sheet = book.sheet(pick("申请登记表", "applications"))
            words = book.sheet(pick("选项", "choices"))
            words.hide()
            for place, (key, width) in enumerate(COLUMNS.items()):
                title = f"*{word('column', key)}" if key in NEEDED else word("column", key)
                sheet.width(place, place, width, day if key in _DAYS else text)
                sheet.text(0, place, title, needed if key in NEEDED else head)
                _checked(sheet, words, place, key, text)
            sheet.freeze(1, 1)
        new.keep(out, replace=False)


def _checked(sheet: Sheet, words: Sheet, place: int, key: str, style: Style) -> None:
    hint = {"input_message": translate(_HINTS[key])[:255]} if key in _HINTS else {}
    choices = _choices(key)
    if choices:
        for row, choice in enumerate(choices):
            words.text(row, place, choice, style)
        # Other documents than the usual may be typed; other channels and kinds may not.
        rule: dict[str, Any] = {
            "validate": "list",
            "source": words.column_source(place, len(choices)),
            "error_type": "information" if key == "id_type" else "stop",
        }
    elif key in _DAYS:
        rule = {
            "validate": "date",
            "criteria": ">=",
            "value": date(2008, 5, 1),
            "error_message": translate(N_("Write days as 2026-05-20, or as days of the spreadsheet.")),
        }
    elif hint:
        rule = {"validate": "any"}
    else:
        return
    sheet.validate(1, ROWS, place, {**rule, **hint})


def _choices(key: str) -> list[str]:
    if key == "kind":
        return [pick(one["zh"], one["en"]) for one in transitions.bundled().names["applicant"].values()]
    if key == "channel":
        channels = law.bundled().tables["channels"]["channel"]
        return [pick(one["zh"], one["en"]) for one in channels.values()]
    if key == "id_type":
        return [pick(one["zh"], one["en"]) for one in identity.kinds().values()]
    return []
