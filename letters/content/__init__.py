"""What a letter says: kinds, phrases, citations, remedy notice, composition. No renderer, no database."""
