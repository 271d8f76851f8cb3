"""The example data: Sala's published services, and invented e-services, cases and costs."""
