"""Evidence without us: signed checkpoints of the record, countersigned by others, and proofs that an outsider
checks offline. May import office and what lies below.
"""
