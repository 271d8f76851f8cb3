"""Answers and files of the e-service platform Open ePlatform: read, and turned into rows of our tables."""
