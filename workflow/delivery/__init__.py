"""Letters on their way: posting batches, the post office's answers, e-mail, numbers. Imports jobs, casework
and what lies below.
"""
