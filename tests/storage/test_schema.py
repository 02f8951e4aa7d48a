"""The tables of statements are those of the models."""

from __future__ import annotations

import subprocess
import sys

from workflow.storage import models, tables


def test_same_tables_and_columns() -> None:
    assert list(tables.TABLES) == list(models.TABLES)
    for name, table in models.TABLES.items():
        assert list(tables.TABLES[name].c.keys()) == list(table.c.keys())


def test_same_types_keys_and_defaults() -> None:
    for name, table in models.TABLES.items():
        for column in table.columns:
            ours = tables.TABLES[name].c[column.name]
            assert isinstance(getattr(column.type, "impl_instance", column.type), type(ours.type))
            assert ours.primary_key == column.primary_key
            assert (tables.TABLES[name].autoincrement_column is ours) == (
                table.autoincrement_column is column
            )
            assert (ours.default and ours.default.arg) == (column.default and column.default.arg)


def test_the_models_are_not_loaded_for_statements() -> None:
    # Remembered by the first process, so the second needs no models.
    code = "import sys, workflow.casework.desk, workflow.reports.views.case_views, workflow.reports.views.case_list; print('sqlmodel' in sys.modules)"
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
