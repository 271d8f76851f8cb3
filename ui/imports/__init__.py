"""The page that imports files."""
