"""The configured connections to installations of Open ePlatform."""
