"""The letters of the procedure: what each is, what it says, and how it is typeset."""
