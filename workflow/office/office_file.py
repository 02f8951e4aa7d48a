"""The office file (TOML): read, checked field by field, and turned into a profile and officers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from workflow.base import names, tables, typed_text, typed_words
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.context import OF_NO_PERSON
from workflow.office import mail_settings
from workflow.office.office_blocks import READ
from workflow.office.office_fields import KEY, entries, fault, has_controls, one_of
from workflow.office.profile import ADDRESSES, NEEDED, TEXTS, Officer, kinds
from workflow.procedure import transitions

LEVELS = ("township", "county", "prefecture", "province", "state")


def read(path: Path) -> tuple[dict[str, Any], list[Officer]]:
    """An office file: the checked profile and the officers."""
    text = tables.text_of(path)
    return checked(tables.parse(text, path.name))


def checked(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Officer]]:
    """Profile and officers from a parsed office file; Malformed names the first field that is wrong."""
    _require_texts(raw)
    profile = texts(raw)
    if profile["notice_code"] == profile["code"]:
        raise fault(
            "notice_code", N_("'{field}' has to differ from 'code': each series has its own numbers.")
        )
    if not KEY.fullmatch(profile["key"]):
        raise fault("key", N_("'{field}' is a short name of small letters, digits, '-' and '_'."))
    one_of("kind", profile["kind"], kinds())
    one_of("level", profile["level"], LEVELS)
    for block in READ.values():
        value = block.read(raw, profile)
        if value is not None:
            profile[block.kept] = value
    unknown = raw.keys() - {*TEXTS, *READ, "officer"}
    if unknown:
        raise fault(min(unknown), N_("The office file has an unknown entry '{field}'."))
    officers = [
        officer_of(entry, {unit["key"] for unit in profile["units"]}) for entry in entries(raw, "officer")
    ]
    keys = [officer.key for officer in officers]
    if len(set(keys)) != len(keys):
        raise fault("officer", N_("Two officers have the same key."))
    return profile, officers


def _require_texts(raw: dict[str, Any]) -> None:
    for name in NEEDED:
        if not str(raw.get(name) or "").strip():
            raise fault(name, N_("The office needs '{field}'."))
    for name in TEXTS:
        if name in raw and (not isinstance(raw[name], str) or has_controls(raw[name])):
            raise fault(name, N_("'{field}' has to be text on one line."))
    for name in ADDRESSES:
        if raw.get(name, "").strip() and not typed_text.is_web_address(raw[name].strip()):
            raise Malformed(
                N_("'{field}' is an address that begins with https:// or http://, not '{value}'."),
                field=name,
                value=raw[name][:60],
                way_on=N_("For example: {example}"),
                example="https://yigk.example.gov.cn",
            )


def texts(raw: dict[str, Any]) -> dict[str, Any]:
    """The texts of a profile as they are kept: without blanks around them, empty ones left out."""
    kept: dict[str, Any] = {name: raw[name].strip() for name in TEXTS if raw.get(name)}
    kept.setdefault("notice_code", kept["code"].removesuffix("复") + "告")
    return kept


def officer_of(entry: dict[str, Any], units: set[str]) -> Officer:
    """A checked officer."""
    for field in ("key", "name", "unit", "login", "email"):
        if not isinstance(entry.get(field), str | None):
            raise fault(field, N_("'{field}' has to be text on one line."))
    key, name = entry.get("key") or "", (entry.get("name") or "").strip()
    if not KEY.fullmatch(key) or not name or has_controls(name):
        raise fault("officer", N_("An officer needs a key (small letters and digits) and a name."))
    roles = _roles(entry.get("roles", []))
    unit = entry.get("unit")
    if unit is not None and unit not in units:
        raise NotFound(N_("There is no unit '{unit}'."), field="unit", unit=unit)
    email = str(entry.get("email") or "").strip() or None
    if email is not None:
        mail_settings.address(email, "email")
    return Officer(key, name, tuple(dict.fromkeys(roles)), unit, entry.get("login"), email=email)


def _roles(given: Any) -> list[str]:
    roles = re.split("[,，、]", given) if isinstance(given, str) else given
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise fault("roles", N_("'{field}' has to be a list."))
    known = names.both(
        "role", (key for key in transitions.bundled().names["role"] if key not in OF_NO_PERSON)
    )
    found = [typed_words.meant(role, known, "roles") for role in roles]
    for role in found:
        if role not in known:
            raise Malformed(
                N_("There is no role '{role}'."),
                field="roles",
                role=role,
                way_on=N_("Roles are: {roles}"),
                roles=Named("role", *known, typed=True),
            )
    return found
