"""The audit capsule: what is needed to count a report's numbers anew without this program, in a zip."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from analytics.metrics.evidence import Evidence
from ui.reports.documents.packing import add
from ui.reports.outline import Outline
from ui.text.i18n import _, spoken, words

SCRIPT = Path(__file__).with_name("recompute.py.txt")


def write(
    told: Outline, at: datetime, content: bytes, found: Sequence[Evidence], before: Sequence[Evidence] = ()
) -> bytes:
    """The zip: the report as the archive has it, its numbers, the rows behind them, their SQL, and a script that counts them.

    `before` are the rows of the months that the report compares with.
    """
    report = told.report
    figures = [asdict(one) for one in report.figures]
    with spoken(report.language):
        definitions, about = {one.metric.code: _definition(one) for one in found}, _about(told)
    files = {
        "README.txt": about.encode(),
        "report.json": content,
        "figures.csv": _csv(list(figures[0]) if figures else [], [tuple(one.values()) for one in figures]),
        "metrics.json": _json(definitions),
        "recompute.py": SCRIPT.read_bytes(),
        **{f"facts/{one.metric.code}.csv": _csv(one.columns, one.rows) for one in found},
        **{f"facts/before/{one.metric.code}.csv": _csv(one.columns, one.rows) for one in before},
    }
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, file in files.items():
            add(archive, name, file, at)
    return out.getvalue()


def _definition(one: Evidence) -> Mapping[str, Any]:
    metric = one.metric
    told = {name: words(getattr(metric, name)) for name in ("title", "definition", "formula")}
    return {**told, "kind": metric.kind, "time": metric.time, "by": one.by, "sql": one.parts}


def _about(told: Outline) -> str:
    lines = (
        told.report.title,
        told.about,
        "; ".join(f"{name}: {value}" for name, value in told.seal),
        _(
            "Run python recompute.py: it counts each number of report.json from the rows in facts, and needs Python alone."
        ),
        _("The rows were taken out when the file was asked for, while every number still was as it was reported."),
        _("They are protected as the data are: what is not shown in the dashboard is not here either."),
    )
    return "\r\n\r\n".join(filter(None, lines)) + "\r\n"


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
