"""An office's own templates and phrases, and their checks."""
