"""Services and e-services as registered, their history, and what the website publishes."""
