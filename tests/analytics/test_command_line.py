"""`python -m analytics measure`, as a script calls it."""

import csv
import io
import json
from pathlib import Path

import pytest

from analytics.__main__ import main


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
