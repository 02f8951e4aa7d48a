"""Takes the pictures of the public pages in docs/pictures: a made-up office, and a real browser in Chinese.

python scripts/web_pictures.py            take them
python scripts/web_pictures.py --check    fail if a document names a picture that is not there, or the
                                          other way round, or one is too large

The office, the application and the day are always the same; the applicant's code is not. Needs chromium
(Debian: apt install chromium).
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
DOCUMENTS = (ROOT / "docs" / "web.md", ROOT / "docs" / "web.zh-CN.md")
LARGEST, MOST = 60_000, 24
WIDTH, HEIGHT = 820, 1100
COLOURS = (24, 12, 8)
TODAY = date(2026, 9, 1)
COUNTER, SITE = "https://yigk.example.gov.cn", "https://example.gov.cn/gk"
_NAMED = re.compile(r"\]\(pictures/([^)]+)\)")


@contextmanager
def office(folder: Path) -> Iterator[Any]:
    """A made-up office in a folder, with both addresses and some released cases."""
    from tests import builders
    from workflow.drafting import precedent_book, precedent_files
    from workflow.office import founding
    from workflow.storage.database import Store

    url = f"sqlite:///{folder / 'office.db'}"
    empty = Store(url)
    founding.migrate(empty)
    empty.close()
    addresses = {"counter_address": COUNTER, "site_address": SITE}
    place = builders.found(url, today=TODAY, channels=["in_person", "post", "online"], **addresses)
    for path in sorted((ROOT / "tests" / "precedents").glob("*.toml"))[:12]:
        for one in precedent_files.bring(place.desk("handler"), path)[0]:
            precedent_book.release(place.desk("head"), str(one.no))
    try:
        yield place
    finally:
        place.store.close()


def taken(page: Any) -> bytes:
    """What the browser shows, down to the end of the page or the height of a picture, in few colours."""
    from PIL import Image

    whole = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = whole.crop((0, 0, whole.width, min(whole.height, HEIGHT)))
    for colours in COLOURS:
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def at_the_counter(page: Any, base: str, exchanged: Callable[[], None], keep: Callable[[str], None]) -> None:
    """The way of an application: each page on it."""
    from tests.web.site import FILLED

    page.goto(base)
    keep("home")
    page.goto(f"{base}/organs?find=低保")
    keep("organs")
    page.goto(f"{base}/apply?kind=natural_person")
    for name, value in FILLED.items():
        field = page.locator(f"[name={name}]")
        if field.count() and field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif name != "kind":
            field.fill(value)
    keep("form")
    page.locator("form button[type=submit]").last.click()
    keep("preview")
    page.locator("form[action$='/apply'] button").first.click()
    keep("receipt")
    code = page.locator(".code").inner_text()
    exchanged()
    page.goto(f"{base}/s/{code}")
    page.locator("summary").first.click()
    keep("status")
    acts(page, base, code, ("paper", "withdraw"), keep)


def acts(page: Any, base: str, code: str, names: Sequence[str], keep: Callable[[str], None]) -> None:
    """The pages of acts that a code has open."""
    for name in names:
        page.goto(f"{base}/s/{code}")
        page.locator(f"form:has([name=act][value={name}]) button").click()
        keep(f"act-{name}")


def later(place: Any, number: str) -> dict[str, tuple[str, ...]]:
    """What happens to the application and to others: codes, each with the acts that it has open then."""
    from workflow.casework import case_codes

    desk = place.desk("handler")
    place.act(
        "registrar",
        "ask_correction",
        number,
        TODAY,
        matters="请明确年度；请提供身份证明",
        answer_by="2026-09-20",
    )
    asked = place.bring("in_hand", on=date(2026, 8, 20))
    place.act("handler", "consult_third_party", asked, date(2026, 8, 25), name="江州市某某建设有限公司")
    replied = place.bring("served", on=date(2026, 8, 3))
    return {
        case_codes.give(desk, number): ("correct",),
        case_codes.give(desk, asked, 1): ("opinion",),
        case_codes.give(desk, replied): ("publish", "rate"),
    }


def on_the_board(folder: Path, page: Any, keep: Callable[[str], None]) -> None:
    """The board of a government with two organs."""
    from tests.government import founded
    from tests.web import browser
    from workflow.office import founding
    from workflow.office.seat import Seat
    from workflow.storage.database import Store
    from workflow.web.board import app

    empty = Store(f"sqlite:///{folder / 'board.db'}")
    founding.migrate(empty)
    empty.close()
    places = founded(f"sqlite:///{folder / 'board.db'}")
    above = places[0]
    seat = Seat(above.store, "head", above.key, now=above.now, today=lambda: above.today)
    with browser.served(app.make(lambda: seat, "x")) as base:
        for what, path in (
            ("board", "?from=2026-01-01&to=2026-08-31"),
            ("board-organ", "organ/wj?from=2026-01-01&to=2026-08-31"),
            ("board-list", "list/wj/received?from=2026-01-01&to=2026-08-31"),
            ("board-months", "months?figure=received&month=2026-08&back=5"),
            ("board-assess", "assess?month=2026-03"),
        ):
            page.goto(f"{base}/x/{path}")
            keep(what)
    for place in places:
        place.store.close()


def paper(pdf: bytes) -> bytes:
    """A sheet of paper as a picture."""
    import pypdfium2
    from PIL import Image

    sheet = pypdfium2.PdfDocument(pdf)[0].render(scale=1.2).to_pil()
    out = io.BytesIO()
    sheet.quantize(COLOURS[-1], dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def pictures() -> dict[str, bytes]:
    """Every picture by the name of its file."""
    from tests.web import browser, site
    from workflow.web import collect, publish
    from workflow.web.public import app, card
    from workflow.web.site import build

    found: dict[str, bytes] = {}
    numbers: list[str] = []
    below = (card.Organ("qmz", "江州市姑江区民政局", ("姑江区",), ("低保", "婚姻登记")),)
    with tempfile.TemporaryDirectory() as name, office(Path(name)) as place:
        folder, desk = Path(name), place.desk("registrar")
        with (
            site.opened(f"sqlite:///{folder / 'outer.db'}", below=below, pages=SITE) as outside,
            browser.served(app.make(outside.outer)) as base,
            browser.chromium() as chromium,
        ):
            outside.outer.address = COUNTER
            page = chromium.new_context(locale="zh-CN", viewport={"width": WIDTH, "height": 600}).new_page()

            def keep(what: str) -> None:
                found[f"web-{what}.png"] = taken(page)

            def exchanged() -> None:
                made = collect.collect(desk, outside.outer.store, outside.keys)
                numbers.append(made.taken[0][2])
                place.act("registrar", "register", numbers[0], TODAY)
                publish.publish(desk, outside.outer.store, outside.keys)

            at_the_counter(page, base, exchanged, keep)
            opened = later(place, numbers[0])
            publish.publish(desk, outside.outer.store, outside.keys)
            for code, names in opened.items():
                acts(page, base, code, names, keep)
            code = next(iter(opened))
            found["web-receipt-paper.png"] = paper(
                outside.browser.post("/receipt", data={"code": code}).content
            )
            on_the_board(folder, page, keep)
            build.write(desk, folder / "site")
            for what in ("index", "deadline", "cases"):
                page.goto((folder / "site" / f"{what}.html").as_uri())
                keep(f"site-{what}")
    return found


def faults() -> list[str]:
    """What is not as it should be of the pictures that are there."""
    there = {path.name: path.stat().st_size for path in FOLDER.glob("web-*.png")}
    wrong = [f"{name}: {size} bytes" for name, size in there.items() if size > LARGEST]
    if len(there) > MOST:
        wrong.append(f"{len(there)} pictures")
    for document in DOCUMENTS:
        named = set(_NAMED.findall(document.read_text(encoding="utf-8")))
        wrong += [f"{document.name}: {name}" for name in sorted(named ^ there.keys())]
    return wrong


def main() -> None:
    """Take the pictures, or look at those that are there."""
    if "--check" not in sys.argv[1:]:
        sys.path.insert(0, str(ROOT))
        with tempfile.TemporaryDirectory() as home:
            for name in [name for name in os.environ if name.startswith("DISCLOSURE_")]:
                del os.environ[name]
            os.environ |= {"DISCLOSURE_HOME": home, "DISCLOSURE_SERVICE": "off", "DISCLOSURE_LANG": "zh_CN"}
            made = pictures()
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob("web-*.png"):
            old.unlink()
        for name, data in made.items():
            (FOLDER / name).write_bytes(data)
            print(f"wrote docs/pictures/{name}: {len(data)} bytes")
    wrong = faults()
    for one in wrong:
        print(f"pictures: {one}", file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
