"""What surrounds every page: address, filters, sitemap, theme, caching of blocks."""
