"""Everybody who applies or acts for an applicant, to be found again by name, number and telephone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "no"),
    )
    op.create_index("party_mark", "party", ["office_id", "mark"])
    op.create_index("party_name", "party", ["office_id", "name"])
    op.create_index("party_phone", "party", ["office_id", "phone"])
    # Telephone numbers are sealed: those of earlier cases are found after `disclosure search --rebuild`.
    op.execute(
        "INSERT INTO party (office_id, case_id, no, role, name, mark) "
        "SELECT office_id, id, 1, 'applicant', applicant_name, applicant_mark FROM case_file "
        "WHERE applicant_mark <> ''"
    )


def downgrade() -> None:
    raise NotImplementedError("a register of legal acts is not taken apart; restore a backup instead")
