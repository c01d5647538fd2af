"""Readers and writers of files: delimited text, spreadsheets, JSON Lines, Parquet, snapshots."""
