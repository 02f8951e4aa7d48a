"""How well the office does: time to reply, share in time, extensions, corrections, remedies; requests often
made.
"""
