"""Read the texts of the instruments into the tables of their articles: structure and hashed words, never the
text.

    python scripts/articles.py FOLDER            say where tables and texts differ; exit 1
    python scripts/articles.py FOLDER --write    write articles/KEY.toml and words/KEY.toml

FOLDER holds the texts as Markdown, one article a paragraph that begins with 第…条. TEXTS says which file is
which instrument; a text that was read in part only gives the words of its whole articles and leaves the
structure alone.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from workflow.law import words

ROOT = Path(__file__).resolve().parents[1] / "workflow" / "law"

# instrument: (files without their endings, whether all its articles are in them)
TEXTS = {
    "all2014": (["litigation-law-2017"], True),
    "archives-impl2024": (["archives-implementing-2024"], True),
    "archives2020": (["archives-law-2020"], True),
    "arl-impl2007": (["reconsideration-implementing-2007"], True),
    "arl-impl2026": (["reconsideration-implementing-2026"], True),
    "arl1999": (["reconsideration-law-2017"], True),
    "arl2023": (["reconsideration-law-2023"], True),
    "civil2020": (["civil-code-general-2020", "civil-code-final-2020"], False),
    "civproc2023": (["civil-procedure-law-2023"], True),
    "esign2019": (["electronic-signature-law-2019"], True),
    "fee2020": (["fee-measures-2020.partial"], False),
    "holidays2013": (["public-holidays-2013"], True),
    "holidays2024": (["public-holidays-2024"], True),
    "ogi2019": (["ogi-regulations-2019"], True),
    "post2015": (["postal-law-2015"], True),
    "recon2021": (["recon-guidance-2021.partial"], False),
    "secrets-impl2024": (["secrets-implementing-2024"], True),
    "secrets2024": (["secrets-law-2024"], True),
    "spc2011": (["spc-ogi-2011"], True),
    "spc2015": (["spc-litigation-2015"], True),
    "spc2018": (["spc-litigation-2018"], True),
    "spc2021": (["spc-defendant-2021"], True),
    "spc2025": (["spc-ogi-2025"], True),
    "spc2026": (["spc-time-limits-2026"], True),
}
LEGEND = """\
# article = items of each of its paragraphs: 36 = [7] is one paragraph with seven items, 33 = [0, 0, 0] three
# paragraphs without items; "?" is an article whose paragraphs are not verified, to be cited only as a whole.
"""
WORDS = """\
# The words of {key}, hashed: a quotation can be checked against them, and the text cannot be read from them.
# Written by scripts/articles.py from the text; workflow/law/words.py says how. First the hash of the whole article,
# then one string a paragraph: the hash of each clause in order, " / " before each item.

"""


def texts(folder: Path, key: str) -> dict[str, words.Paragraphs]:
    """The articles of an instrument, whole ones only."""
    found: dict[str, words.Paragraphs] = {}
    for name in TEXTS[key][0]:
        found |= words.articles((folder / f"{name}.zh.md").read_text(encoding="utf-8"))
    return found


def structure(key: str, found: dict[str, words.Paragraphs]) -> str:
    """The table of articles: of a text read in part, with what the table knew of the other articles."""
    path, whole = ROOT / "articles" / f"{key}.toml", TEXTS[key][1]
    known = tomllib.loads(path.read_text(encoding="utf-8"))["articles"] if path.exists() else {}
    rows = {article: [len(items) for _, items in paragraphs] for article, paragraphs in found.items()}
    rows = rows if whole else known | rows
    said = f"all {len(rows)} articles" if whole else "the articles that were read, and those cited here"
    lines = [f"{article} = {_items(rows[article])}" for article in sorted(rows, key=int)]
    head = f"# The structure of {key}: {said}.\n{LEGEND}\ncomplete = {str(whole).lower()}\n\n[articles]\n"
    return head + "\n".join(lines) + "\n"


def _items(counts: list[int] | str) -> str:
    return f'"{counts}"' if isinstance(counts, str) else str(counts)


def hashed(key: str, found: dict[str, words.Paragraphs]) -> str:
    """The table of hashed words."""
    lines = []
    for article in sorted(found, key=int):
        whole, paragraphs = words.hashed(key, found[article])
        quoted = ",\n".join(f'  "{row}"' for row in (whole, *paragraphs))
        lines.append(f"{article} = [\n{quoted},\n]")
    return WORDS.format(key=key) + "[articles]\n" + "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Compare the tables with the texts of a folder, or write them."""
    if not arguments or not Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    folder, stale = Path(arguments[0]), []
    for key in TEXTS:
        found = texts(folder, key)
        for place, made in (("articles", structure(key, found)), ("words", hashed(key, found))):
            path = ROOT / place / f"{key}.toml"
            if path.exists() and path.read_text(encoding="utf-8") == made:
                continue
            stale.append(path)
            if "--write" in arguments:
                path.parent.mkdir(exist_ok=True)
                path.write_text(made, encoding="utf-8")
    for path in stale:
        print(("written: " if "--write" in arguments else "differs: ") + path.name + f" ({path.parent.name})")
    return int(bool(stale) and "--write" not in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
