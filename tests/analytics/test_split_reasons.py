"""Why a service is counted in one period only, or in less of it: from the register, the exemptions and the reports."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from analytics.scope import Scope
from analytics.split import Counted, Moved, Split
from analytics.split_causes import Cause, causes
from analytics.split_cells import split
from data.store import Store

Make = Callable[..., Store]
SCOPE = Scope(date(2026, 1, 1), date(2026, 4, 1))
MONTHS = [f"{year}-0{month}" for year in (2025, 2026) for month in range(1, 5)]
SILENT = {  # the months, of eight, that each service has not reported by telephone
    "keeps": "",
    "stops": "567",
    "less": "5",
    "begins": "0123",
    "more": "0",
    "new": "",
    "gone": "",
}
LIFE = {"new": "2026-01-01;", "gone": ";2025-12-31"}


def tables() -> dict[str, str]:
    services = "".join(f"{key};{key};A;extern;{LIFE.get(key, ';')}\n" for key in SILENT)
    counts = []
    for key, silent in SILENT.items():
        for i, month in enumerate(MONTHS):
            if not (key == "new" and i < 4 or key == "gone" and i > 3):
                by_phone = "" if str(i) in silent else "30"
                counts.append(f"{key};{month};e-tjänst;10\n{key};{month};telefon;{by_phone}\n")
    return {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till\n" + services,
        "case_counts": "tjanst_id;manad;kanal;antal\n" + "".join(counts),
    }


def reasons(moved: tuple[Moved, ...]) -> dict[str | None, list[str]]:
    return {one.service: [why for why, _points in one.moves] for one in moved}


def test_the_reports_tell_why(small_store: Make) -> None:
    with small_store(tables()).database().cursor() as cursor:
        found = split(cursor, "digital_submission", SCOPE)
    assert found
    assert reasons(found.services) == {
        "keeps": [],
        "stops": ["stopped"],
        "less": ["less"],
        "begins": ["began"],
        "more": ["more"],
        "new": ["published"],
        "gone": ["withdrawn"],
    }
    same = next(one for one in found.services if one.service == "stops")
    assert (same.then.denominator, same.now.denominator) == (4 * 40, 40)
    assert found.change == 0  # each has 10 of 40 in each month: silence moves nothing when all are alike
    assert not any(cause.points for cause in causes(found))


def test_an_exemption_tells_why(small_store: Make) -> None:
    own = tables()
    own |= {
        "services": own["services"] + "without;without;A;extern;;\nagain;again;A;extern;;\n",
        "e_services": "etjanst_id;namn;typ\nE;E;e-tjänst\n",
        "links": "tjanst_id;etjanst_id\nkeeps;E\n",
        "exemptions": "undantag_id;tjanst_id;typ;skal;beslutat;galler_till\n"
        "1;without;ej tillämpligt;Möte krävs;2025-06-01;\n2;again;ej tillämpligt;Möte krävs;2025-01-01;2025-06-30\n",
    }
    with small_store(own).database().cursor() as cursor:
        found = split(cursor, "e_service_coverage", SCOPE)
    assert found
    told = reasons(found.services)
    assert {key: whys for key, whys in told.items() if whys} == {
        "without": ["not_applicable"],
        "again": ["applicable"],
        "new": ["published"],
        "gone": ["withdrawn"],
    }
    assert (found.mix, found.rate) == (0, 0)


@pytest.mark.parametrize(("rest", "named"), [(0, "A"), (1, "A"), (4, None)], ids=["alone", "nearly alone", "not alone"])
def test_a_department_is_named_only_for_what_is_nearly_all_its_own(rest: int, named: str | None) -> None:
    def stopped(key: str, branch: str, points: int) -> Moved:
        return Moved(key, Counted(0, 1), Counted(), Fraction(0), Fraction(0), (("stopped", Fraction(points)),), branch)

    moved = (stopped("1", "A", 2), stopped("2", "A", 3), *([stopped("3", "B", rest)] if rest else []))
    found: list[Cause] = causes(Split(Counted(0, 3), Counted(0, 1), moved))
    assert found[0].branch == named
    assert sum(cause.points for cause in found) == 5 + rest
