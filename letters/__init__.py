"""The letters of the procedure: what each is, what it says, and how it is set on paper.

kinds, phrases, citations, remedies, compose are pure (data in, data out); render alone knows WeasyPrint.
"""
