"""Care of the installation: verification of the record, backup and restore, recomputation, keys, doctor,
completion. Imports all rooms below the commands.
"""
