"""Typefaces: which are installed, how they are subset, how wide their characters are."""
