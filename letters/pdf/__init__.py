"""Pages: HTML and PDF of letters, lists, envelopes and reports, and reading a PDF back. Alone knows
WeasyPrint.
"""
