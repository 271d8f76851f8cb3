"""The page that pairs services and e-services."""
