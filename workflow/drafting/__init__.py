"""Drafts and letters before and after issue: editor text, preview, signing, verification, catalogue,
specimens. Imports casework and what lies below.
"""
