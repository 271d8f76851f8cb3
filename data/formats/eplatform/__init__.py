"""Answers and files of the e-service platform Open ePlatform, converted to rows of the input tables."""
