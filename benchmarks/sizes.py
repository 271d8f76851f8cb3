"""A municipality of any size, made of the example: `python -m benchmarks.sizes FOLDER [COPIES] [MONTHS] [TIMES]` writes it.

Each copy has the example's services, e-services, steps and cases under ids of its own; six are a municipality of six hundred
services. Months before the example's are those of three years later, six years later, and so on, so that seasons stay; each
count is up to three tenths more or less than the one that it is made of, the same on every machine. Each case is there so many
times: 25 of six copies and 120 months are 14 million. Departments, costs and events are the example's own.
`python -m data import FOLDER/*.csv --covers all` makes a store of it.
"""

import sys
from pathlib import Path

import duckdb

from analytics.metrics.scope import add_months
from data.build.fingerprint import SAMPLE
from data.sample.plan import FIRST, LAST

ERA = 36  # months
IDS = ("tjanst_id", "etjanst_id", "arende_id", "undantag_id")
COPIED = ("tjanster", "etjanster", "kopplingar", "undantag", "handlaggningssteg")  # once for each copy
DATED = {
    "arendeantal": ("manad",),
    "arenden": ("inkom", "avslutat"),
}  # for each era, too: when a row is of, and its other days
OLD = (
    "publicerad_fran",
    "lanserad",
    "fran",
)  # what was there before the example begins is there from the first month on


def write(folder: Path, copies: int = 6, months: int = 120, times: int = 1) -> None:
    """The files of so many copies of the example over so many months, up to its last."""
    folder.mkdir(parents=True, exist_ok=True)
    first = add_months(LAST.replace(day=1), 1 - months)
    with duckdb.connect() as database:
        for file in sorted(SAMPLE.glob("*.csv")):
            read = f"read_csv('{file}', delim = ';', header = true, all_varchar = true, quote = '')"
            columns = [column for column, *_rest in database.execute(f"DESCRIBE FROM {read}").fetchall()]
            for again in range(times if "arende_id" in columns else 1):  # a file each: none may take too long to read
                query = _select(read, file.stem.partition("-")[0], columns, copies, f"{first}", again)
                to = folder / (f"{file.stem}-{again}.csv" if again else file.name)
                database.execute(f"COPY ({query}) TO '{to}' (delim ';', header true, quote '')")


def _select(read: str, name: str, columns: list[str], copies: int, first: str, again: int) -> str:
    """The SELECT of the rows of a table."""
    if name not in COPIED and name not in DATED:
        return f"FROM {read}"
    number = "copy || '/' || era" if name in DATED else "copy"
    picked = {column: column for column in columns}
    picked |= {column: f"{column} || if(copy = 0, '', '-' || copy)" for column in IDS if column in columns}
    picked |= {column: f"if({column} <= '{FIRST}', '{first}', {column})" for column in OLD if column in columns}
    if "namn" in columns:
        picked["namn"] = "namn || if(copy = 0, '', ' ' || copy)"
    if "antal" in columns:
        varied = f"round(antal::INT * (0.7 + hash(r, {number}) % 601 / 1000))::INT"
        picked["antal"] = f"if(copy + era > 0 AND regexp_full_match(antal, '\\d+'), {varied}::VARCHAR, antal)"
    if "arende_id" in columns:
        picked["arende_id"] = f"arende_id || if(copy + era + {again} = 0, '', '/' || {number} || '/{again}')"
    dates = DATED.get(name, ())
    picked |= {column: _earlier(column) for column in dates}
    made = ", ".join(f'{sql} AS "{column}"' for column, sql in picked.items())
    if not dates:
        return f"SELECT {made} FROM {read} r, range({copies}) c(copy)"
    month, last = (
        f"left({dates[0]}, 7)",
        f"{add_months(FIRST, ERA):%Y-%m}",
    )  # from here on only the example's own era has rows
    eras = f"range({ERA}) e(era) WHERE (era = 0 OR {month} < '{last}') AND {_earlier(month)} >= '{first[:7]}'"
    return f"SELECT {made} FROM {read} r, range({copies}) c(copy), {eras}"


def _earlier(column: str) -> str:
    """A month or a day, as it was an era before."""
    return f"left((rpad({column}, 10, '-01')::DATE - to_months({ERA} * era::INT))::DATE::VARCHAR, length({column}))"


if __name__ == "__main__":
    write(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:5]))
