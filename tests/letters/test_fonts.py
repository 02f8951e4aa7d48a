"""Faces: what is found, what is taken from which, and what becomes of their outlines in the PDF."""

from __future__ import annotations

import ctypes.util
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from letters.fonts import coverage, faces, fontconfig
from letters.fonts import subset as font_subset
from letters.pdf import libraries
from workflow.base.errors import Environment

ROOT = Path(__file__).parent.parent.parent
RARE_NAMES = "㛃䶮𬭎𬱖𫖯𫟅𬀩𬘡𣈶𬬭㑇㬎𫍯𬸚𠅤"


# --- what is found


def test_every_role_has_a_face_and_rare_characters_have_one() -> None:
    report = faces.report()
    assert report.complete
    assert set(report.roles) == {"head", "title", "body", "heading1", "heading2", "number", "page"}
    assert report.rare
    assert faces.roles()["title"].bold


def test_the_report_names_the_package_of_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [face for face in faces.installed() if "LXGW WenKai" not in face.families]
    monkeypatch.setattr(faces, "installed", lambda: tuple(there))
    assert faces.report().missing["LXGW WenKai"] == "fonts-lxgw-wenkai"


def test_without_any_face_the_way_on_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    faces.roles.cache_clear()
    monkeypatch.setattr(faces, "installed", tuple)
    try:
        with pytest.raises(Environment) as caught:
            faces.roles()
        assert "scripts/fonts.sh" in str(caught.value.advice)
        assert not faces.report().complete
    finally:
        faces.roles.cache_clear()


def test_an_office_s_own_face_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    own = faces.Face(
        ("仿宋_GB2312", "FangSong_GB2312"), "Regular", False, 0, "/usr/share/fonts/office/simfang.ttf"
    )
    there = faces.installed()
    monkeypatch.setattr(faces, "installed", lambda: (*there, own))
    faces.roles.cache_clear()
    try:
        assert faces.roles()["body"].families[0] == "仿宋_GB2312"
        assert faces.report().licensed == ("FangSong_GB2312", "仿宋_GB2312")
    finally:
        faces.roles.cache_clear()


def _with_table(path: Path, code: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"DISCLOSURE_FONTS": str(path)}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=ROOT, check=False
    )


def test_an_office_s_own_table_of_faces_is_used_before_ours(tmp_path: Path) -> None:
    path = tmp_path / "faces.toml"
    path.write_text('rare = ["HanaMinA"]\n[role]\nbody = ["Not Installed", "FandolKai"]\n', encoding="utf-8")
    code = (
        "import io, pypdf\n"
        "from datetime import date\n"
        "from letters.fonts import faces\n"
        "from letters.pdf import render\n"
        "from workflow.drafting import specimen_files\n"
        "assert faces.roles()['body'].families[0] == 'FandolKai', faces.roles()\n"
        "assert faces.rare()[0] == 'HanaMinA'\n"
        "pdf = render.pdf(specimen_files.composed('D5', on=date(2026, 5, 20)))\n"
        "page = pypdf.PdfReader(io.BytesIO(pdf)).pages[1]\n"
        "print([str(font.get_object()['/BaseFont']) for font in page['/Resources']['/Font'].values()])"
    )
    done = _with_table(path, code)
    assert "FandolKai" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "role = 1",
        "[role]\nbody = 'x'",
        "[role]\nnothing = ['x']",
        "[avoid]\nX = ['zz']",
        "faces = []",
        "rare = [1]",
    ],
)
def test_a_wrong_table_of_faces_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faces.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DISCLOSURE_FONTS", str(tmp_path / "faces.toml"))
    faces.table.cache_clear()
    try:
        with pytest.raises(Environment) as caught:
            faces.table()
        assert "body" in str(caught.value.advice)
    finally:
        faces.table.cache_clear()


def test_fonts_are_reported_without_the_renderer() -> None:
    code = "import sys; from letters.fonts import faces; faces.report(); print(sorted(m for m in sys.modules if m in "
    code += "('weasyprint', 'fontTools', 'jinja2')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_no_face_has_is_found_before_rendering() -> None:
    assert coverage.uncovered(["张三", RARE_NAMES, "“〔2026〕”—…●□"]) == []
    assert coverage.uncovered(["某\U0003134a\ue000某"]) == ["\ue000", "\U0003134a"]


def test_it_is_found_also_where_many_letters_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage._Known, "other", None)
    monkeypatch.setattr(coverage._Known, "asked", 0)
    # Signs that mean something in a pattern, and characters that come one after the other.
    texts = [["^-]\\[a-z", f"张{chr(0x4E00 + number)}", "是"] for number in range(50)]
    for one in texts:
        assert coverage.uncovered(one) == []
        assert coverage.uncovered([*one, "\ue000", "\x01", "\U0003134a"]) == ["\x01", "\ue000", "\U0003134a"]
    assert coverage._Known.other is not None
    assert [coverage.uncovered(one) for one in [[], [""], *texts]] == [[]] * 52


# --- the set-up of our own


