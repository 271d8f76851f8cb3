"""Goal 2 after any monthly files, taken by their good rows, with or without a stated cover, some undone: as plain loops say."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from data.coverage import Coverage, parse_month
from data.store import Store
from tests.data.stores import NOW, ROLE, import_files, write_csv
from tests.recompute import WORDS, load

MONTHS = ("2026-01", "2026-02", "2026-03")
CHANNELS = ("e_service", "phone", "visit")
REGISTER = {
    "verksamheter": ("verksamhet_id;namn;overordnad_id", "A;Alfa;"),
    "tjanster": (
        "tjanst_id;namn;verksamhet_id;malgrupp;aktiv;publicerad_fran;publicerad_till",
        "T1;Ett;A;extern;ja;2020-01-01;",
        "T2;Två;A;extern;ja;2020-01-01;2026-02-10",
    ),
    "etjanster": ("etjanst_id;namn;typ;plattform;lanserad;avvecklad;steg", "E1;Ett;e-tjänst;;2020-01-01;;"),
    "kopplingar": ("tjanst_id;etjanst_id;hor_ihop", "T1;E1;ja"),
    "kostnader": ("kostnad_id;datum;kostnadstyp;belopp", "K1;2026-01-01;fast;1"),  # so that January is a month
}
HEAD = "tjanst_id;manad;kanal;assisterat;antal"
NUMBERS = ("0", "7", "12", "", "ej tillämpligt", "ca 5", "många")
row = st.tuples(
    st.sampled_from(("T1", "T2")), st.sampled_from(MONTHS), st.sampled_from(CHANNELS), st.sampled_from(NUMBERS)
)
cover = st.none() | st.tuples(
    st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True), st.sampled_from(MONTHS), st.sampled_from(MONTHS)
)
file = st.tuples(st.lists(row, min_size=1, max_size=10), cover)


@settings(max_examples=5, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # an example takes seconds
@given(st.lists(file, min_size=1, max_size=3), st.sets(st.integers(0, 2)))
def test_goal_2_is_what_plain_loops_say(
    files: list[tuple[list[tuple[str, str, str, str]], tuple[list[str], str, str] | None]], undone: set[int]
) -> None:
    assume(all(any(n not in ("ca 5", "många") for *_, n in rows) for rows, _ in files))
    with TemporaryDirectory() as name:
        folder, given_files = Path(name) / "in-force", Path(name) / "files"
        store = Store(Path(name) / "store")
        import_files(store, *(write_csv(folder, f"{table}.csv", *lines) for table, lines in REGISTER.items()))
        covers = []
        for number, (rows, stated) in enumerate(files):
            lines = [f"{service};{month};{WORDS[channel]};nej;{n}" for service, month, channel, n in rows]
            path = write_csv(folder if number not in undone else given_files, f"arendeantal-{number}.csv", HEAD, *lines)
            cover = None
            if stated:
                channels, first, last = stated[0], min(stated[1:]), max(stated[1:])
                cover = {"case_counts": Coverage(tuple(channels), "file", parse_month(first), parse_month(last))}
                if number not in undone:
                    covers.append(
                        f'[[file]]\nname = "{path.name}"\nchannels = {channels}\nfrom = "{first}"\nto = "{last}"\n'
                    )
            (batch,) = import_files(store, path, take="good", covers=cover, again=True)
            if number in undone:
                store.undo(batch.number, ROLE, NOW)
        (folder / "covers.toml").write_text("".join(covers))
        expected = load(folder).goal_2(MONTHS[0], MONTHS[-1])
        with store.database().cursor() as cursor:
            (result,) = measure(cursor, "digital_submission", Scope(date(2026, 1, 1), date(2026, 3, 1)))
        assert (result.numerator or 0, result.denominator) == (expected.numerator, expected.denominator)
        assert result.coverage == expected.coverage
