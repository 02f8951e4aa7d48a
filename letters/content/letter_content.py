"""What a letter is as plain data (JSON): composed once, sealed beside its case, and set as it is.

Keys and their order are part of ledgers that exist: a letter's digest is made of them.
"""

from __future__ import annotations

from typing import Any, NotRequired, Required, TypedDict


class Block(TypedDict, total=False):
    """One piece of the body: a paragraph (`p`), a heading (`h1`), a table, or a paragraph of the notice of
    remedies; `part`: which part of the letter it is.
    """

    type: Required[str]
    text: str
    rows: list[list[str]]
    part: str
    # A paragraph without the indent of two characters.
    flush: bool


class Meta(TypedDict):
    """What the PDF says of itself."""

    lang: str
    title: str
    number: str
    organ: str
    subject: str
    created: str


class Attached(TypedDict):
    """The data that are attached to the PDF: what was decided, on which provisions; no free text."""

    format: int
    practice: NotRequired[bool]
    letter: str
    number: str | None
    date: str
    organ: str
    case: str
    received: str
    regulations: str
    served_by: str | None
    basis: list[str]
    decision: list[dict[str, Any]] | None
    remedy: dict[str, Any]


class Follow(TypedDict):
    """The code by which the case is followed on the public pages."""

    address: str
    lines: list[str]
    alt: str


class Content(TypedDict):
    """A whole letter."""

    format: int
    code: str
    layout: str
    template: str
    organ: str
    number: str | None
    numbered: bool
    title: str
    document: str
    addressee: str
    blocks: list[Block]
    annexes: list[str]
    signatory: str
    date: str
    date_zh: str
    contact: str
    remedy: dict[str, Any]
    meta: Meta
    # Across each page of a letter that is none, as of a practice office.
    mark: NotRequired[str]
    data: Attached
    # Put in when the letter is put down.
    follow: NotRequired[Follow]
    # By which wording of the office it is set: its digest, and its templates.
    overrides: NotRequired[str]
    own_templates: NotRequired[dict[str, str]]
