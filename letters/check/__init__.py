"""The rules that a letter is checked against before it is issued, and what a text mentions. No renderer, no
database.
"""
