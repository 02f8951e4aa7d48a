"""The one write path: the desk, the applications, the letters that acts call for, lookup and search index.
Imports office and what lies below.
"""
