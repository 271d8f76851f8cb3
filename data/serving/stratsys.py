"""The file for Stratsys, the steering tool that most Swedish municipalities report in: a frozen report under its names."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from data.base.language import N_, translations
from data.messages.render import format_items
from data.schema.catalogue import value_lists
from data.serving.server import Database

HEADER = ("Datum", "Enhet", "Mått", "Kolumn", "Värde")
WHOLE, ACTUAL = "kommunen", "utfall"  # codes of the whole municipality, and of the column of what was reached
WITHOUT_NAME = N_("Not in it, since they have no name in the table Names in Stratsys: %(names)s.")
Line = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class StratsysFile:
    """What goes into the tool, a line a number, and what does not: codes (kind, code) without a name there, numbers not known."""

    lines: tuple[Line, ...]
    without_name: tuple[tuple[str, str], ...]
    unknown: int

    def text(self) -> str:
        """The file: tab-separated, with its header."""
        return "".join("\t".join(line) + "\n" for line in (HEADER, *self.lines))

    def sentences(self, language: str = "sv") -> list[str]:
        """How many numbers go in, and what does not and why."""
        words, kinds = (
            translations(language),
            {value.code: value.labels[language] for value in value_lists()["stratsys_kind"]},
        )
        n = len(self.lines)
        said = [words.ngettext("%(n)s number goes into the file.", "%(n)s numbers go into the file.", n) % {"n": n}]
        if self.without_name:
            named = format_items([f"{kinds[kind]} {code}" for kind, code in self.without_name], language)
            said.append(words.gettext(WITHOUT_NAME) % {"names": named})
        if self.unknown:
            unknown = words.ngettext(
                "%(n)s number is not known and is not in it.",
                "%(n)s numbers are not known and are not in it.",
                self.unknown,
            )
            said.append(unknown % {"n": self.unknown})
        return said


def stratsys_file(database: Database, report: Mapping[str, Any]) -> StratsysFile:
    """The numbers of a report (see `Store.report`), dated the last day of its period; what is not known is left out, never zero."""
    rows = database.cursor().execute("SELECT kind, code, name FROM stratsys").fetchall()
    departments = {code for (code,) in database.cursor().execute("SELECT department_id FROM departments").fetchall()}
    names = {(kind, code): _line(name) for kind, code, name in rows}
    day = _last_day(report["period"]["month_to"])
    lines: list[Line] = []
    missing: dict[tuple[str, str], None] = {}
    unknown = 0
    for figure in report["figures"]:
        if figure.get("before") or (figure["of"] and figure["of"] not in departments):
            continue  # what the report compares with, or a payer that is no department
        codes = (("unit", _unit(figure, report)), ("measure", figure["metric"]), ("column", ACTUAL))
        if lacking := [code for code in codes if code not in names]:
            missing |= dict.fromkeys(lacking)
        elif figure["value"] is None:
            unknown += 1
        else:
            unit, measure, column = (names[code] for code in codes)
            lines.append((day, unit, measure, column, _value(figure)))
    return StratsysFile(tuple(lines), tuple(missing), unknown)


def _unit(figure: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    """The department that a number is of; the whole of a report of one department is that department's."""
    if figure["of"]:
        return str(figure["of"])
    departments = report["period"]["departments"]
    return str(departments[0]) if len(departments) == 1 else WHOLE


def _last_day(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{month}-{monthrange(year, number)[1]:02}"


def _value(figure: Mapping[str, Any]) -> str:
    """Kronor with öre, a share in per cent with one decimal; a decimal comma."""
    if figure["metric"] == "cost":
        value = Decimal(str(figure["value"])).quantize(Decimal("0.01"), ROUND_HALF_UP)
    else:
        value = (100 * Decimal(str(figure["value"]))).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(value).replace(".", ",")


def _line(name: str) -> str:
    """A name on one line, without what parts the columns."""
    return " ".join(name.split())
