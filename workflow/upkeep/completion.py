"""What of an office the shell may offer at a tab: cases, officers, units, letters, and the like.

It is asked at every tab: plain statements, for either database, without the libraries that acts need. A name
of a person is shown masked, and to whom may look at personal data.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from workflow.base import masking
from workflow.base.patterns import later

MOST = 50
# As workflow.casework.lookup reads it.
_NUMBER = later(r"[〔\[(（【]?(\d{4})(?:[〕\])）】]|-|年)第?(\d{1,9})号?")
NATURAL = "natural_person"

# Rows for a statement and its values.
Ask = Callable[..., list[Any]]
# A code, the text shown beside it, and a name by which it may be typed as well.
Found = tuple[str, str, str]


class Who(NamedTuple):
    """Who asks: whom he names (--as), the office that he names, his login, and whether the service vouches
    for it.
    """

    said: str | None
    office: str | None
    login: str
    bound: bool = False


class View(NamedTuple):
    """An office as somebody may see it. `officer` is empty where nobody is known to ask."""

    ask: Ask
    office: int
    units: dict[str, str]
    officer: str
    sees: bool


def opened(ask: Ask, who: Who, sees: list[str]) -> View | None:
    """The office that is meant; None where there is none, or whoever asks may not look at it. `sees` are the
    roles that may look at personal data.
    """
    offices = ask("SELECT id, key, profile FROM office ORDER BY id")
    if who.office:
        offices = [row for row in offices if row[1] == who.office]
    officer = _officer(ask, who, [row[0] for row in offices])
    if officer is not None:
        offices = [row for row in offices if row[0] == officer[0]]
    elif who.bound or len(offices) != 1:
        return None
    if not offices:
        return None
    ((office, _key, profile),) = offices
    roles = set(officer[3].split("|")) if officer else set()
    units = {unit["key"]: unit["name"] for unit in json.loads(profile).get("units", [])}
    return View(ask, office, units, officer[1] if officer else "", bool(roles & set(sees)))


def _officer(ask: Ask, who: Who, offices: list[int]) -> Any | None:
    """The officer who asks: whoever the service vouches for is who his login says, whatever he types."""
    rows = ask("SELECT office_id, key, login, roles, name FROM officer WHERE active ORDER BY id")
    rows = [row for row in rows if row[0] in offices]
    said = who.login if who.bound or not who.said else who.said
    if not said:
        return None
    found = [row for row in rows if (row[2] == said if who.bound else said in (row[1], row[2], row[4]))]
    return found[0] if len({row[0] for row in found}) == 1 else None


# --- what is found


def cases(view: View, start: str, states: list[str] | None, names: dict[str, str]) -> list[Found]:
    """Cases by the beginning of their number, their running number, or the beginning of the applicant's name;
    open ones first, then the newest. Beside each its applicant, masked, and its state.
    """
    where, given = "substr(number, 1, length(:start)) = :start", {"start": start}
    if start.isascii() and start.isdigit():
        # 5 is 0005; 00 begins every running number with two noughts.
        where += " OR number LIKE :tail"
        given["tail"] = f"%-{start}%" if start[0] == "0" else f"%-{int(start):04d}"
    elif start and not start.isascii() and view.sees:
        where += " OR substr(applicant_name, 1, length(:start)) = :start"
    query = f"""SELECT number, applicant_name, applicant_kind, state FROM case_file
        WHERE office_id = :office AND ({where}) {_within(states)}
        ORDER BY open DESC, id DESC LIMIT {MOST}"""  # noqa: S608  (nothing typed stands in it)
    return [
        (number, "  ".join(filter(None, (_person(view, name, kind), names.get(state, state)))), "")
        for number, name, kind, state in view.ask(query, office=view.office, **given)
    ]


def _within(states: list[str] | None) -> str:
    known = [state for state in states or () if state.replace("_", "").isalpha()]
    return f"AND state IN ({', '.join(map(repr, known))})" if known else ""


def _person(view: View, name: str, kind: str) -> str:
    """The name of whoever applies: of an organisation as it is, of a person masked; to nobody in particular,
    none.
    """
    if not view.officer or (kind == NATURAL and not view.sees):
        return ""
    return masking.mask("name", name) if kind == NATURAL else name


def number_of(view: View, said: str) -> str:
    """The number of the case that is meant by its number in one of the usual forms, by its running number, or
    by the name of its applicant; what was said, where it is none.
    """
    written = _NUMBER.fullmatch(said.replace(" ", ""))
    if written:
        return f"{written[1]}-{int(written[2]):04d}"
    if said.isascii() and said.isdigit():
        query = "SELECT number FROM case_file WHERE office_id = :office AND number LIKE :tail"
        rows = view.ask(query, office=view.office, tail=f"%-{int(said):04d}")
        return str(rows[0][0]) if len(rows) == 1 else said
    if view.sees and said and not said.isascii():
        query = """SELECT number FROM case_file WHERE office_id = :office
            AND substr(applicant_name, 1, length(:said)) = :said LIMIT 2"""
        rows = view.ask(query, office=view.office, said=said)
        return str(rows[0][0]) if len(rows) == 1 else said
    return said


def version(view: View, case: str) -> list[Found]:
    """The version of a case."""
    query = "SELECT version FROM case_file WHERE office_id = :office AND number = :case"
    return [(str(found), "", "") for (found,) in view.ask(query, office=view.office, case=case)]


def bodies(view: View) -> list[Found]:
    """The bodies that decide on remedies against this office, as its profile has them."""
    ((profile,),) = view.ask("SELECT profile FROM office WHERE id = :office", office=view.office)
    told = json.loads(profile)
    named = [one.get("name") for one in told.get("reconsideration", [])]
    named += [told.get(key) for key in ("court", "same_level_government", "superior_department")]
    return [(name, "", "") for name in dict.fromkeys(named) if name]


def cases_in_mail(view: View, names: dict[str, str]) -> list[Found]:
    """Cases whose mail waits for a person's word."""
    query = """SELECT DISTINCT c.number, c.state FROM mail m JOIN case_file c ON c.id = m.case_id
        WHERE m.office_id = :office AND m.state IN ('uncertain', 'refused') ORDER BY c.number DESC"""
    return [(number, names.get(state, state), "") for number, state in view.ask(query, office=view.office)]


