"""One case in memory: its facts, the fold of its entries, its clocks, its row as plain values. Imports base,
law, calendar, clocks.
"""
