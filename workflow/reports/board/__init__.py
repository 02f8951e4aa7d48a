"""The board: all organs of a government on one page, each figure with the cases that it counts."""
