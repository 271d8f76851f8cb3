"""The page of the website against the register."""
