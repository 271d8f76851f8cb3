"""Two reports with late data, a correction and another definition between them: every number that was told is accounted for."""

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest
import streamlit as st
from pypdf import PdfReader

from analytics.metrics.scope import Scope
from data.base.lock import import_lock
from data.coverage import Coverage
from data.store import Store
from tests.data.stores import ROLE, import_files, write_csv
from tests.reader import Look, tables
from tests.ui.reports.test_reports import PAGE, TABLES, plain
from ui.database import FrozenReport
from ui.frame.sitemap import page_specs
from ui.reports import content, figures, files, revisions, since
from ui.reports.model import Report
from ui.reports.outline import Outline, outline

HOME = "https://sala.example/e/"
FIRST, SECOND = Scope(date(2026, 1, 1), date(2026, 4, 1)), Scope(date(2026, 1, 1), date(2026, 8, 1))
MAY, NOVEMBER = datetime(2026, 5, 12, 9, 0), datetime(2026, 11, 24, 9, 0)
Counts = dict[tuple[str, str, str], int]  # service, month and channel
SENT: Counts = {("T1", f"2026-0{n}", channel): cases for n in range(1, 5) for channel, cases in (("e", 60), ("p", 40))}
LATE: Counts = {("T2", f"2026-0{n}", "p"): 5 for n in range(1, 9)}
NEXT: Counts = {("T1", f"2026-0{n}", channel): cases for n in range(5, 9) for channel, cases in (("e", 90), ("p", 10))}
RIGHT: Counts = {("T1", "2026-03", "p"): 41}
CHANNELS = {"e": "e-tjänst", "p": "telefon"}
pytestmark = pytest.mark.usefixtures("swedish")


def lines(counts: Counts) -> list[str]:
    """The counts as lines of a file."""
    return ["tjanst_id;manad;kanal;antal", *(f"{s};{m};{CHANNELS[c]};{n}" for (s, m, c), n in counts.items())]


def covered(counts: Counts) -> dict[str, Coverage]:
    """What a file of them covers: its own months and channels."""
    months = sorted(date.fromisoformat(f"{month}-01") for _service, month, _channel in counts)
    names = {"e": "e_service", "p": "phone"}
    return {
        "case_counts": Coverage(tuple(names[c] for c in sorted({c for *_, c in counts})), "file", months[0], months[-1])
    }


def expected(counts: Counts, last: str, services: Iterable[str]) -> str:
    """The share of what came in by an e-service, in plain loops."""
    within = {key: n for key, n in counts.items() if key[0] in services and key[1] <= last}
    digital, every = sum(n for key, n in within.items() if key[2] == "e"), sum(within.values())
    return f"{round(100 * digital / every)} % ({digital} av {every})" if every >= 20 else f"{digital} av {every}"


def freeze(store: Store, scope: Scope, now: datetime) -> tuple[FrozenReport, Outline]:
    """The report of the scope, frozen as the page does."""
    st.cache_resource.clear()
    made = content.report(scope, HOME)
    assert figures.miscounted(made, scope) == []
    frozen = store.freeze(made.title, made.as_json(), ROLE, now)
    return frozen, outline(Report.from_json(store.report(frozen.number)), frozen)


