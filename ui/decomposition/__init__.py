"""The page that explains a change."""
