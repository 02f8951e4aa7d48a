"""The one guard against formulas: an applicant's text may begin with a sign that a spreadsheet computes."""

from __future__ import annotations

from workflow.base.patterns import later

# Some programs take the same signs in full and in small width for their plain forms, and others pass over
# blanks of any kind before them.
_FORMULA = later(
    r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n]"
)


def harmless(value: str) -> str:
    """The text with an apostrophe before it, where a spreadsheet would compute it."""
    return f"'{value}" if not value[:1].isalnum() and _FORMULA.match(value) else value
