"""The resident service: one process that has loaded everything, one fork a command. Imports base; never
required.
"""
