"""Where tables are computed: one small protocol, DuckDB behind it; Spark and PostgreSQL can stand there too."""
