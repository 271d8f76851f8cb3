"""The DuckDB database built from the archive: a pure function of batches, schema and SQL."""
