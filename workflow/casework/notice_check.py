"""The check of what an applicant is asked for: a correction in its days, for what the law asks, said so that
it can be met.
"""

from __future__ import annotations

from letters.check import marked
from workflow.base.errors import Refused
from workflow.base.messages import N_, Remark
from workflow.cases import clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.law.keys import Provision
from workflow.law.setting_keys import SettingKey
from workflow.procedure import letter_terms

# Acts by which an applicant is asked for something, and what they say of it.
_ASKING = {"ask_correction": "matters"}
# What may not stand in the notice at all, by the patterns under the key, and the provision that says so.
_WRONG = {
    "purpose": Provision.CORRECTION_ASKED,
    "identity_2008": Provision.CORRECTION_ASKED,
    "no_time": Provision.CORRECTION_CLEAR,
}
# What is told of a notice and stops nothing.
_DOUBTFUL = {
    "generic": Provision.CORRECTION_CLEAR,
    "own_period": Provision.CORRECTION_CLEAR,
    "form_of_ours": Provision.IN_WRITING,
    "presence": Provision.IN_WRITING,
}
NOTICE = "correction.notice"


def before(case: CaseFile, act: Act, context: Context) -> list[Remark]:
    """Refused for a request that the law does not know or that comes too late without a reason; notes for a
    doubtful one.
    """
    if act.event not in _ASKING:
        return []
    late = _in_its_days(case, act, context)
    era = context.law.era(case.regulations)
    day = era.holds(act.on)
    text = str(act.payload.get(_ASKING[act.event], ""))
    for key, provision in _WRONG.items():
        wrong = marked.of_notice(key, text, era)
        if wrong is not None:
            raise Refused(
                N_("The notice cannot go out so: {what}."),
                field=_ASKING[act.event],
                what=wrong,
                rule=context.law.provision(provision, day),
                way_on=N_(
                    "Ask for what makes the information findable, or for what the application has to contain."
                ),
            )
    doubts = [(provision, marked.of_notice(key, text, era)) for key, provision in _DOUBTFUL.items()]
    doubts += [(Provision.CORRECTION_CLEAR, marked.of_notice("clear", item, era)) for item in case.items]
    told = {str(one): (context.law.provision(asked, day), one) for asked, one in doubts if one is not None}
    return late + [
        (N_("{text} [{article}]"), {"text": one, "rule": rule, "article": letter_terms.Cited(rule)})
        for rule, one in told.values()
    ]


def _in_its_days(case: CaseFile, act: Act, context: Context) -> list[Remark]:
    """A correction may be asked for late; what it costs has to be known, and why it is late to be said."""
    made = clocks.all_clocks(case, context)
    clock = next((one for one in made if one.rule == NOTICE), None)
    if clock is None or act.on <= clock.deadline.due:
        return []
    reply = next(one for one in made if one.rule == "reply.limit")
    said = {
        "due": clock.deadline.due,
        "on": act.on,
        "reply": reply.deadline.due,
        "rule": clock.deadline.article,
        "article": letter_terms.Cited(clock.deadline.article),
    }
    runs_on = not context.setting(SettingKey.LATE_CORRECTION_RESTARTS)
    if act.payload.get("late_reasons"):
        return [(_RUNS_ON if runs_on else _CONTESTED, said)]
    raise Refused(
        N_(
            "A correction is asked for until {due}; this is of {on}. A late request does not interrupt the time for reply, which ends on {reply}."
        )
        if runs_on
        else N_(
            "A correction is asked for until {due}; this is of {on}. Whether a late request begins the time for reply anew can be contested."
        ),
        field="on",
        due=clock.deadline.due,
        on=act.on,
        reply=reply.deadline.due,
        rule=clock.deadline.article,
        way_on=N_("Reply on what there is, or say why it is asked for late: --late-reasons"),
    )


_RUNS_ON = N_(
    "The correction is asked for after its last day ({due}): that does not begin the time for reply anew, which ends on {reply} [{article}]. A setting of the office (late_correction_restarts) can settle it otherwise."
)
_CONTESTED = N_(
    "The correction is asked for after its last day ({due}); whether the time for reply then begins anew can be contested [{article}]."
)
