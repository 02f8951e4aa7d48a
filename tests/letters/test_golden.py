"""Pages as pictures: what a letter looks like, compared with what was looked at and found good.

The pictures in tests/golden are small and grey, and are compared block by block with a tolerance: a hair more
or less of ink passes, a line that moved does not. After a change that is meant: python -m
tests.letters.test_golden, and look at them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from letters.fonts import faces as font_faces
from letters.pdf import render
from workflow.drafting import specimen_files

HERE = Path(__file__).parent.parent / "golden"
FACES = HERE / "faces.json"
DPI = 48
BLOCK = 6
"""Pixels (3 mm) of a block whose mean grey is compared."""
TOLERANCE = 26
"""Greatest difference of a block's mean grey (of 255): a stroke more is some 10, a character that is not
there 50.
"""
ON = date(2026, 5, 20)

PAGES: dict[str, tuple[dict[str, Any], bool]] = {
    "D3-letter": ({"code": "D3", "ground": "trade_secret", "served_by": "online"}, False),
    "D3-ordinary": ({"code": "D3", "ground": "trade_secret", "page": "ordinary"}, False),
    "D4a-draft": ({"code": "D4a"}, True),
    "P2": ({"code": "P2"}, False),
    "P12-letter": ({"code": "P12"}, False),
    "P13": ({"code": "P13"}, False),
}


def pictures(name: str) -> Iterator[np.ndarray[Any, Any]]:
    """The pages of a specimen as arrays of grey."""
    import pypdfium2

    choices, draft = PAGES[name]
    pdf = pypdfium2.PdfDocument(render.pdf(specimen_files.composed(**choices, on=ON), draft=draft))
    for page in pdf:
        yield np.asarray(page.render(scale=DPI / 72, grayscale=True).to_pil())
    pdf.close()


def difference(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """The greatest difference between blocks of two pictures of the same size."""
    if one.shape != other.shape:
        return 255.0
    height, width = (size // BLOCK * BLOCK for size in one.shape)
    apart = one[:height, :width].astype(float) - other[:height, :width].astype(float)
    blocks = apart.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK).mean(axis=(1, 3))
    return float(np.abs(blocks).max())


def faces() -> dict[str, str]:
    """The face of each role on this machine."""
    return {name: role.families[0] for name, role in sorted(font_faces.roles().items())}


def kept(name: str) -> list[Path]:
    return sorted(HERE.glob(f"{name}-[0-9].png"))


@pytest.mark.parametrize("name", PAGES)
def test_the_page_looks_as_it_did(name: str) -> None:
    if faces() != json.loads(FACES.read_text(encoding="utf-8")):
        pytest.skip("other faces are installed here than those of the pictures")
    made = list(pictures(name))
    assert len(made) == len(kept(name))
    for picture, path in zip(made, kept(name), strict=True):
        with Image.open(path) as golden:
            assert difference(picture, np.asarray(golden)) < TOLERANCE, path.name


def test_a_line_that_moved_is_seen() -> None:
    """The tolerance does not hide faults: a page moved by 1.5 mm, or without its number, differs."""
    with Image.open(kept("D3-letter")[0]) as golden:
        page = np.asarray(golden)
    assert difference(page, page) == 0
    assert difference(page, np.roll(page, 3, axis=0)) > TOLERANCE
    erased = page.copy()
    top, bottom = int(52 / 25.4 * DPI), int(62 / 25.4 * DPI)
    erased[top:bottom, page.shape[1] // 2 :] = 255
    assert difference(page, erased) > TOLERANCE


def make() -> None:
    """Draw the pictures anew."""
    HERE.mkdir(exist_ok=True)
    for path in HERE.glob("*.png"):
        path.unlink()
    for name in PAGES:
        for place, picture in enumerate(pictures(name), 1):
            # Sixteen shades of grey suffice for the comparison, at a third of the size.
            shades = (np.round(picture / 17) * 17).astype(np.uint8)
            Image.fromarray(shades).save(HERE / f"{name}-{place}.png", optimize=True)
    FACES.write_text(json.dumps(faces(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    make()
