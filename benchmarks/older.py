"""The dashboard as it was served before each query was asked on one core: DuckDB takes all of them for each."""

from asgi import app
from data.serving import server

__all__ = ["app"]

del server.READER["threads"]
