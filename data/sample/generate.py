"""Writes the example data to its own folder: `python -m data.sample.generate [FOLDER]`. Equal on every machine."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from data.sample import cases, costs, platform, register, use, website
from data.sample.plan import FIRST, HERE, LAST, Row, month_text, plan
from data.schema.catalogue import datasets

CHANNELS = {"e-tjänst": "e_service", "blankett": "form", "e-post": "email", "telefon": "phone", "besök": "visit",
            "brev": "letter", "okänd": "unknown"}  # fmt: skip


def csv_text(table: str, rows: Iterable[Row]) -> str:
    """The rows as CSV text under the table's headers."""
    headers = tuple(column.header for column in datasets()[table].columns)
    return "".join(";".join(row) + "\n" for row in (headers, *_checked(rows, len(headers))))


def _checked(rows: Iterable[Row], width: int) -> Iterable[Row]:
    for row in rows:
        if len(row) != width or any(c in cell for cell in row for c in ';"\n'):
            raise ValueError(f"this row does not fit the table: {row}")
        yield row


def _numbered(unnumbered: Iterable[cases.Case], prefix: str) -> Iterable[Row]:
    """The cases in order of arrival, each with its number in the source system."""
    for number, case in enumerate(sorted(unnumbered, key=lambda c: (c.received, c.service, c.e_service)), 1):
        yield f"{prefix}-{number:05}", *case


def coverage_toml() -> str:
    """The coverage of each file with cases or counts, as TOML."""
    blocks = [_cover("arenden.csv", ["e_service"], month_text(LAST))]
    for file, spec in plan()["files"].items():
        used = {channel for _, name, channels in cases.counted_channels() if name == file for channel in channels}
        blocks.append(_cover(spec["name"], [code for word, code in CHANNELS.items() if word in used], spec["to"]))
    return "\n".join(
        ["# What the example files cover: a covered service, channel and month without rows is 0.\n", *blocks]
    )


def _cover(name: str, channels: list[str], to: str) -> str:
    listed = ", ".join(f'"{channel}"' for channel in channels)
    return (
        f'[[file]]\nname = "{name}"\nchannels = [{listed}]\nservices = "file"\n'
        f'from = "{month_text(FIRST)}"\nto = "{to}"\n'
    )


def generate_files() -> Mapping[str, str]:
    """The text of every generated file by name."""
    submitted = list(cases.platform_cases())
    postings, shares = costs.costs(submitted)
    tables: dict[str, Iterable[Row]] = {
        "departments": register.departments(),
        "services": register.services(),
        "e_services": register.e_services(),
        "links": register.links(),
        "exemptions": register.exemptions(),
        "stages": register.stages(),
        "needs": register.needs(),
        "criteria": register.criteria(),
        "e_service_use": use.use(submitted),
        "abandoned_steps": use.abandoned_steps(submitted),
        "contacts": use.contacts(),
        "handling_times": use.handling_times(),
        "cases": _numbered(submitted, "OEP"),
        "counted_weeks": cases.week_rows(),
        "handling_steps": register.handling_steps(),
        "costs": postings,
        "cost_shares": shares,
        "rules": costs.rules(),
        "budgets": costs.budget(),
        "targets": ((str(goal), *rest) for goal, *rest in plan()["targets"]["list"]),
        "events": plan()["events"]["list"],
        "explanations": register.explanations(),
        "rounds": plan()["rounds"]["list"],
        "ready": plan()["rounds"]["ready"],
        "questions": register.questions(),
        "stratsys": plan()["stratsys"]["list"],
        "versions": platform.versions(),
        "sightings": platform.sightings(),
        "platform_totals": platform.totals(submitted),
        "web_pages": website.pages(),
    }
    written = {f"{datasets()[table].header}.csv": csv_text(table, rows) for table, rows in tables.items()}
    for file, spec in plan()["files"].items():
        register_file = file == "register"
        rows = _numbered(cases.registry_cases(), "BM") if register_file else cases.count_rows(file)
        written[spec["name"]] = csv_text("cases" if register_file else "case_counts", rows)
    return {**written, "covers.toml": coverage_toml()}


def main(folder: Path = HERE) -> None:
    """Write every file to the folder."""
    for name, content in generate_files().items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