def officers(view: View, role: str = "") -> list[Found]:
    """Active officers, of a role if one is named, with their unit."""
    query = "SELECT key, name, unit, roles FROM officer WHERE office_id = :office AND active ORDER BY id"
    return [
        (key, view.units.get(unit or "", ""), name)
        for key, name, unit, roles in view.ask(query, office=view.office)
        if not role or role in roles.split("|")
    ]


def offices(view: View) -> list[Found]:
    """The office of whoever asks; all of them where nobody is known."""
    rows = view.ask("SELECT id, key, name FROM office ORDER BY id")
    return [(key, name, "") for number, key, name in rows if number == view.office]


def organs(view: View) -> list[Found]:
    """The other offices of the installation, for whoever acts in one."""
    rows = view.ask("SELECT id, key, name FROM office ORDER BY id") if view.officer else []
    return [(key, "", name) for number, key, name in rows if number != view.office]


def organs_trusted(view: View) -> list[Found]:
    """The organs whose signed figures are taken in, by the names of their records."""
    query = """SELECT event, payload FROM ledger WHERE case_id IS NULL AND office_id = :office
        AND event IN ('figures_key_trusted', 'figures_key_withdrawn') ORDER BY seq"""
    found: dict[str, str] = {}
    for event, payload in view.ask(query, office=view.office) if view.officer else ():
        told = json.loads(payload)
        found[told["origin"]] = told["name"] if event == "figures_key_trusted" else ""
    return [(origin, name, name) for origin, name in found.items() if name]


def units(view: View) -> list[Found]:
    """The units of the office."""
    return [(key, "", name) for key, name in view.units.items()]


def letters(view: View, case: str, names: dict[str, str], *, by_id: bool = False) -> list[Found]:
    """Letters of a case, the newest first: by document number or else code, or by number in the register."""
    query = """SELECT l.id, l.code, l.number, l.dated FROM letter l JOIN case_file c ON c.id = l.case_id
        WHERE c.office_id = :office AND c.number = :case AND l.voided_on IS NULL ORDER BY l.id DESC"""
    made = []
    for place, code, number, dated in view.ask(query, office=view.office, case=case):
        about = "  ".join(filter(None, (names.get(code, ""), number if by_id else "", str(dated))))
        made.append((str(place) if by_id else str(number or code), about, ""))
    return made


def attachments(view: View, case: str) -> list[Found]:
    """Files of a case, for whoever may take them out."""
    if not view.sees:
        return []
    query = """SELECT a.name, a.size FROM attachment a JOIN case_file c ON c.id = a.case_id
        WHERE c.office_id = :office AND c.number = :case ORDER BY a.id"""
    return [
        (name, f"{size // 1024 + 1} kB", "") for name, size in view.ask(query, office=view.office, case=case)
    ]


