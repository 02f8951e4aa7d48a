"""What keeps the record: database, ledger, encryption, files, number series. Knows no rule of procedure. Imports base and cases."""
