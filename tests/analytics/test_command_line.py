"""`python -m analytics measure`, as a script calls it."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.__main__ import FIGURES, _columns, main
from analytics.metrics.catalogue import metrics
from data.store import Store


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_json_is_a_list_of_rows_with_everything_a_share_rests_on(
    capsys: pytest.CaptureFixture[str], example: Path
) -> None:
    code, out, _ = run(capsys, "measure", "digital_submission", "--store", str(example), "--json")
    (row,) = json.loads(out)
    assert code == 0
    assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])
    assert row.keys() >= {"numerator", "denominator", "value", "population", "coverage", "state"}


def test_csv_holds_the_same_as_json(capsys: pytest.CaptureFixture[str], example: Path) -> None:
    asked = (
        "measure",
        "cost",
        "--by",
        "payer",
        "month",
        "--from",
        "2026-01",
        "--to",
        "2026-03",
        "--store",
        str(example),
    )
    as_json = json.loads(run(capsys, *asked, "--json")[1])
    as_csv = list(csv.DictReader(io.StringIO(run(capsys, *asked, "--csv")[1])))
    assert len(as_csv) == len(as_json) > 3
    for text, row in zip(as_csv, as_json, strict=True):
        assert (text["payer"], text["month"]) == (row["payer"], row["month"])
        assert float(text["value"]) == row["value"]
        assert text["denominator"] == "" and row["denominator"] is None


def test_no_dimension_shares_its_column_with_a_figure() -> None:
    for metric in metrics().values():
        for by in metric.fact.dimensions:
            columns = _columns((by,))
            assert by not in columns and tuple(columns.values()) == FIGURES


def test_by_state_shows_the_states(capsys: pytest.CaptureFixture[str], small_store: Callable[..., Store]) -> None:
    rows = "T1;2026-01;e-tjänst;10\nT1;2026-01;telefon;\nT1;2026-02;telefon;0\nT1;2026-02;e-tjänst;ej tillämpligt\n"
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\n",
        "case_counts": "tjanst_id;manad;kanal;antal\n" + rows,
    }
    store = small_store(tables)
    asked = (
        "measure",
        "figures",
        "--by",
        "state",
        "--from",
        "2026-01",
        "--to",
        "2026-02",
        "--store",
        str(store.folder),
    )
    found = {row["state"]: (row["value"], row["answer_state"]) for row in json.loads(run(capsys, *asked)[1])}
    assert found == {
        "value": (1, "value"),
        "zero": (1, "value"),
        "not_applicable": (1, "value"),
        "not_reported": (1, "value"),
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("measure", "no_such_metric"), "no_such_metric"),
        (("measure", "cost", "--by", "channel"), "channel"),
        (("measure", "cost", "--audience", "external"), "cost"),
        (("measure", "cases", "--department", "FINNS-EJ"), "FINNS-EJ"),
        (("measure", "cases", "--from", "2026-05", "--to", "2026-04"), "2026-05"),
        (("measure", "cases", "--from", "maj"), "maj"),
    ],
)
def test_wrong_use_is_2_and_one_sentence(
    capsys: pytest.CaptureFixture[str], example: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, *arguments, "--store", str(example))
    assert (code, out) == (2, "")
    assert said in err
