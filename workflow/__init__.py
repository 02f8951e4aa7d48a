"""The casework engine: law, calendar, clocks, process and the desk that writes."""
