"""What people get: tables, charts and texts, a signed release, and the means to check it."""
