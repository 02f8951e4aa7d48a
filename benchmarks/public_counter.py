"""Applicants at once on the public pages: each fetches the form, looks at the preview and sends it.

    python -m benchmarks.public_counter [HOW MANY]

Prints how long the answers took, and the processor time of the server for each applicant; the applicants are
a process of their own. Exit status 1 where one failed, or where one in a hundred took a second.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx2

from tests.web import browser, site
from workflow.web.public import app
from workflow.web.public.limits import Buckets

MOST = 1.0


def applicant(address: str, took: list[float], faults: list[str], start: threading.Barrier) -> None:
    """One applicant, from the empty form to the receipt."""
    with httpx2.Client(base_url=address, timeout=60) as client:
        start.wait()

        def asked(method: str, path: str, **more: object) -> str:
            began = time.perf_counter()
            answer = client.request(method, path, **more)  # type: ignore[arg-type]
            took.append(time.perf_counter() - began)
            if answer.status_code != 200:
                faults.append(f"{path}: {answer.status_code}")
            return str(answer.text)

        form = asked("GET", "/apply?kind=natural_person")
        look = asked("POST", "/preview", data={**site.hidden(form), **site.FILLED})
        receipt = asked("POST", "/apply", data=site.hidden(look))
        if 'class="code"' not in receipt:
            faults.append("no receipt")


def applicants(address: str, many: int, told: Any) -> None:
    """All of them at once, in a process of their own; what they measured is sent back."""
    took: list[float] = []
    faults: list[str] = []
    start = threading.Barrier(many)
    threads = [threading.Thread(target=applicant, args=(address, took, faults, start)) for _ in range(many)]
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    told.put((took, faults, time.perf_counter() - began))


def main(many: int) -> int:
    """Run them all; the exit status."""
    apart = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, site.in_folder(Path(folder)) as made:
        made.outer.submissions = Buckets(10**9)
        with browser.served(app.make(made.outer)) as address:
            told = apart.Queue()
            process = apart.Process(target=applicants, args=(address, many, told))
            before = time.process_time()
            process.start()
            took, faults, whole = told.get(timeout=300)
            cpu = (time.process_time() - before) / many
            process.join()
        kept = len(made.outer.store.waiting(most=10**6))
    took.sort()
    last = took[int(len(took) * 0.99) - 1]
    print(
        f"{many} applicants, {kept} kept, {whole:.1f} s; median {took[len(took) // 2]:.3f} s, p99 {last:.3f} s; "
        f"server {cpu * 1000:.1f} ms of processor time an applicant (form, preview, receipt)"
    )
    print("\n".join(faults[:5]), end="\n" if faults else "")
    return int(bool(faults) or kept != many or last > MOST)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
