"""The tables of the outer side's own database."""

from __future__ import annotations

import sqlalchemy as sa

ALL = sa.MetaData()
# A form that was sent and confirmed. `token` is the hash of its form's token, `mark` tells its contents
# apart, `lookup` finds it by the applicant's code. `sealed` is emptied once the office has collected it.
SUBMISSIONS = sa.Table(
    "submission",
    ALL,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("token", sa.String, nullable=False, unique=True),
    sa.Column("mark", sa.String, nullable=False),
    sa.Column("lookup", sa.String, nullable=False, index=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("papers", sa.Integer, nullable=False),
    sa.Column("collected_at", sa.String, index=True),
    sqlite_autoincrement=True,
)
# A paper, sealed when it came; it belongs to a submission once the form of its token is confirmed.
PAPERS = sa.Table(
    "paper",
    ALL,
    sa.Column("token", sa.String, primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
# What the office published of one code: a signed row, and letters, all sealed to the code.
ROWS = sa.Table(
    "published",
    ALL,
    sa.Column("lookup", sa.String, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("row", sa.Text, nullable=False),
)
LETTERS = sa.Table(
    "letter",
    ALL,
    sa.Column("lookup", sa.String, primary_key=True),
    sa.Column("sha256", sa.String, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
