"""The guided way: questions line by line, from what waits today to the act that is written."""
