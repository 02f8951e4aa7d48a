"""Checks that every document for officers and administrators exists in Chinese and in English, and that both
say the same: headings, commands, code, tables and links.

    python scripts/languages.py            what is wrong, and exit status 1
    python scripts/languages.py --list     which documents there are, and for whom

NAME.md is English, NAME.zh-CN.md Chinese. Words are not compared, structure is: what a machine would read
must be the same in both, what a person reads is in his language. A command under either of its names, and a
value under a name of its code, are the same (typed_in_chinese.py).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# As a script only its own folder is looked in.
sys.path.insert(0, str(ROOT))

from scripts import typed_in_chinese  # noqa: E402

DOCS = ROOT / "docs"
OFFICER, ADMINISTRATOR, LAWYER = "officer", "administrator", "lawyer"
# Who reads a document. Each is there in both languages.
PAIRS = {
    "alerts": (OFFICER, ADMINISTRATOR),
    "annual-report": (OFFICER,),
    "archive": (OFFICER, ADMINISTRATOR),
    "board": (OFFICER, ADMINISTRATOR),
    "bulk": (ADMINISTRATOR,),
    "commands": (OFFICER, ADMINISTRATOR),
    "compliance": (OFFICER, LAWYER),
    "evidence": (ADMINISTRATOR, LAWYER),
    "intake": (OFFICER,),
    "library": (OFFICER,),
    "law": (LAWYER,),
    "letters": (OFFICER, LAWYER),
    "office": (ADMINISTRATOR,),
    "operations": (ADMINISTRATOR,),
    "posting": (OFFICER,),
    "register": (OFFICER,),
    "screens": (OFFICER,),
    "security": (ADMINISTRATOR,),
    "tutorial": (OFFICER,),
    "web": (ADMINISTRATOR,),
}
# At the root, for everybody.
ROOTED = {"README": (OFFICER, ADMINISTRATOR, LAWYER)}
# In Chinese alone, with the reason.
CHINESE = {
    "handbook": "for officers at work: the README, the tutorial and the other documents say it in both languages"
}
# Other files that are read in Chinese.
CHINESE_FILES = ("office.sample.toml",)
# Documents of one text, each with the reason.
SINGLE = {
    "architecture": "for developers",
    "performance": "for developers: how fast the program is, and how that is measured",
    "mutants": "for developers: which small changes of the program no test finds",
    "glossary": "a table in both languages",
}
# Written by a script in each language from the same source: only headings are compared.
GENERATED = frozenset({"commands", "screens"})
_FENCE = re.compile(r"^(?P<mark>```+)\s*(?P<lang>\S*)\s*$")
_HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?P<text>.+)$")
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
# A document that is named: by a link, or in the words of a file.
_PAGE = re.compile(r"(?:\]\(|(?<=[见\s]))(?P<page>[A-Za-z0-9./_-]+\.md)(?=[#)。；，\s]|$)")
# So many characters beside it may say that it is English.
_NEAR = 24
_COMMENT = re.compile(r"(^|\s)(#|--(?=\s)|//).*$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PLACE = re.compile(r"[A-Z]+(\.\.[A-Z]+)?")
# Of a section so much may be left in Latin letters before it counts as not translated.
_LEAST_HAN = 0.2


@dataclass
class Section:
    """What stands under one heading."""

    level: int
    title: str
    line: int
    code: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    spans: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    words: str = ""


def sections(text: str) -> list[Section]:
    """A document section by section."""
    found = [Section(0, "", 1)]
    fence = ""
    lines: list[str] = []
    words: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["mark"] == fence:
                found[-1].code[-1] = (found[-1].code[-1][0], tuple(_code(lines, found[-1].code[-1][0])))
                fence = ""
            else:
                lines.append(line)
            continue
        if mark:
            fence, lines = mark["mark"], []
            found[-1].code.append((mark["lang"], ()))
            continue
        heading = _HEADING.match(line)
        if heading:
            _close(found[-1], words)
            words = []
            found.append(Section(len(heading["level"]), heading["text"], number))
        words.append(line)
    _close(found[-1], words)
    return found


def _close(section: Section, lines: list[str]) -> None:
    text = "\n".join(lines)
    section.spans = {one for span in _SPAN.findall(text) if (one := _typed(span))}
    section.links = sorted(_LINK.findall(text))
    section.columns = [line.count("|") - line.count("\\|") for line in lines if line.startswith("|")]
    section.words = re.sub(r"\s|[|:*-]", "", _LINK.sub("", _SPAN.sub("", text)))


def _typed(span: str) -> str:
    """What a person would type of a span, without what stands for a value (CASE, 登记编号); it may be broken
    over two lines."""
    typed = typed_in_chinese.in_english(" ".join(span.split()))
    return " ".join(word for word in typed.split() if not _PLACE.fullmatch(word) and not _HAN.search(word))


def _code(lines: list[str], language: str) -> Iterator[str]:
    """The lines of a block without comments (in the reader's language); of a session what is typed."""
    for line in lines:
        if language == "console" and not line.startswith("$"):
            continue
        kept = _COMMENT.sub("", line).rstrip()
        if kept:
            yield " ".join(kept.split())


def compare(name: str, english: str, chinese: str, folder: str = "docs/") -> Iterator[str]:
    """What is not the same in the two texts of a document."""
    ours, theirs = sections(english), sections(chinese)
    levels = [[one.level for one in part] for part in (ours, theirs)]
    if levels[0] != levels[1]:
        yield from _headings(f"{folder}{name}", ours, theirs)
        return
    for one, other in zip(ours, theirs, strict=True):
        where = (
            f"{folder}{name}.zh-CN.md:{other.line}: '{other.title or name}' ({folder}{name}.md:{one.line})"
        )
        if name in GENERATED:
            continue
        if other.title and not _HAN.search(other.title) and not _SPAN.search(other.title):
            yield f"{where}: the heading is not in Chinese"
        yield from _within(where, one, other)


def _headings(name: str, ours: list[Section], theirs: list[Section]) -> Iterator[str]:
    for one, other in zip(ours, theirs, strict=False):
        if one.level != other.level:
            yield (
                f"{name}.zh-CN.md:{other.line}: '{other.title}' stands where {name}.md:{one.line} "
                f"has '{'#' * one.level} {one.title}'"
            )
            return
    longer, file = (ours, f"{name}.md") if len(ours) > len(theirs) else (theirs, f"{name}.zh-CN.md")
    extra = longer[min(len(ours), len(theirs))]
    yield f"{file}:{extra.line}: '{extra.title}' has no counterpart in the other language"


def _within(where: str, one: Section, other: Section) -> Iterator[str]:
    for (lang, ours), (tongue, theirs) in zip(one.code, other.code, strict=False):
        if lang != tongue:
            yield f"{where}: a block of {lang or 'text'} is one of {tongue or 'text'}"
        alike = len(ours) == len(theirs) and all(map(typed_in_chinese.same, ours, theirs))
        for line in () if alike else set(ours) ^ set(theirs):
            yield f"{where}: a line of code is in one language only: {line}"
    if len(one.code) != len(other.code):
        yield f"{where}: {len(one.code)} blocks of code in English, {len(other.code)} in Chinese"
    for span in sorted(one.spans ^ other.spans):
        yield f"{where}: `{span}` is in {'English' if span in one.spans else 'Chinese'} only"
    if [_target(link) for link in one.links] != [_target(link) for link in other.links]:
        yield f"{where}: links differ: {one.links} and {other.links}"
    if one.columns != other.columns:
        yield f"{where}: tables differ: {len(one.columns)} rows in English, {len(other.columns)} in Chinese"
    han = len(_HAN.findall(other.words))
    if len(other.words) > 40 and han < _LEAST_HAN * len(other.words):
        yield f"{where}: the text is not in Chinese"


def _target(link: str) -> str:
    """A link whatever the language of the document that it leads to."""
    path, _, _anchor = link.partition("#")
    return path.replace(".zh-CN.md", ".md")


def faults() -> Iterator[str]:
    """Everything that is wrong, one a line."""
    there = {
        path.name.removesuffix(".md") for path in DOCS.glob("*.md") if not path.name.endswith(".zh-CN.md")
    }
    for name in sorted(there - set(PAIRS) - set(SINGLE)):
        yield f"docs/{name}.md: say in scripts/languages.py who reads it"
    for name in sorted({*PAIRS, *SINGLE} - there):
        yield f"scripts/languages.py: there is no docs/{name}.md"
    alone = {path.name.removesuffix(".zh-CN.md") for path in DOCS.glob("*.zh-CN.md")} - there
    for name in sorted(alone ^ set(CHINESE)):
        yield f"docs/{name}.zh-CN.md: say in scripts/languages.py why there is no English text, or write it"
    for name in ROOTED:
        ours, theirs = (ROOT / f"{name}{end}" for end in (".md", ".zh-CN.md"))
        yield from compare(name, ours.read_text(encoding="utf-8"), theirs.read_text(encoding="utf-8"), "")
        yield from _reached(f"../{theirs.name}", theirs)
    for name in sorted(set(PAIRS) & there):
        other = DOCS / f"{name}.zh-CN.md"
        if not other.is_file():
            yield f"docs/{name}.md: there is no docs/{name}.zh-CN.md"
            continue
        english = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        yield from compare(name, english, other.read_text(encoding="utf-8"))
        yield from _reached(other.name, other)
    for single in (*(f"{name}.zh-CN.md" for name in CHINESE), *CHINESE_FILES):
        yield from _reached(single, DOCS / single)


def _reached(name: str, page: Path) -> Iterator[str]:
    """A Chinese document leads to Chinese ones; where there is none, it says that the text is English."""
    text = page.read_text(encoding="utf-8")
    for found in _PAGE.finditer(text):
        target = found["page"]
        stem = target.removeprefix("docs/").removesuffix(".md")
        if stem in PAIRS:
            yield f"docs/{name}: {target} is English; write {stem}.zh-CN.md"
        elif not stem.endswith(".zh-CN") and "英文" not in text[found.start() - _NEAR : found.end() + _NEAR]:
            yield f"docs/{name}: {target} is in English alone; say so: （英文）"


def main(arguments: list[str]) -> int:
    """Print what is wrong, or the list."""
    if arguments == ["--list"]:
        for name, readers in PAIRS.items():
            print(f"docs/{name}.md, docs/{name}.zh-CN.md: {', '.join(readers)}")
        for name, why in SINGLE.items():
            print(f"docs/{name}.md: {why}")
        return 0
    wrong = list(faults())
    print(
        "\n".join(wrong)
        or f"languages: {len(PAIRS) + len(ROOTED)} documents say the same in Chinese and English"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
