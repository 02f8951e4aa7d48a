"""What is done after the commit: the queue of work, the pool of processes, the workers. Imports casework and
what lies below.
"""
