"""What keeps the record: database, ledger, encryption, files, number series. Of the procedure it knows only
which facts of an act stay open. Imports procedure and what lies below.
"""
