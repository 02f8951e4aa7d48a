"""Views of cases: lists, one case as text and as JSON, remedies, calculators."""
