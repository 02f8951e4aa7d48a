"""What presses in an office: found by the database over open cases only, shown in many forms, mailed once a
day.
"""

# The exit status of `disclosure alerts` when something is overdue; 0 when nothing is, others as for every
# command.
OVERDUE = 7
