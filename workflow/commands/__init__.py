"""The commands, by topic: a module each; all_commands.py says which command is where."""
