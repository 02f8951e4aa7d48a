"""Names that were typed and say more, or less, than who applies. In a list such a row waits; what a person
has before him is entered, with a remark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base.errors import Malformed
from workflow.base.messages import N_, Remark
from workflow.casework import identity
from workflow.intake import names_in_cell
from workflow.intake.row_persons import NATURAL
from workflow.intake.words import Vocabulary

if TYPE_CHECKING:
    from workflow.casework.application import Application
    from workflow.casework.desk import Desk


def doubts(application: Application, desk: Desk) -> list[Remark]:
    """Remarks on names that say more, or less, than who applies: nobody is refused for his name."""
    everybody = [(application.name, application.kind)]
    everybody += [(one["name"], one["kind"]) for one in application.others]
    unusual = [(name, kind) for name, kind in everybody if not names_in_cell.plain(name)]
    vocabulary = Vocabulary(desk) if unusual else None
    remarks: list[Remark] = []
    for name, kind in unusual:
        assert vocabulary is not None
        organisation = _always if kind != NATURAL or vocabulary.kind_by_name(name) else _never
        try:
            names = names_in_cell.split(name, organisation)
            for one in names:
                names_in_cell.told(one, organisation, len(names))
        except Malformed as fault:
            doubt = (fault.message, fault.params)
        else:
            if len(names) == 1:
                continue
            doubt = (_TOGETHER_SAID, {"name": name[:40], "n": len(names)})
        remarks.append((_LOOK, {"doubt": identity.Told(doubt)}))
    return remarks


def _always(_: str) -> bool:
    return True


def _never(_: str) -> bool:
    return False


_TOGETHER_SAID = N_("'{name}' are {n} persons, entered as one applicant.")
_LOOK = N_(
    "{doubt} Compare the application. A name is corrected by: disclosure amend CASE --field applicant-name; further applicants by: disclosure add-applicant CASE"
)
