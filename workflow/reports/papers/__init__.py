"""Papers of the house, written from the record whenever they are asked for: sheets to be signed, drafts for a
reconsideration. None of them is kept, none goes out by itself.
"""
