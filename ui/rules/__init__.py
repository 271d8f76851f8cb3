"""The page of cost rules."""