def entries(view: View, case: str, names: dict[str, str]) -> list[Found]:
    """Entries of a case by their number."""
    query = """SELECT l.n, l.event, l.on_day FROM ledger l JOIN case_file c ON c.id = l.case_id
        WHERE c.office_id = :office AND c.number = :case ORDER BY l.n"""
    rows = view.ask(query, office=view.office, case=case)
    return [(str(n), f"{names.get(event, event)}  {on}", "") for n, event, on in rows]


def numbered(view: View, case: str, clocks: str, names: dict[str, str]) -> list[Found]:
    """The consultations, or the remedies, of a case by their number, with the clock that tells of each."""
    query = """SELECT k.ref, MIN(k.rule) FROM clock k JOIN case_file c ON c.id = k.case_id
        WHERE c.office_id = :office AND c.number = :case AND k.ref > 0 AND k.rule LIKE :rules
        GROUP BY k.ref ORDER BY k.ref"""
    rows = view.ask(query, office=view.office, case=case, rules=clocks)
    return [(str(ref), names.get(rule, rule), "") for ref, rule in rows]


def remedies(view: View, case: str, names: dict[str, str]) -> list[Found]:
    """The reconsiderations and suits on a case by their number."""
    query = """SELECT r.no, r.kind, r.opened_on FROM remedy r JOIN case_file c ON c.id = r.case_id
        WHERE c.office_id = :office AND c.number = :case ORDER BY r.no"""
    rows = view.ask(query, office=view.office, case=case)
    return [(str(no), f"{names.get(kind, kind)}  {opened}", "") for no, kind, opened in rows]


def persons(view: View, case: str) -> list[Found]:
    """Who applies, and the agent, by number; masked."""
    if not view.sees:
        return []
    query = """SELECT p.no, p.name FROM party p JOIN case_file c ON c.id = p.case_id
        WHERE c.office_id = :office AND c.number = :case ORDER BY p.no"""
    rows = view.ask(query, office=view.office, case=case)
    return [(str(no), masking.mask("name", name), "") for no, name in rows]


def items(view: View, case: str) -> list[Found]:
    """The items of a request by their number, with their beginning."""
    query = "SELECT request FROM case_file WHERE office_id = :office AND number = :case"
    if not view.officer:
        return []
    lines = [
        line
        for row in view.ask(query, office=view.office, case=case)
        for line in row[0].splitlines()
        if line.strip()
    ]
    return [(str(place), line[:24], "") for place, line in enumerate(lines, 1)]


def phrases(view: View) -> list[Found]:
    """The phrases of the office's library by their number."""
    query = """SELECT event, payload FROM ledger WHERE case_id IS NULL AND office_id = :office
        AND event IN ('phrase_added', 'phrase_removed') ORDER BY seq"""
    found = {}
    for event, payload in view.ask(query, office=view.office) if view.officer else ():
        told = json.loads(payload)
        found[told["no"]] = told["name"] if event == "phrase_added" else ""
    return [(str(no), name, "") for no, name in found.items() if name]


def precedents(view: View) -> list[Found]:
    """The cases of the office's library by their number."""
    query = """SELECT event, payload FROM ledger WHERE case_id IS NULL AND office_id = :office
        AND event IN ('precedent_proposed', 'precedent_imported', 'precedent_removed') ORDER BY seq"""
    found = {}
    for event, payload in view.ask(query, office=view.office) if view.officer else ():
        told = json.loads(payload)
        found[told["no"]] = told.get("title", "") if event != "precedent_removed" else ""
    return [(str(no), title, "") for no, title in found.items() if title]


def batches(view: View) -> list[Found]:
    """Posting batches, the newest first."""
    query = f"""SELECT number, on_day FROM posting_batch WHERE office_id = :office
        ORDER BY id DESC LIMIT {MOST}"""  # noqa: S608
    return [(number, str(on), "") for number, on in view.ask(query, office=view.office)]


def years(view: View) -> list[Found]:
    """The years in which applications were received, the newest first."""
    query = (
        """SELECT DISTINCT substr(number, 1, 4) FROM case_file WHERE office_id = :office ORDER BY 1 DESC"""
    )
    return [(year, "", "") for (year,) in view.ask(query, office=view.office)]
