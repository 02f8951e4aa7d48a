"""Applicants at once on the public pages: each fetches the form, looks at the preview and sends it.

    python -m benchmarks.public_counter [HOW MANY]

The server is `disclosure web public` as it is run, a process of its own with its database on the disk; each
applicant has an address of his own, as `--proxy` tells them apart. They fetch what a browser would, over one
connection each, and only write and read bytes, so that the server is measured and not they. Exit status 1
where one failed, where a receipt was not kept, or where one page in a hundred took a second.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.web import site
from workflow.web import keys as web_keys
from workflow.web.public.store import OuterStore

MOST = 1.0
PLAIN = "application/x-www-form-urlencoded"
MARK = "----applicant"
MIXED = f"multipart/form-data; boundary={MARK}"
# What a browser fetches for the first page that it shows.
DRAWN_WITH = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass
class Told:
    """What the applicants measured: seconds of each page by its name, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass
class Browser:
    """One connection that is kept, of one client behind the web server."""

    read: asyncio.StreamReader
    write: asyncio.StreamWriter
    client: str

    async def asked(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        """The status and the text of an answer."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {self.client}\r\n"
        if body:
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        self.write.write(f"{head}\r\n".encode() + body)
        lines = (await self.read.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(lines.partition("\r\ncontent-length:")[2].partition("\r\n")[0])
        return int(lines.split(" ", 2)[1]), (await self.read.readexactly(length)).decode()


def mixed(fields: dict[str, str], files: tuple[str, ...] = ("f_identity", "f_other")) -> bytes:
    """A form as a browser sends it that has fields for files, and none chosen."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()]
    none = 'filename=""\r\nContent-Type: application/octet-stream\r\n\r\n'
    parts += [f'Content-Disposition: form-data; name="{name}"; {none}' for name in files]
    return "".join(f"--{MARK}\r\n{part}\r\n" for part in parts).encode() + f"--{MARK}--\r\n".encode()


async def applicant(no: int, port: int, start: asyncio.Barrier, told: Told) -> None:
    """One applicant, from the empty form to the receipt."""
    read, write = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    one = Browser(read, write, f"10.0.{no // 250}.{no % 250 + 1}")
    await start.wait()

    async def page(name: str, method: str, path: str, body: bytes = b"", kind: str = "") -> str:
        began = time.perf_counter()
        status, text = await one.asked(method, path, body, kind)
        told.took.setdefault(name, []).append(time.perf_counter() - began)
        if status != 200:
            told.faults.append(f"{path}: {status}")
        return text

    try:
        form = await page("form", "GET", "/apply?kind=natural_person")
        for path in DRAWN_WITH.findall(form):
            await one.asked("GET", path)
        look = await page("preview", "POST", "/preview", mixed({**site.hidden(form), **site.FILLED}), MIXED)
        receipt = await page("receipt", "POST", "/apply", urlencode(site.hidden(look)).encode(), PLAIN)
        if 'class="code"' not in receipt:
            told.faults.append("no receipt")
    except (OSError, asyncio.IncompleteReadError, ValueError) as fault:
        told.faults.append(repr(fault))
    finally:
        write.close()


async def applicants(port: int, many: int) -> tuple[Told, float]:
    """All of them at once; what they measured, and how long it took in all."""
    told, start = Told(), asyncio.Barrier(many + 1)
    each = [asyncio.create_task(applicant(no, port, start, told)) for no in range(many)]
    await start.wait()
    began = time.perf_counter()
    await asyncio.gather(*each)
    return told, time.perf_counter() - began


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """The outer side as it is run, with a fresh store: its port, and its process."""
    with site.opened(f"sqlite:///{folder / 'outer.db'}") as made:
        keys: web_keys.Keys = made.keys
        (folder / "card.json").write_text(site.card_text(keys), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["web", "public", "--card", "card.json", "--store", "outer.db", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", *words, "--proxy", "127.0.0.1"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    try:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def processor(pid: int) -> float:
    """The processor time of a process until now, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(many: int) -> int:
    """Run them all; the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder) as (port, pid):
            asyncio.run(applicants(port, 1))  # what is loaded at the first page is loaded
            before, own = processor(pid), time.process_time()
            told, whole = asyncio.run(applicants(port, many))
            cpu, own = processor(pid) - before, time.process_time() - own
        store = OuterStore(f"sqlite:///{folder / 'outer.db'}")
        kept = len(store.waiting(most=10**6)) - 1
        store.close()
    every = sorted(one for took in told.took.values() for one in took)
    last = every[max(int(len(every) * 0.99) - 1, 0)]
    longest = ", ".join(f"{page} {max(took):.3f} s" for page, took in told.took.items())
    print(
        f"{many} applicants, {kept} kept, {whole:.2f} s; median {every[len(every) // 2]:.3f} s, p99 {last:.3f} s "
        f"(longest: {longest}); an applicant costs the server {cpu / many * 1000:.1f} ms of processor time, "
        f"the measuring {own / many * 1000:.1f} ms"
    )
    print("\n".join(told.faults[:5]), end="\n" if told.faults else "")
    return int(bool(told.faults) or kept != many or last > MOST)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
