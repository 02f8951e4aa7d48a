"""One case in memory: its facts, its clocks, its row as plain values. Imports base, law, calendar, clocks."""
