"""The words that stand for a value in the usage and beside an option, in the language in force."""

from __future__ import annotations

import re

from workflow.base.messages import N_, translate

# What stands for a value in the usage and beside an option. A word that is missing here is shown as it is.
WORDS = (
    N_("OPTIONS"),
    N_("COMMAND"),
    N_("ARGS"),
    N_("CASE"),
    N_("DATE"),
    N_("TRACKING"),
    N_("MOMENT"),
    N_("DAY"),
    N_("YEAR"),
    N_("MONTH"),
    N_("ORGAN"),
    N_("FIGURE"),
    N_("SHARES"),
    N_("KEY"),
    N_("WHO"),
    N_("NAME"),
    N_("VALUE"),
    N_("FILE"),
    N_("OUT"),
    N_("ARCHIVE"),
    N_("PATH"),
    N_("FOLDER"),
    N_("TEXT"),
    N_("INTEGER"),
    N_("INT"),
    N_("COUNT"),
    N_("RULE"),
    N_("PAGES"),
    N_("ITEMS"),
    N_("VERSION"),
    N_("UNIT"),
    N_("OFFICER"),
    N_("OUTCOME"),
    N_("GROUND"),
    N_("PAIR"),
    N_("START"),
    N_("END"),
    N_("KIND"),
    N_("ADDRESS"),
    N_("CODE"),
    N_("SECONDS"),
    N_("BATCH"),
    N_("ROW"),
    N_("COLUMN"),
    N_("LENGTH"),
    N_("CHANGE"),
    N_("COLUMNS"),
    N_("SHARE"),
    N_("NUMBER"),
    N_("PAGE"),
    N_("PHRASE"),
    N_("PRECEDENT"),
    N_("WORDS"),
    N_("ROLE"),
    N_("PLACE"),
    N_("RECEIPT"),
    N_("WHY"),
    N_("FAULT"),
    N_("RESULT"),
)


def worded(metavar: str) -> str:
    """'[CASE]' or 'START..END' in the language in force."""
    return re.sub(r"[A-Z]{2,}", lambda found: translate(found[0]), metavar)
