"""Decided cases driven through the real desk: would the act that a court faulted have been refused or warned
of?
"""