def _known_to_fontconfig(pattern: str, config: Path) -> list[str]:
    done = subprocess.run(
        ["fc-list", "--format", "%{file}\t%{weight}\n", pattern],
        capture_output=True,
        text=True,
        check=True,
        env={"FONTCONFIG_FILE": str(config), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
    )
    return done.stdout.splitlines()


def test_the_set_up_knows_our_faces_and_no_other() -> None:
    listed = _known_to_fontconfig(":", fontconfig.configuration())
    assert len(listed) == len(faces.faces())
    assert all(str(fontconfig.configuration().parent) in line for line in listed)


def test_the_bold_title_face_is_bold_in_it() -> None:
    weights = {
        line.split("\t")[1] for line in _known_to_fontconfig(":family=FandolSong", fontconfig.configuration())
    }
    assert weights == {"80", "200"}


@pytest.mark.parametrize("char", "–€¥￥‐")
def test_symbols_that_a_face_draws_wrongly_are_not_taken_from_it(char: str) -> None:
    listed = _known_to_fontconfig(f":family=FandolFang:charset={ord(char):x}", fontconfig.configuration())
    assert listed == []


def test_avoided_characters_are_those_whose_numbers_disagree() -> None:
    """What fonts.toml lists is all that the free faces keep under another number than their collection's."""
    for face in faces.faces():
        avoided = faces.avoided(face)
        if not avoided:
            continue
        font = TTFont(face.file, lazy=True)
        order = {name: place for place, name in enumerate(font.getGlyphOrder())}
        wrong = {
            code
            for code, name in font.getBestCmap().items()
            if name != ".notdef" and int(name[3:]) != order[name]
        }
        left = {code for code in wrong if not any(first <= code <= last for first, last in avoided)}
        assert {code for code in left if code > 0x1F} == set(), face.file


def test_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("FONTCONFIG_FILE", "/somewhere")
    with fontconfig.only_these():
        assert os.environ["FONTCONFIG_FILE"].endswith("fonts.conf")
    assert os.environ["FONTCONFIG_FILE"] == "/somewhere"
    monkeypatch.delenv("FONTCONFIG_FILE")
    with fontconfig.only_these():
        pass
    assert "FONTCONFIG_FILE" not in os.environ


# --- faces written small


def _face(family: str, *, bold: bool = False) -> tuple[bytes, TTFont]:
    face = faces.find(family, bold=bold)
    if face is None or not face.file.endswith(".otf"):
        pytest.skip(f"{family} is not installed")
    return Path(face.file).read_bytes(), TTFont(face.file, lazy=True)


def _glyphs(font: TTFont, text: str) -> list[int]:
    names = font.getBestCmap()
    return [font.getGlyphID(names[ord(char)]) for char in text]


def _outline(charstring: Any) -> list[Any]:
    pen = RecordingPen()
    charstring.draw(pen)
    return list(pen.value)


TEXT = "政府信息公开申请答复书，第三十七条。2026（1）"


def _subset(raw: bytes, font: TTFont, glyphs: list[int]) -> bytes:
    """As the renderer hands a face over: all glyph numbers kept, no subroutines."""
    from fontTools import subset

    options = subset.Options(retain_gids=True, desubroutinize=True, hinting=False, notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(gids=glyphs)
    small = TTFont(io.BytesIO(raw))
    subsetter.subset(small)
    out = io.BytesIO()
    small.save(out)
    return out.getvalue()


@pytest.mark.parametrize("family", ["FandolFang", "FandolSong", "FandolHei", "FandolKai"])
def test_a_face_written_small_has_the_same_outlines_under_the_same_numbers(family: str) -> None:
    raw, font = _face(family)
    glyphs = _glyphs(font, TEXT)
    subset = _subset(raw, font, glyphs)
    small = font_subset.compact(subset, glyphs)
    assert len(small) < len(font_subset.table(subset)) / 1.5
    written = CFFFontSet()
    written.decompile(io.BytesIO(small), None)
    top = written[0]
    assert top.ROS == ("Adobe", "Identity", 0)
    assert top.charset == [".notdef", *(f"cid{glyph:05d}" for glyph in sorted(set(glyphs)))]
    order, outlines_before = font.getGlyphOrder(), font["CFF "].cff[0].CharStrings
    for glyph in glyphs:
        after = top.CharStrings[f"cid{glyph:05d}"]
        assert _outline(after) == _outline(outlines_before[order[glyph]])


@pytest.mark.parametrize("junk", [b"", b"OTTO", b"\x00\x01\x00\x00" + b"\x00" * 40])
def test_a_face_of_another_kind_is_left_alone(junk: bytes) -> None:
    with pytest.raises(font_subset.Unreadable):
        font_subset.compact(junk + b"\x00\x00", [1])


# --- what the renderer needs before its first letter


def test_no_program_is_run_to_find_the_renderer_s_libraries() -> None:
    code = (
        "import ctypes.util, sys\n"
        "run = []\n"
        "sys.addaudithook(lambda event, said: run.append(said[0]) if event == 'subprocess.Popen' else None)\n"
        "find = ctypes.util.find_library\n"
        "from letters.pdf import weasyprint\n"
        "weasyprint._weasyprint()\n"
        "assert ctypes.util.find_library is find\n"
        "print(run)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.strip() == "[]", done.stderr


def test_libraries_are_looked_up_as_ever_where_one_is_not_found_by_its_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find = ctypes.util.find_library
    with libraries.by_file_name():
        assert ctypes.util.find_library("c") is None
    assert ctypes.util.find_library is find
    monkeypatch.setattr(libraries, "FILES", ("libnowhere.so.0",))
    with libraries.by_file_name():
        assert ctypes.util.find_library is find
