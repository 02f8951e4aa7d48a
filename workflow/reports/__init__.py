"""Everything that only reads: register, alerts, annual report, performance, views of a case. Imports casework
and what lies below.
"""
