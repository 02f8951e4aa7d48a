"""A fontconfig set-up that knows the faces of the letters and no other.

A letter must not depend on what else is installed or on a user's own font rules: the chosen faces are linked
into a folder of their own, with a configuration and a cache of its own, and fontconfig is pointed to it while
the renderer loads its fonts. So a missing character is missing, and is never silently taken from a strange
face.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from html import escape as _escape
from pathlib import Path

from letters.fonts import faces
from workflow.base import places

# In the text of an element; the module of XML that has this loads much besides.
escape = partial(_escape, quote=False)
_HEAD = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'


def _rule(link: str, face: faces.Face) -> str:
    """What fontconfig is told about one face: one name in every language, its weight, what not to take from
    it.

    A face with a Chinese name beside its English one would otherwise stand in the PDF under the name that the
    user's language prefers, and the same letter would come out in two ways.
    """
    name = next(
        family
        for family in face.families
        if family in faces.allowed()
        and face in (faces.find(family, bold=False), faces.find(family, bold=True))
    )
    edits = [
        f'<edit name="family" mode="assign"><string>{escape(name)}</string></edit>',
        '<edit name="familylang" mode="assign"><string>en</string></edit>',
        f'<edit name="weight" mode="assign"><const>{"bold" if face.bold else "regular"}</const></edit>',
    ]
    ranges = faces.avoided(face)
    if ranges:
        spans = "".join(f"<range><int>{first}</int><int>{last}</int></range>" for first, last in ranges)
        edits.append(
            '<edit name="charset" mode="assign"><minus><name>charset</name>'
            f"<charset>{spans}</charset></minus></edit>"
        )
    test = f'<test name="file" compare="eq"><string>{escape(link)}</string></test>'
    return f'<match target="scan">{test}{"".join(edits)}</match>'


def _configuration(folder: Path, links: dict[str, faces.Face]) -> str:
    allowed = faces.allowed()
    parts = [
        f"<dir>{escape(str(folder / 'faces'))}</dir>",
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir>",
    ]
    for link, face in links.items():
        parts.append(_rule(str(folder / "faces" / link), face))
    # A collection (.ttc) contains the faces of other countries: exclude them.
    for other in faces.installed():
        if other.file in {face.file for face in links.values()} and not allowed & set(other.families):
            family = escape(other.families[0])
            parts.append(
                f'<selectfont><rejectfont><pattern><patelt name="family"><string>{family}</string></patelt>'
                "</pattern></rejectfont></selectfont>"
            )
    return _HEAD + "<fontconfig>\n" + "\n".join(parts) + "\n</fontconfig>\n"


def _build(base: Path) -> Path:
    links: dict[str, faces.Face] = {}
    stamp = hashlib.sha256(repr(faces.table()).encode() + Path(__file__).read_bytes())
    for face in faces.faces():
        status = os.stat(face.file)
        stamp.update(f"{face}|{status.st_size}|{status.st_mtime_ns}".encode())
        # The order of the names is the order in which equal faces are preferred.
        links.setdefault(f"{len(links):02d}-{os.path.basename(face.file)}", face)
    folder = base / stamp.hexdigest()[:16]
    config = folder / "fonts.conf"
    if config.exists():
        return config
    (folder / "faces").mkdir(parents=True, exist_ok=True)
    (folder / "cache").mkdir(exist_ok=True)
    for link, face in links.items():
        with contextlib.suppress(FileExistsError):
            os.symlink(face.file, folder / "faces" / link)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".new")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(_configuration(folder, links))
    os.replace(name, config)
    return config


@cache
def configuration() -> Path:
    """The configuration file, made when it is not there; in a temporary folder when the user's cache is
    read-only.
    """
    try:
        return _build(Path(places.cache("fonts")))
    except OSError:
        return _build(Path(_temporary().name))


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="disclosure-fonts-")


@contextlib.contextmanager
def only_these() -> Iterator[None]:
    """Inside this block fontconfig loads our configuration in this process."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(configuration())
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
