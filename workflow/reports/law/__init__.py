"""The law tables looked at as a whole: their check, the rehearsal of a change, what is due to be read again,
the book.
"""
