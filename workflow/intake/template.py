"""A form for lists: its columns with drop-downs, days and numbers as text checked by the spreadsheet
itself.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from workflow import law
from workflow.base import whole_files
from workflow.base.messages import N_, pick, translate
from workflow.base.names import word
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
    import xlsxwriter

    with whole_files.draft(out.parent) as new:
        book = xlsxwriter.Workbook(new.out, {"strings_to_formulas": False, "strings_to_urls": False})
        head = book.add_format(
            {"bold": True, "bg_color": "#E7EDF3", "border": 1, "text_wrap": True, "font_name": "宋体"}
        )
        needed = book.add_format(
            {"bold": True, "bg_color": "#F7E3C8", "border": 1, "text_wrap": True, "font_name": "宋体"}
        )
        styles = {
            "text": book.add_format(
                {"num_format": "@", "valign": "top", "text_wrap": True, "font_name": "宋体"}
            ),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "font_name": "宋体"}),
        }
        sheet = book.add_worksheet(pick("申请登记表", "applications"))
        words = book.add_worksheet(pick("选项", "choices"))
        words.hide()
        for place, (key, width) in enumerate(COLUMNS.items()):
            title = f"*{word('column', key)}" if key in NEEDED else word("column", key)
            sheet.set_column(place, place, width, styles["day" if key in _DAYS else "text"])
            sheet.write_string(0, place, title, needed if key in NEEDED else head)
            _checked(sheet, words, place, key)
        sheet.freeze_panes(1, 1)
        book.close()
        new.keep(out, replace=False)


def _checked(sheet: Any, words: Any, place: int, key: str) -> None:
    hint = {"input_message": translate(_HINTS[key])[:255]} if key in _HINTS else {}
    choices = _choices(key)
    if choices:
        for row, choice in enumerate(choices):
            words.write_string(row, place, choice)
        letter = chr(65 + place)
        source = f"={_sheet(words)}!${letter}$1:${letter}${len(choices)}"
        # Other documents than the usual may be typed; other channels and kinds may not.
        rule: dict[str, Any] = {
            "validate": "list",
            "source": source,
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
    sheet.data_validation(1, place, ROWS, place, {**rule, **hint})


def _sheet(words: Any) -> str:
    return f"'{words.get_name()}'"


def _choices(key: str) -> list[str]:
    if key == "kind":
        return [pick(one["zh"], one["en"]) for one in transitions.bundled().names["applicant"].values()]
    if key == "channel":
        channels = law.bundled().tables["channels"]["channel"]
        return [pick(one["zh"], one["en"]) for one in channels.values()]
    if key == "id_type":
        return [pick(one["zh"], one["en"]) for one in identity.kinds().values()]
    return []
