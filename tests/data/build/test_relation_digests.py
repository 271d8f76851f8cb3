"""The digest of a relation changes when the SQL that makes it does, or that of what it reads; not with the rest."""

from data.build.relation_digests import relation_digests

SQL = """
DELETE FROM base WHERE size < 0;
CREATE TABLE small AS SELECT * FROM base WHERE size < 5; -- five
CREATE VIEW smaller AS SELECT * FROM small WHERE size < 3;
CREATE MACRO double(n) AS 2 * n;
CREATE TABLE doubled AS SELECT double(size) AS size FROM other;
DELETE FROM base WHERE size > 9;
CREATE VIEW late AS SELECT * FROM base;
"""


def changed(old: str, new: str) -> set[str]:
    """The relations whose digest another SQL changes."""
    assert old in SQL
    before, after = relation_digests((SQL,)), relation_digests((SQL.replace(old, new),))
    return {name for name in before if before[name] != after[name]}


def test_a_change_reaches_what_reads_it_and_nothing_else() -> None:
    assert changed("size < 5", "size < 6") == {"small", "smaller"}
    assert changed("size < 3", "size < 4") == {"smaller"}
    assert changed("2 * n", "n + n") == {"double", "doubled"}


def test_a_table_is_made_of_what_there_was_before_it() -> None:
    assert changed("size < 0", "size < 1") == {"base", "small", "smaller", "late"}
    assert changed("size > 9", "size > 8") == {"base", "late"}


def test_comments_and_white_space_do_not_count() -> None:
    assert changed("-- five", "-- not so many") == set()
    assert changed("CREATE VIEW smaller AS SELECT", "CREATE VIEW smaller AS\n    SELECT") == set()
    assert relation_digests((SQL,)) == relation_digests((SQL + "\n",))
