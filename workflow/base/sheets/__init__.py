"""Tables that people hand in or take away: one reader of lists, one guard against formulas, the forms of
days.
"""
