"""`make city-year REPORT=FILE`: a city's published year through the real engine, and its figures counted
again.

As many applications as the report counts are received, handled and answered, with what was carried over,
every result by its real path and what was brought against the replies; then the annual report of the
resulting database is printed beside the published one. Exit status 0 only if every cell is equal.

  REPORT=FILE               the report (JSON as in docs/annual-report.md, or CSV)
  LETTERS=0                 no PDF is made (letters are composed and put down all the same)
  JOBS=N                    processes that set letters (default: one a core)
  KEEP=FOLDER               keep the database, keys and letters there
  DISCLOSURE_DATABASE_URL   another database than an SQLite file; the office is added to it
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Run as a script, Python would look for modules in this folder first.
if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

UNEQUAL, FAILING = 1, 5


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("report", help="the published report")
    given = parser.parse_args()
    import gc

    from workflow.base.errors import DisclosureError

    # As in the command line: garbage collection serves long-lived objects, of which there are few here.
    gc.set_threshold(50_000, 20, 20)
    try:
        return run(Path(given.report))
    except DisclosureError as fault:
        print(fault.text, file=sys.stderr)
        if fault.advice:
            print(f"  {fault.advice}", file=sys.stderr)
        return fault.exit_code


def run(path: Path) -> int:
    """Read, check, drive, count, compare."""
    from workflow.reports.annual import form, read_file

    report = read_file.read(path)
    faults = list(form.identities(report))
    for fault in faults:
        print(fault.text)
    if faults:
        print(f"{len(faults)} sums of the published report fail: it is not driven.", file=sys.stderr)
        return FAILING
    with _place() as folder:
        from workflow.storage.database import Store

        store = Store()
        print(
            f"{report.unit} {report.year}, {form.form_name(report.form)}: {store.url if folder else 'database of DISCLOSURE_DATABASE_URL'}"
        )
        with _shown() as seen:
            start = time.perf_counter()
            found, told, cases = year(
                report,
                store,
                letters=os.environ.get("LETTERS", "1") != "0",
                seen=seen,
                jobs=int(os.environ["JOBS"]) if os.environ.get("JOBS") else None,
            )
            taken = time.perf_counter() - start
        store.close()
    _summary(told, taken, cases)
    return 0 if _compare(report, found) else UNEQUAL


def year(
    report: Any, store: Any, *, letters: bool, seen: Any = lambda *_: None, jobs: int | None = None
) -> tuple[Any, Any, Any]:
    """The report counted after driving the published one: (report, what it took, the cases)."""
    from benchmarks.city import contests, plan
    from benchmarks.city.drive import City
    from workflow.reports.annual import counts, form

    cases = plan.cases(report)
    contested, earlier = contests.lay(report, cases)
    every = [*cases, *earlier]
    seen("acts", sum(len(case.steps) + 1 for case in every))
    city = City(
        store, f"city-{report.year}", report.unit or "市人民政府", letters=letters, jobs=jobs, seen=seen
    )
    city.drive(every)
    if letters:
        city.press()
    desk = city.desk("fuze-1")
    if not every:
        # Nothing came and nothing was contested: there is nothing to count either.
        return form.empty(desk.office.name, report.year), city.told, {"cases": 0, "earlier": 0, "contests": 0}
    with store.reading() as connection:
        found = counts.count(connection, desk.office.id, desk.office.name, report.year)
    return found, city.told, {"cases": len(cases), "earlier": len(earlier), "contests": len(contested)}


@contextmanager
def _place() -> Any:
    """Where it is kept: the folder that was named, the database that was named, or a folder that goes
    again.
    """
    if os.environ.get("DISCLOSURE_DATABASE_URL"):
        yield None
        return
    keep = os.environ.get("KEEP")
    for name in [name for name in os.environ if name.startswith("DISCLOSURE_")]:
        del os.environ[name]
    if keep:
        folder = Path(keep)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["DISCLOSURE_HOME"] = str(folder.absolute())
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="disclosure-city-") as name:
        os.environ["DISCLOSURE_HOME"] = name
        yield Path(name)


@contextmanager
def _shown() -> Any:
    """Progress on standard error: a bar at a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        ) as bar:
            acts, letters = bar.add_task("acts", total=None), bar.add_task("letters", total=None)

            def step(what: str, number: int) -> None:
                if what == "acts":
                    bar.update(acts, total=number)
                else:
                    bar.advance(acts if what == "act" else letters, number)

            yield step
        return
    done = {"act": 0, "letter": 0, "acts": 0}

    def count(what: str, number: int) -> None:
        done[what] += number
        if what != "acts" and done[what] % 5000 == 0:
            print(f"{done['act']}/{done['acts']} acts, {done['letter']} letters", file=sys.stderr, flush=True)

    yield count


def _summary(told: Any, taken: float, cases: dict[str, int]) -> None:
    print(
        f"\n{cases['cases']} applications, {cases['contests']} remedies ({cases['earlier']} more applications of the year before)"
    )
    print(f"\n{'act':28} {'times':>7} {'ms each':>8} {'s':>7}")
    for name, row in sorted(told.acts.items(), key=lambda one: -one[1].seconds):
        print(f"{name:28} {row.times:7} {1000 * row.seconds / row.times:8.2f} {row.seconds:7.1f}")
    acts = sum(row.times for row in told.acts.values())
    seconds = sum(row.seconds for row in told.acts.values())
    print(f"{'all acts':28} {acts:7} {1000 * seconds / max(1, acts):8.2f} {seconds:7.1f}")
    print(f"\n{'letter':28} {'times':>7}")
    for name, row in sorted(told.composed.items()):
        print(f"{name:28} {row.times:7}")
    if told.letters.times:
        each = 1000 * told.letters.seconds / told.letters.times
        print(
            f"{'all letters set':28} {told.letters.times:7} {each:8.2f} {told.letters.seconds:7.1f}   (beside the acts)"
        )
    own, others = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"\nin all {taken:.1f} s; memory at most {own:.0f} MB here, {others:.0f} MB in a process that sets letters\n"
    )


def _compare(report: Any, found: Any) -> bool:
    """Print the counted report beside the published one, cell by cell; whether all are equal."""
    from workflow.reports.annual import form

    different = {(row, column) for _, row, column, _, _ in form.differences(report, found)}
    for table, published, counted in ((3, report.table3, found.table3), (4, report.table4, found.table4)):
        columns = list(next(iter(published.values())))
        print(f"table {table}: counted / published; {', '.join(columns)}")
        for row, cells in published.items():
            told = "  ".join(
                f"{counted[row][column]}/{cells[column]}{' !' if (row, column) in different else ''}".rjust(
                    11
                )
                for column in columns
            )
            print(f"{row:28} {told}")
        print()
    cells = sum(len(row) for table in (report.table3, report.table4) for row in table.values())
    print(
        f"{cells - len(different)} of {cells} cells are equal"
        + ("." if not different else f"; {len(different)} differ.")
    )
    return not different


if __name__ == "__main__":
    sys.exit(main())
