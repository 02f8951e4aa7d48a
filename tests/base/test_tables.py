"""Tables are read once, remembered exactly, and never remembered wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.base import tables
from workflow.base.errors import Malformed, NotFound


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "disclosure" / "tables"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_dates_come_as_iso_strings_at_any_depth(tmp_path: Path) -> None:
    path = write(tmp_path, "a.toml", "day = 2026-05-20\n[[row]]\ndays = [2026-01-01, 2026-01-02]\n")
    assert tables.read_uncached(path) == {
        "day": "2026-05-20",
        "row": [{"days": ["2026-01-01", "2026-01-02"]}],
    }


def test_what_is_remembered_is_used_without_parsing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "a.toml", "x = 1\n")
    assert tables.read_uncached(path) == {"x": 1}
    monkeypatch.setattr(tables, "parse", lambda text, name: pytest.fail("parsed again"))
    assert tables.read_uncached(path) == {"x": 1}


def test_a_change_of_one_byte_is_seen_even_with_the_same_size_and_time(tmp_path: Path) -> None:
    import os

    path = write(tmp_path, "a.toml", "x = 1\n")
    before = path.stat()
    tables.read_uncached(path)
    path.write_text("x = 2\n", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert tables.read_uncached(path) == {"x": 2}


@pytest.mark.parametrize("damage", [b"", b"rubbish", None])
def test_a_damaged_memory_is_made_again(tmp_path: Path, own_cache: Path, damage: bytes | None) -> None:
    path = write(tmp_path, "a.toml", "x = 1\n")
    tables.read_uncached(path)
    (kept,) = own_cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:-3] if damage is None else damage)
    assert tables.read_uncached(path) == {"x": 1}
    assert tables.read_uncached(path) == {"x": 1}


def test_a_memory_in_which_any_byte_is_damaged_is_made_again(tmp_path: Path, own_cache: Path) -> None:
    path = write(tmp_path, "a.toml", "x = 1\n")
    tables.read_uncached(path)
    (kept,) = own_cache.iterdir()
    whole = kept.read_bytes()
    for at in range(len(whole)):
        kept.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert tables.read_uncached(path) == {"x": 1}
        assert kept.read_bytes() == whole


def test_a_part_kept_whole_by_another_version_is_not_taken_for_one_kept_entry_by_entry(
    tmp_path: Path,
) -> None:
    paths = [write(tmp_path, "a.toml", "x = 1\n")]

    def made(_: dict[str, bytes]) -> tables.Table:
        return {"acts": {"file": 1, "extend": 2}}

    assert tables.kept_apart(paths, made)["acts"] == {"file": 1, "extend": 2}
    assert tables.kept_apart(paths, made, by_entry=("acts",)).entry("acts", "extend") == 2


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = write(tmp_path, "file", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert tables.read_uncached(write(tmp_path, "a.toml", "x = 1\n")) == {"x": 1}


def test_gather_checks_before_it_remembers(tmp_path: Path, own_cache: Path) -> None:
    paths = [write(tmp_path, "a.toml", "x = 1\n"), write(tmp_path, "b.toml", "y = 2\n")]

    def refuse(found: dict[str, tables.Table]) -> None:
        raise Malformed("no")

    for _ in range(2):
        with pytest.raises(Malformed):
            tables.gather(paths, refuse)
    seen: list[dict[str, tables.Table]] = []
    assert tables.gather(paths, seen.append) == {"a": {"x": 1}, "b": {"y": 2}}
    assert tables.gather(paths, seen.append) == {"a": {"x": 1}, "b": {"y": 2}}
    assert len(seen) == 1, "what is remembered has been checked once"


@pytest.mark.parametrize(
    ("raw", "error"),
    [(b"x = \n", Malformed), (b"x = 1\nx = 2\n", Malformed), (b"\xff\xfe", Malformed)],
    ids=["no value", "twice", "no UTF-8"],
)
def test_what_is_no_table_is_refused_with_its_name(
    tmp_path: Path, raw: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(raw)
    with pytest.raises(error) as caught:
        tables.read_uncached(path)
    assert caught.value.params["name"] == "bad.toml"  # type: ignore[attr-defined]


def test_a_missing_table_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        tables.read_uncached(tmp_path / "none.toml")


@pytest.mark.parametrize(
    "text",
    [
        "." + "a." * 50_000 + "a=1",
        "x={" + "a." * 50_000 + "b=1}",
        "[" + "a." * 30_000 + "b]",
        "\n".join(f"{'a.' * 12}k{n}=1" for n in range(3000)),
    ],
    ids=["name", "inline", "heading", "many"],
)
def test_names_within_names_without_end_are_refused_at_once(text: str) -> None:
    with pytest.raises(Malformed):
        tables.parse(text, "a.toml")


def test_dots_within_texts_are_text() -> None:
    assert tables.parse(f"k = '{'a.' * 1000}'\n", "a.toml") == {"k": "a." * 1000}


def test_what_a_person_names_is_a_file_of_bounded_size(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(Malformed):
            tables.text_of(path)
    with (tmp_path / "large").open("wb") as out:
        out.truncate(tables.LARGEST_TEXT + 1)
    with pytest.raises(Malformed):
        tables.text_of(tmp_path / "large")
