"""Files that are not plain tables, one package a source, read into sheets of the input tables."""
