"""The annual report: its form and identities, counting it, reading and writing it."""
