"""A seeded coalition in an invented country, with known truth."""
