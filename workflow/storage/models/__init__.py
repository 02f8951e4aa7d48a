"""The tables. The ledger is the record; the other tables are what is looked up fast, or what must be unique.

Every table that belongs to an organ carries its office: one database holds several. Values are checked before
they come here (table models do not validate), and CHECK constraints hold the few that must never be wrong.
"""

from sqlmodel import SQLModel

from workflow.storage.models import cases, incoming, letters, offices, record  # noqa: F401  (their classes)

TABLES = SQLModel.metadata.tables
