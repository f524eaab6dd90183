"""Regular expressions as values: read into trees, made into automata, compared."""
