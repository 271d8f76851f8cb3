"""Listings of the pages of a website or intranet: a sitemap, a saved page of links, or a list of addresses."""
