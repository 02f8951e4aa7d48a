"""The public site as an applicant uses it: pages fetched in this process, their forms filled in and sent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from starlette.testclient import TestClient

from workflow.web import keys as web_keys
from workflow.web.public import app, card
from workflow.web.public.asking import Outer
from workflow.web.public.limits import Buckets
from workflow.web.public.store import OuterStore

ADDRESS = "http://127.0.0.1:8080"
MORNING = datetime(2026, 9, 1, 1, 30, tzinfo=UTC)
PDF = b"%PDF-1.7\n" + b"1 0 obj\n" * 20 + b"%%EOF\n"
FILLED = {
    "kind": "natural_person",
    "p1_name": "张三",
    "p1_id_number": "320500199001010017",
    "p1_phone": "13800000000",
    "p1_email": "zhang@example.cn",
    "request": "2025年度城东片区征收补偿方案",
    "medium": "electronic",
    "way": "online",
}


@dataclass
class Clock:
    """The hour on the wall of the outer machine."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        """A moment later at each look."""
        self.at += timedelta(milliseconds=1)
        return self.at


@dataclass
class Site:
    """A site with its keys, and a browser on it."""

    outer: Outer
    keys: web_keys.Keys
    clock: Clock
    browser: TestClient = field(repr=False)

    def apply(self, files: Any = None, lang: str = "", **changes: str) -> tuple[str, Any]:
        """Apply as a person does: begin, fill in, look, send. The code, and the page of the receipt."""
        filled = {**FILLED, **changes}
        query = {name: filled[name] for name in ("kind", "persons", "agent") if name in filled}
        begun = self.browser.get(f"{lang}/apply", params=query)
        look = self.browser.post(f"{lang}/preview", data={**hidden(begun.text), **filled}, files=files or {})
        assert look.status_code == 200, look.text
        receipt = self.browser.post(f"{lang}/apply", data=hidden(look.text))
        assert receipt.status_code == 200, receipt.text
        return code_of(receipt.text), receipt

    def act(self, code: str, act: str, files: Any = None, **typed: str) -> Any:
        """Act as an applicant does; the last page."""
        begun = self.browser.post("/act", data={"code": code, "act": act})
        ids_are_one_each(begun.text)
        if begun.status_code != 200:
            return begun
        return self.browser.post("/act/send", data={**hidden(begun.text), **typed}, files=files or {})


def hidden(page: str) -> dict[str, Any]:
    """The hidden fields of a page's form."""
    made: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        made.setdefault(name, []).append(html.unescape(value))
    return {name: values if name == "paper" else values[0] for name, values in made.items()}


def ids_are_one_each(page: str) -> None:
    """Each label and each link within a page leads to the one that it means."""
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
    meant = set(re.findall(r'\b(?:for|aria-describedby|href)="#?([\w-]+)"', page))
    assert {one for one in meant if f'="#{one}"' in page or f'for="{one}"' in page} <= set(ids)


def code_of(page: str) -> str:
    """The code on a receipt."""
    found = re.search(r'class="code">([^<]+)<', page)
    assert found, page
    return found[1]


def card_text(
    keys: web_keys.Keys, name: str = "江州市民政局", below: tuple[card.Organ, ...] = (), pages: str = ""
) -> str:
    """The card of an office, by which the outer side knows it."""
    return card.text(
        "jz",
        name,
        {"address": "江州市滨江大道1号", "telephone": "0512-65550000"},
        [card.Organ("jz", name), *below],
        keys.seal.public_key(),
        keys.sign.public_key(),
        pages,
    )


@contextmanager
def opened(
    url: str,
    keys: web_keys.Keys | None = None,
    name: str = "江州市民政局",
    below: tuple[card.Organ, ...] = (),
    pages: str = "",
) -> Iterator[Site]:
    """A site over an outer database; `pages` is where the office has its public pages."""
    keys = keys or web_keys.Keys(X25519PrivateKey.generate(), Ed25519PrivateKey.generate())
    text = card_text(keys, name, below, pages)
    clock = Clock()
    outer = Outer(OuterStore(url), card.parse(text, "card"), ADDRESS, now=clock)
    outer.submissions = Buckets(10_000)
    with TestClient(app.make(outer), base_url=ADDRESS) as browser:
        yield Site(outer, keys, clock, browser)
    outer.store.close()


def in_folder(folder: Path) -> Any:
    """A site over SQLite in a folder."""
    return opened(f"sqlite:///{folder / 'outer.db'}")
