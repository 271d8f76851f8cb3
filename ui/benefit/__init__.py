"""The page of what the e-services give: working time, satisfaction, and contacts that need not have been made."""
