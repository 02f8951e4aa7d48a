"""A published annual report driven through the engine: as many applications as it counts, each by its real
path.
"""
