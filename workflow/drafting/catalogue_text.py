"""The catalogue of letters as lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from letters.content import citations
from workflow import law
from workflow.base.messages import N_, listed, pick
from workflow.base.messages import translate as _
from workflow.base.names import Named
from workflow.drafting.catalogue import ADDRESSEES, REMEDIES


def _in_words(entry: dict[str, Any]) -> str:
    return pick(entry["zh"], entry["en"]) or str(entry.get("article", ""))


def _refs(cited: list[dict[str, str]]) -> str:
    refs = [ref["article"] for ref in cited if ref["zh"]]
    return pick(citations.text(refs, law.bundled()), listed(ref["en"] for ref in cited if ref["zh"]))


def _basis_lines(row: dict[str, Any], mark: str) -> Iterator[str]:
    for told in row["grounds"]:
        name = f"{_in_words(told)}{pick('：', ': ')}" if len(row["grounds"]) > 1 else ""
        refs = _refs(told["basis"]) or _(N_("(no article; a rule of good order)"))
        status = f" [{told['status']}]" if told["status"] not in ("", "V") else ""
        yield _(mark) + name + refs + status


def _remedy_lines(row: dict[str, Any]) -> Iterator[str]:
    seen: set[tuple[str, ...]] = set()
    for told in row["grounds"]:
        ways = told.get("remedies") or [told["remedy"]]
        for way in ways:
            key = way["kind"], way["status"], pick(**_names(way.get("when")))
            if key not in seen:
                seen.add(key)
                yield _remedy_line(way)
        rest = told.get("remedy_rest")
        if rest and ("rest",) not in seen:
            seen.add(("rest",))
            yield _remedy_line(rest, _(N_("for what is given: ")))


def _names(when: dict[str, str] | None) -> dict[str, str]:
    return {"zh": when["zh"], "en": when["en"]} if when else {"zh": "", "en": ""}


def _remedy_line(way: dict[str, Any], lead: str = "") -> str:
    case = pick(**_names(way.get("when")))
    lead = lead or (f"{case}{pick('：', ': ')}" if case else "")
    refs = _refs(way["articles"])
    shown = _(REMEDIES[way["kind"]]) + (f"{pick('：', ': ')}{refs}" if refs and way["kind"] != "none" else "")
    return _(N_("  remedy   ")) + lead + shown + (f" [{way['status']}]" if way["status"] != "V" else "")


def _report_lines(row: dict[str, Any]) -> Iterator[str]:
    names = [_in_words(one_) for one_ in row["report"] if one_["zh"]]
    if names:
        yield _(N_("  report   ")) + listed(names)


def list_lines(found: list[dict[str, Any]]) -> list[str]:
    """The catalogue, a letter in a few lines."""
    lines: list[str] = []
    for row in found:
        lines.append(f"{row['code']:<4} {pick(row['zh'], '{zh}  {en}'.format_map(row))}")
        lines += _basis_lines(row, N_("  basis    "))
        lines += _remedy_lines(row)
        lines += _report_lines(row)
    return [
        *lines,
        _(
            N_("{count} letters under the law in force on {day}."),
            count=len(found),
            day=found[0]["on"] if found else "-",
        ),
    ]


_SERIES = {"reply": N_("replies"), "notice": N_("notices"), "": N_("without a document number")}


def show_lines(row: dict[str, Any]) -> list[str]:
    """All that the tables say of one letter."""
    lines = [f"{row['code']}  {row['zh']}"]
    if english := pick("", row["en"]):
        lines.append(f"    {english}")
    lines.append(_(N_("  title    ")) + row["title"])
    lines.append(_(N_("  goes to  ")) + _(ADDRESSEES[row["to"]]))
    lines.append(_(N_("  series   ")) + _(_SERIES[row["series"]]))
    lines.append(_(N_("  template ")) + row["template"])
    lines += _basis_lines(row, N_("  basis    "))
    lines += _remedy_lines(row)
    lines += _report_lines(row)
    for event in row["events"]:
        lines.append(
            _(
                N_("  issued by {event} (disclosure {command}): {article}"),
                event=Named("event", event["event"]),
                command=event["command"],
                article=_refs(event["articles"]) or "-",
            )
        )
        states, roles = Named("state", *event["from"]), Named("role", *event["roles"])
        lines.append("    " + _(N_("from: {states}; by: {roles}"), states=states, roles=roles))
        lines += [f"    · {pick(guard['zh'], guard['en'])}" for guard in event["guards"]]
    if row["command"]:
        lines.append(_(N_("  made whenever it is asked for (disclosure {command})"), command=row["command"]))
    asked = list(dict.fromkeys(need for told in row["grounds"] for need in told["needs"]))
    if asked:
        lines.append(_(N_("  needs    ")) + str(Named("need", *asked)))
    for need in row["needs"]:
        lines.append(_(N_("  needs    ")) + f"{need['what']}{pick('：', ': ')}{_in_words(need)}")
    required = [_in_words(part) for part in row["parts"] if part["required"]]
    optional = [_in_words(part) for part in row["parts"] if not part["required"]]
    lines.append(_(N_("  parts    ")) + listed(required))
    if optional:
        lines.append(_(N_("  where the case has it: {parts}"), parts=listed(optional)))
    return lines
