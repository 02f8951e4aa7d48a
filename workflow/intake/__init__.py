"""Applications that come in as lists. Imports casework and what lies below."""
