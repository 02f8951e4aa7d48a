"""Faces: which are there, how they are made small, how wide their characters are."""