@pytest.fixture
def first(small_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> Store:
    """What was known in May, when the first report was frozen."""
    early = TABLES | {
        "case_counts": "\n".join(lines(SENT)) + "\n",
        "explanations": "forklaring_id;mal;verksamhet_id;fran_manad;till_manad;vad_hande;atgard;klart_senast;lage;"
        "vantade_procentenheter\nF1;2;A;2026-01;2026-04;Brev utan länk;Länkar i breven;2026-08-01;klar;4\n",
    }
    store = small_store(early, covered(SENT), today=MAY.date())
    monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
    return store


def load(store: Store, name: str, counts: Counts, now: datetime) -> None:
    path = write_csv(store.folder.parent, name, *lines(counts))
    import_files(store, path, covers=covered(counts) if name != "rättelse.csv" else None, now=now)


def by_name(found: Iterable[revisions.Line]) -> dict[str, tuple[str, ...]]:
    return {one.name: (*plain((one.reported, one.known, one.now)), revisions.reason_words(one.reason)) for one in found}


def test_nothing_that_was_told_changes_without_a_line(
    first: Store, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, _files = freeze(first, FIRST, MAY)
    load(first, "sena.csv", LATE, NOVEMBER)
    load(first, "nya.csv", NEXT, NOVEMBER)
    load(first, "rättelse.csv", RIGHT, NOVEMBER)
    costs = ("kostnad_id;datum;kostnadstyp;belopp;bestallare", "K3;2026-03-01;övrig;200;B")
    import_files(first, write_csv(first.folder.parent, "fakturor.csv", *costs), now=NOVEMBER)
    st.cache_resource.clear()
    report = Report.from_json(first.report(told.number))
    found = revisions.lines(report, revisions.revisions(report, SECOND))
    reported, known = SENT, SENT | LATE | RIGHT
    now = known | NEXT
    said = by_name(found)
    for name, services, why in (
        ("Digitala ärenden", ("T1", "T2"), "Mer är rapporterat"),
        ("Digitala ärenden, Alfa", ("T1",), "Uppgifter är rättade"),
    ):
        assert said[name] == (
            expected(reported, "2026-04", services), expected(known, "2026-04", services),
            expected(now, "2026-08", services), why,
        )  # fmt: skip
    assert said["Digitala ärenden, Beta"] == (
        "–",
        expected(known, "2026-04", ("T2",)),
        "0 % (0 av 40)",
        "Mer är rapporterat",
    )
    assert said["Kostnad"] == ("1 501 kr", "1 701 kr", "1 701 kr", "Poster har tillkommit eller rättats")
    assert said["Kostnad, Beta"] == ("–", "200 kr", "200 kr", "Fanns inte i rapporten")
    assert said["E-tjänster"][-1] == "Ingen skillnad" and said["Kostnad, Alfa"][-1] == "Ingen skillnad"
    again = {one.key: one for one in figures.figures(FIRST)}  # no number that differs is left without its reason
    differ = {one.key for one in report.figures if replace(again[one.key], version="") != replace(one, version="")}
    assert differ == {one.of.key for one in revisions.revisions(report, SECOND) if one.reason and one.reported}

    frozen, second = freeze(first, SECOND, NOVEMBER)
    (section,) = (
        one
        for one in second.report.sections
        if one.grid and one.grid.title == "Det som skiljer sig från förra rapporten"
    )
    assert (
        section.heading
        == f"{len([one for one in found if one.reason])} av {len(found)} tal i förra rapporten är andra nu"
    )
    assert section.sentences == (f"Det var rapport {told.number}, ”Tertial 1, delår jan–apr 2026: Hela kommunen”.",)
    assert section.grid is not None and len(section.grid.rows) == len([one for one in found if one.reason])
    (became,) = (
        one for one in second.report.sections if one.grid and one.grid.title == "Vad det blev av tidigare åtgärder"
    )
    assert became.heading == "1 av 1 tidigare åtgärder är klara" and became.grid is not None
    assert became.grid.columns == ("Mål och verksamhet", "Förklarat för", "Vad som skulle göras", "Vad det har gett")
    assert plain(became.grid.rows[0])[:3] == [
        "Mål 2, Alfa", "jan 2026–apr 2026", "Länkar i breven, senast 1 augusti 2026: klar.",
    ]  # fmt: skip
    (without,) = (one.grid for one in second.report.sections if one.grid and one.grid.title == "Förklaringar")
    assert "Ingen förklaring är lämnad för perioden." in {
        row[1] for row in without.rows
    }  # April's explains not August's
    follow_to_its_rows(first, frozen, second, look, tmp_path)

    def other(_cursor: object, code: str) -> str:
        return "anew" if code == "digital_submission" else next(o.version for o in report.figures if o.metric == code)

    monkeypatch.setattr(figures, "definition_version", other)
    st.cache_resource.clear()
    reasons = {one.of.key: one.reason for one in revisions.revisions(report, SECOND)}
    assert reasons["digital_submission", "A", False] == "definition" and reasons["cost", "", False] == "postings"
    assert revisions.all_the_same(revisions.revisions(second.report, SECOND)) is False


def follow_to_its_rows(store: Store, frozen: FrozenReport, told: Outline, look: Look, folder: Path) -> None:
    """From a number in the PDF to the page with the same choice, its rows to take along, and the rows in the capsule."""
    (_label, _ending, pdf), *_others = files.WRITERS
    pages = PdfReader(io.BytesIO(pdf(told, NOVEMBER))).pages
    numerator, denominator = 600, 841  # of Alfa, January to August
    assert f"{numerator} av {denominator}" in " ".join("".join(page.extract_text() for page in pages).split())
    notes = [note.get_object() for page in pages for note in page.get("/Annots", ())]
    links = dict.fromkeys(str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {}))
    (link,) = (one for one in links if "mal-2" in one)
    assert link.startswith(HOME)
    parts = urlsplit(link.removeprefix(HOME))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert query == {"from": "2026-01", "to": "2026-08", "as_of": "2026-11-24"}
    load(store, "rättelse.csv", {("T1", "2026-04", "p"): 99}, datetime(2026, 11, 25, 9, 0))  # known a day later
    page = look(store, next(spec.file for spec in page_specs() if spec.path == parts.path), **query)
    values = {cell for table in tables(page) for row in table.itertuples() for cell in row if isinstance(cell, float)}
    assert any(value == pytest.approx(numerator / denominator) for value in values)  # and not that of a day later
    assert any(one.proto.label == "Ladda ner CSV" for one in page.get("download_button"))
    with ZipFile(io.BytesIO(files.capsule(told, frozen, lambda: store.database().cursor(), SECOND))) as capsule:
        head, *rows = capsule.read("facts/digital_submission.csv").decode().splitlines()
    assert head.startswith("branch") and len([row for row in rows if row.startswith("A,")]) == 8
    own = next(value for name, value in told.seal if name == "Adress")
    assert own == f"{HOME}rapporter?from=2026-01&to=2026-08&report={frozen.number}"


def test_a_report_of_the_same_months_is_a_report_before_too(first: Store) -> None:
    _frozen, alone = freeze(first, FIRST, MAY)
    assert since.previous(SECOND)[0][0] == _frozen.number and since.previous(replace(SECOND, departments=("A",))) == []
    assert not [one for one in alone.report.sections if "rapporten" in one.heading]
    _again, same = freeze(first, FIRST, NOVEMBER)
    (section,) = (one for one in same.report.sections if "rapporten" in one.heading)
    assert section.heading == "Alla tal i förra rapporten gäller fortfarande" and section.grid is None


def test_an_import_meanwhile_leaves_a_whole_report(first: Store, look: Look) -> None:
    """One that is under way stops the freeze; what came in between is known to differ."""
    page = look(first, PAGE, **{"from": "2026-01", "to": "2026-04"})
    with import_lock(first.folder, ROLE, NOVEMBER):
        page.button(key="_reports_freeze").click().run()
    assert not first.reports() and "importerar" in page.error[0].value
    made = content.report(FIRST)
    load(first, "rättelse.csv", RIGHT, NOVEMBER)
    frozen = first.freeze(made.title, made.as_json(), ROLE, NOVEMBER)
    assert Report.from_json(first.report(frozen.number)) == made
    st.cache_resource.clear()
    assert [one.of.key for one in revisions.revisions(made, FIRST) if one.reason] == [
        ("digital_submission", "", False),
        ("digital_submission", "A", False),
    ]
