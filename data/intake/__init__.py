"""From dropped files to a checked draft, and from an accepted draft to entries of the archive."""
