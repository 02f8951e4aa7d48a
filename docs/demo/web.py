"""The public counter on this machine: a small practice office, its pages for applicants, and the exchange.

Everything lands in docs/demo/out-web, which is made anew at each start; stop it with Ctrl-C.

    make web            serve on http://127.0.0.1:8080
    make web PORT=9090
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

import folder

HERE = Path(__file__).resolve().parent
OUT = HERE / "out-web"
EVERY = 5  # seconds between two looks outside
REGISTRAR, HEAD = "zhao", "zhou"


def prepare() -> None:
    """An empty folder for both sides; the office's data in it."""
    folder.made_anew(OUT)
    for name in [name for name in os.environ if name.startswith("DISCLOSURE_")]:
        del os.environ[name]
    os.environ["DISCLOSURE_HOME"] = str(OUT)
    os.environ["DISCLOSURE_SERVICE"] = "off"
    os.environ["DISCLOSURE_WEB_OUTER"] = str(OUT / "outer.db")
    os.chdir(OUT)


def typed(line: str) -> None:
    """Show a command as it is typed, and run it."""
    print(f"$ disclosure {line}", flush=True)
    folder.run(line)


def serve(port: int) -> subprocess.Popen[bytes]:
    """The outer side as a process of its own: of the office it has the card, and nothing else."""
    words = ["web", "public", "--card", "card.json", "--store", "outer.db", "--port", str(port)]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("DISCLOSURE_")}
    outer = subprocess.Popen([sys.executable, "-m", "cli", *words], env=outside, stdout=subprocess.PIPE)
    assert outer.stdout is not None
    if not outer.stdout.readline():  # it says one line, once it listens
        sys.exit(outer.wait())
    return outer


def exchange() -> None:
    """Take in what came and publish what changed; say so where there was something."""
    from workflow.casework.desk import Desk
    from workflow.commands import wiring  # noqa: F401  (as every command does)
    from workflow.storage.database import Store
    from workflow.web import collect, keys, outer_door, publish
    from workflow.web.public import card

    desk = Desk(Store(None), REGISTRAR)
    ours = keys.load(keys.place(desk.store.folder))
    side = outer_door.reach(
        os.environ["DISCLOSURE_WEB_OUTER"], ours, card.parse(keys.card_text(desk.office, ours), "card")
    )
    try:
        made, told = collect.collect(desk, side, ours), publish.publish(desk, side, ours)
    finally:
        side.close()
        desk.store.close()
    for receipt, kind, case in made.taken:
        print(f"  <- {receipt} {kind}: {case}", flush=True)
    for receipt, fault in made.faults:
        print(f"  !! {receipt}: {fault.text}", flush=True)
    for case in told.out:
        print(f"  -> {case}", flush=True)


def main(port: int) -> None:
    """Set up, serve, and carry between both sides until it is stopped."""
    # Told to stop, it stops its other side too, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    prepare()
    # Its letters bear the code that leads to these pages.
    plain = (HERE / "jiangnan.toml").read_text(encoding="utf-8")
    (OUT / "office.toml").write_text(
        f'counter_address = "http://127.0.0.1:{port}"\n{plain}', encoding="utf-8"
    )
    typed("init --office office.toml")
    typed(f"web key --create --as {HEAD}")
    typed(f"web card --out card.json --as {HEAD}")
    outer = serve(port)
    print(
        f"\n公众网页  http://127.0.0.1:{port}\n机关一侧  export DISCLOSURE_HOME={OUT} DISCLOSURE_SERVICE=off"
    )
    print(f"          {shlex.quote(sys.executable)} -m cli list --as {REGISTRAR}\n", flush=True)
    pause = threading.Event()
    try:
        while outer.poll() is None and not pause.wait(EVERY):
            exchange()
    except KeyboardInterrupt:
        print("\n已停止。")
    finally:
        outer.terminate()
        outer.wait(10)
    if outer.returncode not in (0, -15):
        sys.exit(f"the outer side stopped with {outer.returncode}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8080)
