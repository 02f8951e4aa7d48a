"""What the pages work with, and one request to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from workflow.base import dates
from workflow.web.public import pages, uploads
from workflow.web.public.card import Card
from workflow.web.public.limits import WORKED, Buckets, Puzzles, client_of
from workflow.web.public.store import OuterStore

# An hour and client: forms, looks with a wrong code, megabytes of papers.
SUBMISSIONS, LOOKS, PAPERS = 60, 60, 300


@dataclass
class Outer:
    """What the pages work with: the outer database, the office's card, the address, the limits, the clock."""

    store: OuterStore
    card: Card
    address: str
    submissions: Buckets = field(default_factory=lambda: Buckets(SUBMISSIONS))
    looks: Buckets = field(default_factory=lambda: Buckets(LOOKS))
    papers: Buckets = field(default_factory=lambda: Buckets(PAPERS))
    puzzles: Puzzles = field(default_factory=Puzzles)
    now: Callable[[], datetime] = dates.now
    # Empty forms that were drawn, by what was asked for; nothing that anybody typed is in them.
    blanks: dict[tuple[str, ...], str] = field(default_factory=dict, repr=False)

    def has_room(self) -> bool:
        """Whether more can be taken; where not, papers whose form was never confirmed make room."""
        if self.store.has_room():
            return True
        self.store.drop_unconfirmed(self.now())
        return self.store.has_room()

    @property
    def organs(self) -> dict[str, str]:
        """The organs that can be addressed here."""
        return {one.key: one.name for one in self.card.organs}


@dataclass
class Asked:
    """One request: who, in which language, with which form."""

    outer: Outer
    request: Request
    lang: str
    form: FormData

    @property
    def client(self) -> str:
        """By what a client is told from others; it is not kept."""
        return client_of(self.request.client.host) if self.request.client else "-"

    def text(self, name: str) -> str:
        """A text of the form."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self) -> dict[str, str]:
        """All texts of the form, the last of each name."""
        return {name: value for name, value in self.form.items() if isinstance(value, str)}

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field that hold something or bear a name."""
        return [one for one in self.form.getlist(name) if isinstance(one, UploadFile) and one.filename]

    def page(self, template: str, path: str = "/", **values: Any) -> Response:
        """A page in the language of the request."""
        return pages.page(self.outer.card, self.lang, template, path, **values)

    def refused(self, why: str, status: int, **params: Any) -> Response:
        """A page that says why it cannot be done now."""
        text = pages.word(f"refused.{why}", self.lang, **params)
        title = pages.word("refused.title", self.lang)
        return pages.told(self.outer.card, self.lang, title, text, status)

    def may_hand_in(self, size: int) -> bool:
        """Whether this client may hand in a paper of so many bytes more."""
        return self.outer.papers.take(self.client, cost=size / uploads.MEGABYTE)

    def may_submit(self, *, use: bool) -> bool:
        """Whether this client may send another form; who did a proof of work may more."""
        worked = self.outer.puzzles.solved(self.text("work"), use=use)
        return self.outer.submissions.take(self.client, WORKED if worked else 1)
