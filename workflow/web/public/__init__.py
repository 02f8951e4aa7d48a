"""The outer side: pages for applicants, and a small database of its own that holds only what is sealed.

It may stand on another machine than the office. It imports the base alone: no storage, no case, no letter.
"""
