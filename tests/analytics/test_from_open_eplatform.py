"""A register of services and the platform's own answers give the goals, with no file edited by hand."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from analytics.metrics.installations import installations
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.pairing import suggestions
from data.__main__ import main
from data.base import clock
from data.intake.draft import Source
from data.store import Store

HERE = Path(__file__).resolve().parents[1] / "data"
RECORDED = HERE / "open-eplatform"
REGISTER = HERE / "register-40.csv"
THIS_MONTH = Scope(date(2026, 11, 1), date(2026, 11, 1))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with the hand-made register and every recorded answer, imported on the command line as they are."""
    with REGISTER.open(encoding="utf-8", newline="") as file:
        owners = sorted({row["verksamhet_id"] for row in csv.DictReader(file, delimiter=";")})
    departments = tmp_path / "verksamheter.csv"
    departments.write_text("verksamhet_id;namn\n" + "".join(f"{o};{o}\n" for o in owners), "utf-8")
    at = ["--store", str(tmp_path / "store")]
    plain = [p for p in sorted(RECORDED.iterdir()) if p.suffix in (".xml", ".json") and p.name not in NOTHING]
    asked = [p for p in plain if "by-family" in p.name]
    told = [p for p in plain if p not in asked]
    assert len(told) == 3 and len(asked) == 1
    assert main(["import", *at, *map(str, (departments, REGISTER, *told))]) == 0
    assert main(["import", *at, "--family", "104", *map(str, asked)]) == 0
    return Store(tmp_path / "store")


NOTHING = ("getinstances-empty.xml", "getstatus.xml")  # answers without a case in them


def pair(store: Store, line: int) -> set[tuple[str, str]]:
    """Accept every suggestion above a line, as the page does; returns the pairs."""
    with store.database().cursor() as cursor:
        found = suggestions.sure_from(suggestions.suggestions(cursor), line)
    pairs = {(s.service.service_id, s.e_service.e_service_id) for s in found}
    file = store.folder / "pairs.csv"
    file.write_text("tjanst_id;etjanst_id\n" + "".join(f"{a};{b}\n" for a, b in sorted(pairs)), "utf-8")
    with store.prepare([Source("Koppla.csv", file)], today=clock.today()) as draft:
        store.commit(draft, {}, "systemförvaltare", clock.now())
    return pairs


def test_goal_1(store: Store) -> None:
    with store.database().cursor() as cursor:
        before = measure(cursor, "e_service_coverage", THIS_MONTH)[0]
        assert (before.value, before.state) == (None, "not_reported")  # nobody has paired anything: nothing is known
    pairs = pair(store, suggestions.SURE_SCORE)
    catalogue = json.loads((RECORDED / "getflows-161.iso-8859-1.json").read_bytes().decode("iso-8859-1"))["Flows"]
    open_ones = {f"oep-{flow['FlowFamilyID']}" for flow in catalogue if flow["Enabled"]}
    expected = len({service for service, e_service in pairs if e_service in open_ones})
    with store.database().cursor() as cursor:
        row = measure(cursor, "e_service_coverage", THIS_MONTH)[0]
        # some are paired with nothing yet: whether the other services have an e-service is not known
        assert (row.numerator, row.denominator, row.population) == (expected, expected, 40)
        (one,) = installations(cursor)
        assert (one.name, one.flows, one.enabled) == ("oep", len(catalogue), len(open_ones))


def test_every_case_is_counted_once(store: Store) -> None:
    """Four cases stand in two of the answers, and one in a third."""
    with store.database().cursor() as cursor:
        found = cursor.execute("SELECT e_service_id, count(*) FROM cases GROUP BY ALL").fetchall()
        assert found == [("oep-104", 5)]
        assert cursor.execute("SELECT min(received_on), max(received_on) FROM cases").fetchall() == [
            (date(2025, 2, 14), date(2025, 10, 14))
        ]


def test_what_holds_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*NOTHING, "restrictedflows-not-found.html"):
        assert main(["import", "--store", str(tmp_path), str(RECORDED / name)]) == 1
        assert "går att importera" in capsys.readouterr().out + capsys.readouterr().err
