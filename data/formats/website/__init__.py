"""What a website or an intranet publishes: a sitemap, a saved page of links, or a list of addresses."""
