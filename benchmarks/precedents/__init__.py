"""Decided cases replayed at the real desk: would the act that a court faulted have been refused or
warned of?
"""
