"""The procedure: acts and their forms, transitions, guards, next steps, the matrix and the chart. Imports
cases and what lies below.
"""

from workflow.procedure import naming

naming.register()
