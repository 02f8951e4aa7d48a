"""Officers as roles of PostgreSQL: what each may do there, and what the database itself refuses."""
