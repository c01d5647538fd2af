"""The study: one declarative file, and the one place that chains the packages of the way of the data."""
