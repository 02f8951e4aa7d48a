"""Which commands there are: those of the modules of this package, and the acts of the tables."""

from __future__ import annotations

from importlib import import_module

import click

from workflow.base.completeness import require_same
from workflow.base.messages import N_

# Every command that is no act: the module of workflow.commands that it is in, and what --help says of it.
COMMANDS = {
    "completion": (
        "completion",
        N_(
            "Completion in bash, zsh and fish: what the shell runs at a tab; with --install, put in its place."
        ),
    ),
    "init": ("maintenance", N_("Make the database and an office in it, from an office file or by asking.")),
    "practice": (
        "practice",
        N_(
            "Make a throw-away office with a made-up year to practise on, in a new folder; every letter says that it is practice."
        ),
    ),
    "service": ("service", N_("The resident service, by which commands answer at once.")),
    "database": ("database", N_("Roles of officers on PostgreSQL: who may do what there.")),
    "worker": (
        "worker",
        N_("Do what waits after acts, again and again, on as many machines as run this (PostgreSQL)."),
    ),
    "evidence": (
        "evidence",
        N_(
            "Evidence for outsiders: signed checkpoints, witnesses, proofs of letters that anybody can check."
        ),
    ),
    "web": (
        "web",
        N_("The public counter: pages on which citizens apply and follow, kept apart from the office."),
    ),
    "upgrade": ("maintenance", N_("Bring an older database to the schema of this program.")),
    "backup": (
        "backups",
        N_("Write everything into one file; with --to, what is new since the last, encrypted."),
    ),
    "restore": ("backups", N_("Put a backup into an empty database; never over what is there.")),
    "drill": ("backups", N_("Restore a backup apart, verify it, and say what would be lost.")),
    "doctor": ("maintenance", N_("Say what is present, what is missing, and how to get it.")),
    "verify": ("maintenance", N_("Walk the ledger, fold every case again, and compare.")),
    "receive": ("casework", N_("Receive an application, by options or from a TOML or JSON file.")),
    "intake": (
        "intake",
        N_(
            "Receive many applications from a CSV or Excel list; rows at fault are reported, the others entered."
        ),
    ),
    "amend": (
        "mending",
        N_("Correct what was recorded wrongly; both values are kept, what follows is computed anew."),
    ),
    "undo": (
        "mending",
        N_(
            "Take back the last act while nothing of it has left; says before what changes, and keeps the record."
        ),
    ),
    "reveal": (
        "casework",
        N_("Show the applicant's personal data in full; that it was looked at is recorded."),
    ),
    "fetch": ("casework", N_("Take an attachment out of the file store, checked against its SHA-256.")),
    "letters": (
        "casework",
        N_("The letters of a case: code, number, date, SHA-256; with --out, write the PDFs into a folder."),
    ),
    "letter": (
        "letters",
        N_("The catalogue of letters, specimens, the check before issue, verification of a PDF."),
    ),
    "posting": (
        "posting",
        N_("The post: the day's letters as a batch, envelopes, labels, posting list; delivery and return."),
    ),
    "mail": ("mail", N_("Letters by e-mail: the server, what waits, what a person has to decide.")),
    "work": ("casework", N_("Do what waits after acts: make the letters that are not made yet.")),
    "list": ("look", N_("List cases.")),
    "show": ("look", N_("Show a case with its clocks; personal data masked.")),
    "clocks": ("look", N_("The clocks of a case.")),
    "history": ("look", N_("What was recorded of a case, entry by entry.")),
    "do": (
        "guided",
        N_(
            "Be guided: what waits today, the case, its usual step, each fact, what will happen, and then the act. Also without any command, at a terminal."
        ),
    ),
    "next": (
        "look",
        N_("What may be done next on a case, or on all of mine: by whom, until when, on which provision."),
    ),
    "explain": (
        "look",
        N_("How the deadlines of a case were reached: every day counted or left out, and why."),
    ),
    "recompute": (
        "look",
        N_(
            "Show which open deadlines move after a new notice or a change of the law; with --apply, write it."
        ),
    ),
    "phrase": (
        "phrases",
        N_(
            "Reasons to choose from at the draft, by outcome and ground: one's own, and out of replies issued."
        ),
    ),
    "precedent": (
        "precedents",
        N_(
            "Decided cases by ground and fault: one's own, by the act of two persons, and published ones from files."
        ),
    ),
    "guidance": (
        "guidance",
        N_(
            "Work guidance: pages whose provisions are looked up, offered at the draft and released for the public."
        ),
    ),
    "similar": (
        "phrases",
        N_("Earlier requests that ask for much the same: what was answered, and what came of it."),
    ),
    "roll": (
        "register",
        N_(
            "The register of applications: one line each with all dates, officers, letters and remedies; as table, CSV, Excel, PDF or JSON."
        ),
    ),
    "search": (
        "register",
        N_(
            'Search in requests, letters and names of people: all the words, "a phrase", -word for what must not be there.'
        ),
    ),
    "urge": (
        "urging",
        N_(
            "Ask an organ below how an application stands (its number, no names); without one, what was asked and answered."
        ),
    ),
    "alerts": (
        "alerts",
        N_(
            "What presses: overdue, due soon, stopped, unanswered, not posted; as table, files, calendar. Exit status 7 if overdue."
        ),
    ),
    "today": (
        "alerts",
        N_(
            "What is to be done today: overdue, due, to be sent, to be proved, sent back, owed by others; as a page to print."
        ),
    ),
    "digest": (
        "alerts",
        N_("The daily mail to each officer on what waits for him, and to the head on what is overdue."),
    ),
    "report": (
        "report",
        N_("What the office reports: the annual report, its check, and how well the office does."),
    ),
    "board": (
        "board",
        N_(
            "All organs on one page: received, open, due, overdue, time to reply, outcomes, remedies; each figure opens its cases."
        ),
    ),
    "archive": ("archive", N_("The archive folder of a filed case: make it again, check it.")),
    "retention": ("archive", N_("How long filed cases are kept, and what happens when that time is over.")),
    "key": ("keys", N_("Keys: a new master key, its shares among persons, pairs that open backups.")),
    "paper": (
        "papers",
        N_("Papers of the house: approval sheet, handling sheet, what a reconsideration asks for."),
    ),
    "remedies": (
        "remedies",
        N_("Reconsiderations and suits with their clocks, their outcome and what comes next."),
    ),
    "office": ("office", N_("The office: its profile and settings.")),
    "officer": ("office", N_("The officers of the office and their roles.")),
    "process": ("procedure", N_("The procedure: its chart for publication, its table for a lawyer to read.")),
    "why": (
        "why",
        N_(
            "A rule, a provision or the last refusal explained: its words, what is looked at, how to go on (NAME: last, a rule, a clock, an article)."
        ),
    ),
    "deadline": (
        "deadline",
        N_(
            "Compute a deadline from a rule and a day, without a case (RULE: reply, correction-notice, third-party-opinion, co-maker-opinion, fee-payment, reconsideration, litigation, litigation-after-reconsideration, litigation-review-silent, reconsideration-inaction, litigation-inaction, reconsideration-absolute, litigation-absolute)."
        ),
    ),
    "fee": ("fees", N_("The processing fee by the scale of the day.")),
    "law": ("law", N_("The law tables: every value with its article, dates and certainty.")),
    "calendar": ("calendar", N_("The calendar of working days: show, check, import next year's notice.")),
}


def command(name: str) -> click.Command:
    """A command out of the module of its topic, with its help from the table."""
    topic, help_text = COMMANDS[name]
    module = import_module(f"workflow.commands.{topic}")
    written = [one for one in vars(module).values() if isinstance(one, click.Command)]
    within = [one for group in written if isinstance(group, click.Group) for one in group.commands.values()]
    found = {one.name or "": one for one in written if one not in within}
    listed = [known for known, (place, _help) in COMMANDS.items() if place == topic]
    require_same("all_commands.COMMANDS", listed, f"workflow/commands/{topic}.py", found)
    found[name].help = help_text
    return found[name]


def chinese_acts() -> dict[str, tuple[str, str]]:
    """The command and the Chinese name of each act, by its event."""
    return {event: (act["command"], act["called"]) for event, act in acts().items()}


def acts() -> dict[str, dict[str, str]]:
    """The acts that are commands, by event: `command`, Chinese name (`called`), help (`zh`, `en`)."""
    from workflow.procedure import act_tables

    return act_tables.commands()
