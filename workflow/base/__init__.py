"""What every room may use: errors, messages in two languages, names, dates, tables (TOML), whole files,
spreadsheets. Imports nothing of ours.
"""
