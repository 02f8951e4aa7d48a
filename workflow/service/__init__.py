"""The resident service: one process that has loaded everything, and forks of it that run commands. Imports
base; never required.
"""
