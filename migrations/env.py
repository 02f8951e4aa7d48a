"""Run migrations on the connection that was handed in, or on DISCLOSURE_DATABASE_URL for developers."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import workflow.storage.models  # noqa: F401  (fills the metadata)
from workflow.storage import database, engines


def _run(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        # SQLite cannot alter a table in place; batch mode copies it.
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with database.Store().engine.connect() as opened, engines.begin_writing(opened):
        _run(opened)
