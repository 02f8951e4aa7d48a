"""Alerts of an office: found by database queries over open cases only, shown in several forms, mailed once a
day.
"""

# The exit status of `disclosure alerts` when something is overdue; 0 when nothing is, others as for every
# command.
OVERDUE = 7
