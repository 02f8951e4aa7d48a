"""`make precedents DIR=FOLDER`: decided cases through the real desk on their real days.

A line a case, and the score: how many acts that a court faulted are refused or warned of, with a provision
that the court relied on, and how many lawful ones are refused. Exit status 0 where at least nine in ten are
caught and none is blocked.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.precedents import cases, score
from benchmarks.precedents.cases import Case

HERE = Path(__file__).resolve().parent.parent.parent
DEFAULT = HERE / "tests" / "precedents"


def drive(listed: list[Case], folder: Path) -> score.Score:
    """All cases, each in a database of its own below the folder."""
    from benchmarks.precedents.replay import replay
    from workflow.office import founding
    from workflow.storage.database import Store

    template = folder / "template.db"
    store = Store(f"sqlite:///{template}")
    founding.migrate(store)
    store.close()
    return score.Score([score.judge(replay(case, folder / "cases", template)) for case in listed])


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="precedents", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT, help="cases as TOML files")
    given = parser.parse_args()
    from workflow.base.errors import DisclosureError

    with tempfile.TemporaryDirectory(prefix="disclosure-precedents-", ignore_cleanup_errors=True) as folder:
        for name in [name for name in os.environ if name.startswith("DISCLOSURE_")]:
            del os.environ[name]
        os.environ.update(DISCLOSURE_HOME=folder, DISCLOSURE_LANG="zh_CN")
        try:
            found = drive(cases.read(given.folder), Path(folder))
        except DisclosureError as fault:
            print(fault.text, file=sys.stderr)
            return fault.exit_code
    for one in found.results:
        print(one.line())
    print(found.line())
    return 0 if found.passed else 1


if __name__ == "__main__":
    sys.exit(main())
