"""A table of comparable addresses, so that SQL can join different spellings of one page's URL."""

from duckdb import DuckDBPyConnection

from data.formats.website.urls import page_key
from data.readers.sheet import insert_rows

BATCH = 10_000
_ADDRESSES = " UNION ".join(
    f"SELECT {column} AS url FROM {table} WHERE {column} IS NOT NULL"
    for table, column in (("web_pages", "url"), ("services", "url"), ("e_services", "url"), ("e_services", "alias"))
)


def create_page_keys(connection: DuckDBPyConnection) -> None:
    """Make the table `page_keys`: one row per address, with the key (`page`) that all addresses of a page share."""
    connection.execute("CREATE TABLE page_keys (url VARCHAR, page VARCHAR)")
    cursor = connection.cursor().execute(f"{_ADDRESSES} ORDER BY url")
    while rows := cursor.fetchmany(BATCH):
        insert_rows(connection, "page_keys", [(url, page_key(url)) for (url,) in rows])
