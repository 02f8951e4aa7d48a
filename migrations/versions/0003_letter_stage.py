"""Where each letter is: made, approved, sent, arrived, come back, void."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("stage", sa.String(), nullable=True))
    op.create_index("letter_stage", "letter", ["office_id", "stage", "dated"])


def downgrade() -> None:
    raise NotImplementedError("a register of legal acts is not taken apart; restore a backup instead")
