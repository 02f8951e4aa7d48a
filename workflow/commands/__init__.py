"""The commands, by topic: each module holds the commands of one; cli.py says which command is where."""
