"""Letters that are made: a copy as a Word document; whether a PDF is ours and unchanged; a signature."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands.options import (
    CASE,
    COMMON,
    DB,
    JSON,
    LANG,
    argument,
    command,
    desk_of,
    option,
    options,
)
from workflow.commands.parameter_types import OUT, File, Out, placed
from workflow.commands.printing import output

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@command("docx", example="disclosure letter docx 2026-0001 --letter 7 -o 副本.docx")
@CASE
@option(
    "--letter",
    "letter_id",
    type=int,
    help=N_("The letter, by its id (left out: the draft, else the newest)."),
)
@OUT
@COMMON
def docx(
    case: str,
    letter_id: int | None,
    out: Out | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import word_copies

    made = word_copies.write(desk_of(officer, office, db), case, letter_id, placed(out))
    output(made, lambda: [_(N_("Written: {path}"), path=made["path"]), made["mark"]], as_json)


@command("verify", example="disclosure letter verify 答复书.pdf")
@argument("file", type=File())
@options(DB, JSON, LANG)
def verify(file: Path, db: str | None, as_json: bool) -> None:
    from workflow.drafting import verification
    from workflow.storage.database import Store

    found = verification.verify(Store(db), file)
    output(found.as_json(), found.lines, as_json)
    found.require_ours()


@command("sign", example="disclosure letter sign 2026-0001 --letter 7 --key 单位证书.p12")
@CASE
@option(
    "--letter", "letter_id", type=int, help=N_("The letter, by its id (left out: the newest that was made).")
)
@option("--key", type=File(), required=True, help=N_("The PKCS#12 file with key and certificate."))
@COMMON
def sign(
    case: str,
    letter_id: int | None,
    key: Path,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.drafting import signing

    def ask() -> str:
        return str(
            click.prompt(
                _(N_("Passphrase of the key")), hide_input=True, default="", show_default=False, err=True
            )
        )

    asking: Callable[[], str] | None = ask if sys.stdin.isatty() else None
    made = signing.sign(desk_of(officer, office, db), case, letter_id, key, asking)
    output(made, lambda: [_(N_("Signed by {signer}."), signer=made["signer"])], as_json)
