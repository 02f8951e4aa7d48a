"""What the shell offers at a tab: commands, options, and every value that has a finite answer.

A tab has to be answered within the time of a keystroke, and loading the command line itself takes longer. So
what stands in the program (commands, options, choices with their names) is written once into the cache folder
(`tree`, made by `build`), and what stands in the database is asked for by plain SQL
(`workflow.upkeep.completion`).
"""
