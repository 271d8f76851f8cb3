"""The page of next steps."""
