"""The file for Stratsys: the numbers of a frozen report under the names that the steering tool has, and what is not in it."""

from collections.abc import Callable

import pytest

from data.serving.stratsys import stratsys_file
from data.store import Store
from tests.data.command import Answer, run_command
from tests.data.stores import NOW, ROLE

NAMES = """slag;kod;namn
enhet;kommunen;Sala  kommun
enhet;A;Alfanämnden
mått;digital_submission;Andel digitalt
mått;cost;Kostnad, kr
kolumn;utfall;Utfall
"""


def figure(metric: str, of: str, value: float | None) -> dict[str, object]:
    return {"metric": metric, "of": of, "value": value}


FIGURES = [
    figure("digital_submission", "", 0.61949),
    figure("digital_submission", "A", 0.5),
    figure("digital_submission", "B", 0.25),
    figure("digital_handling", "", 0.5),
    figure("cost", "", 976692.5),
    figure("cost", "A", None),
    figure("cost", "system_owner", 1.0),
]
REPORT = {"period": {"month_to": "2028-02", "departments": []}, "figures": FIGURES}
FILE = (
    "Datum\tEnhet\tMått\tKolumn\tVärde\n"
    "2028-02-29\tSala kommun\tAndel digitalt\tUtfall\t61,9\n"
    "2028-02-29\tAlfanämnden\tAndel digitalt\tUtfall\t50,0\n"
    "2028-02-29\tSala kommun\tKostnad, kr\tUtfall\t976692,50\n"
)
SAID = [
    "3 tal kommer med i filen.",
    "Kommer inte med, för de har inget namn i tabellen Namn i Stratsys: enhet B och mått digital_handling.",
    "1 tal är inte känt och kommer inte med.",
]


@pytest.fixture
def named(small_store: Callable[..., Store]) -> Store:
    return small_store({"stratsys": NAMES, "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n"})


def test_each_number_is_a_line_under_the_names_of_the_tool(named: Store) -> None:
    file = stratsys_file(named.database(), REPORT)
    assert file.text() == FILE and file.sentences() == SAID
    own = stratsys_file(named.database(), {**REPORT, "period": {"month_to": "2026-08", "departments": ["A"]}})
    assert own.lines[0] == ("2026-08-31", "Alfanämnden", "Andel digitalt", "Utfall", "61,9")
    none = stratsys_file(named.database(), {**REPORT, "figures": []})
    assert none.lines == () and none.sentences() == ["0 tal kommer med i filen."]


def test_the_command_line_writes_that_of_the_latest_report(named: Store, capsys: pytest.CaptureFixture[str]) -> None:
    def export(*more: object) -> Answer:
        return run_command(capsys, "export", "stratsys", *more, "--store", named.folder)

    assert export().err == "Det finns ingen rapport med nummer 0.\n"
    first = named.freeze("Delår", REPORT, ROLE, NOW).number
    named.freeze("Tomt", {**REPORT, "figures": []}, ROLE, NOW)
    answer = export("--report", first)
    assert (answer.code, answer.out, answer.err.splitlines()) == (0, FILE, SAID)
    latest = export("--json")
    assert latest.code == 1 and latest.json["lines"] == [] and latest.json["unknown"] == 0
