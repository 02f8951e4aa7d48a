"""Backups in parts: a base and what is new since, each part linked to the one before, encrypted, in a folder
or on another machine. What each module does stands at its head; the way back is workflow/upkeep/restore.py.
"""
