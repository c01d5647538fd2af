"""From a source's own columns to the shared tables: mappings, recoding, rejects, coverage, and the way back."""
