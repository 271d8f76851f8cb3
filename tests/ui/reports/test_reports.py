"""A report tells what the pages tell, comes back from JSON as it was, and says of each number that differs why."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import streamlit as st

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from data.coverage import Coverage
from data.store import Store
from tests.data.stores import NOW, ROLE, import_files, write_csv
from tests.reader import Look, press, tables, words
from ui.reports import content, figures, files, revisions
from ui.reports.model import Figure, Report
from ui.reports.outline import outline

PAGE = "pages/follow_up/reports.py"
SCOPE = Scope(date(2026, 1, 1), date(2026, 8, 1))
BOTH = Coverage(("e_service", "phone"), "file", date(2026, 1, 1), date(2026, 8, 1))
TABLES = {
    "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\nT2;Nyckel;B;intern\n",
    "e_services": "etjanst_id;namn;typ;lanserad\nE1;Bygglov;e-tjänst;2024-01-01\n",
    "links": "tjanst_id;etjanst_id\nT1;E1\n",
    "case_counts": "tjanst_id;manad;kanal;antal\n"
    + "".join(f"T1;2026-0{n};e-tjänst;60\nT1;2026-0{n};telefon;40\n" for n in range(1, 9)),
    "costs": "kostnad_id;datum;kostnadstyp;belopp;bestallare\nK1;2026-02-01;övrig;1000,50;A\nK2;2026-02-01;fast;500;\n",
    "targets": "mal;verksamhet_id;datum;andel\n2;A;2025-01-01;90\n2;A;2027-01-01;95\n",
    "explanations": "forklaring_id;mal;verksamhet_id;fran_manad;till_manad;vad_hande;atgard;klart_senast;lage\n"
    "F1;1;B;2026-01;2026-08;Inget system;E-tjänst;2026-10-01;pågår\n",
}
pytestmark = pytest.mark.usefixtures("swedish")


@pytest.fixture
def store(small_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two departments; a service of one is reported from January to August, the other's is not."""
    made = small_store(TABLES, {"case_counts": BOTH})
    monkeypatch.setenv("DASHBOARD_STORE", str(made.folder))
    st.cache_resource.clear()
    return made


def plain(texts: Iterable[str]) -> list[str]:
    """The texts with plain spaces."""
    return [" ".join(text.split()) for text in texts]


def test_it_tells_what_is_measured(store: Store) -> None:
    made = content.report(SCOPE)
    assert made.title == "Delår jan–aug 2026: Hela kommunen"
    told = {(one.metric, one.of): one for one in made.figures if not one.before}
    with store.database().cursor() as cursor:
        for (metric, of), one in told.items():
            by = ("payer",) if metric == "cost" and of else ("department",) if of else ()
            rows = {str(row.by[by[0]]) if by else "": row for row in measure(cursor, metric, SCOPE, *by)}
            assert (one.value, one.coverage) == (rows[of].value, rows[of].coverage)
    assert (told["digital_submission", "A"].numerator, told["digital_submission", "A"].denominator) == (480, 800)
    assert told["cost", "A"].value == 1000.5 and told["cost", ""].value == 1500.5
    (costs,) = (section.grid for section in made.sections if section.grid and section.grid.title == "Vem som betalar")
    assert costs.columns == ("Betalare", "Kronor") and plain(costs.rows[-1]) == ["Totalt", "1 501 kr"]
    (cases,) = (one.grid for one in made.sections if one.grid and one.grid.title.startswith("Mål 2"))
    assert cases.columns == ("Verksamhet", "Andel", "Antal", "Före", "Fullt rapporterade månader")
    assert ["Alfa", "60 %", "480 av 800", "–", "100 %"] in [plain(row) for row in cases.rows]
    (why,) = (section for section in made.sections if section.grid and section.grid.title == "Förklaringar")
    assert why.heading == "1 avvikelse är inte förklarad" and why.grid is not None
    assert why.grid.columns == ("Mål och verksamhet", "Vad som hände", "Vad som görs")
    assert list(map(plain, why.grid.rows)) == [
        ["Mål 2, Alfa", "Ingen förklaring är lämnad för perioden.", "–"],
        ["Mål 1, Beta", "Inget system", "E-tjänst, senast 1 oktober 2026: försenad."],
    ]
    assert made.definitions.title == "Definitioner" and made.definitions.columns[0] == "Tal"
    assert dict(made.facts)["Uppgifter till och med"] == "2 november 2026" and "Små antal" not in dict(made.facts)
    assert any("arendeantal" in source or "case_counts.csv" in source for source in made.sources)


@pytest.mark.parametrize(
    "scope",
    [
        SCOPE,
        replace(SCOPE, departments=("B",), audience="internal", comparison=date(2025, 9, 1)),
        replace(SCOPE, comparison=None),
        Scope(date(2020, 1, 1), date(2020, 1, 1)),
    ],
)
def test_it_comes_back_from_json(store: Store, scope: Scope) -> None:
    made = content.report(scope)
    assert Report.from_json(json.loads(json.dumps(made.as_json()))) == made
    assert revisions.scope_of(made.period) == scope
    assert {one.before for one in made.figures} == ({False, True} if scope.comparison else {False})
    assert {one.reason for one in revisions.revisions(made, scope)} == {""}


def test_the_capsule_counts_the_report_anew_without_us(store: Store, tmp_path: Path) -> None:
    frozen = store.freeze("Delår", content.report(SCOPE).as_json(), ROLE, NOW)
    made = Report.from_json(store.report(frozen.number))
    connect = store.database().cursor
    file = files.capsule(outline(made, frozen), frozen, connect, SCOPE)
    assert file == files.capsule(outline(made, frozen), frozen, connect, SCOPE)
    with ZipFile(io.BytesIO(file)) as capsule:
        capsule.extractall(tmp_path)
    assert (tmp_path / "report.json").read_bytes() == (frozen.folder / "report.json").read_bytes()
    told = (tmp_path / "README.txt").read_text("utf-8")
    for sentence in (
        "Kör python recompute.py: det räknar om varje tal i report.json från raderna i facts, och behöver bara Python.",
        "Raderna togs ut när filen beställdes, medan alla tal ännu var som när de rapporterades.",
        "De är skyddade som uppgifterna är: det som inte visas på webbplatsen finns inte här heller.",
    ):
        assert sentence in told
    run = [sys.executable, "-I", "-S", str(tmp_path / "recompute.py")]  # nothing but what comes with Python
    ran = subprocess.run(run, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, f"{len(made.figures)} numbers, 0 other than reported")
    row = next(
        line
        for line in (tmp_path / "facts/digital_submission.csv").read_text("utf-8").splitlines()
        if "2026-03" in line
    )
    assert row.startswith("A,") and row.split(",").count("60") == 1, row  # one of the eight months that are counted
    for name, old, new, other in (
        ("report.json", '"numerator": 480.0', '"numerator": 481.0', {"digital_submission *"}),
        ("facts/digital_submission.csv", row, row.replace("60", "61"), {"digital_submission A", "digital_submission *"}),
        ("facts/cost.csv", ",100050", ",100060", {"cost A", "cost *"}),
    ):  # fmt: skip
        right = (tmp_path / name).read_text("utf-8")
        assert old in right
        (tmp_path / name).write_text(right.replace(old, new, 1), "utf-8")
        ran = subprocess.run(run, capture_output=True, text=True)
        lines = [line.split() for line in ran.stdout.splitlines()]
        assert ran.returncode == 1 and {" ".join(line[1:3]) for line in lines if line[0] == "OTHER"} == other, (
            ran.stdout
        )
        (tmp_path / name).write_text(right, "utf-8")
    (tmp_path / "facts" / "before" / "digital_submission.csv").unlink()
    ran = subprocess.run(run, capture_output=True, text=True)
    assert ran.returncode == 1 and "OTHER digital_submission * before" in ran.stdout


def changes(report: Report) -> dict[tuple[str, str], str]:
    """The reason of each number that differs."""
    st.cache_resource.clear()
    found = revisions.revisions(report, SCOPE)
    return {(one.of.metric, one.of.of): one.reason for one in found if one.reason}


def test_each_number_that_differs_says_why(store: Store) -> None:
    made = content.report(SCOPE)
    folder = store.folder.parent
    late = write_csv(
        folder, "sent.csv", "tjanst_id;manad;kanal;antal", *(f"T2;2026-0{n};telefon;5" for n in range(1, 9))
    )
    (batch,) = import_files(store, late, covers={"case_counts": replace(BOTH, channels=("phone",))}, now=NOW)
    assert changes(made)["digital_submission", ""] == "more"
    store.undo(batch.number, ROLE, NOW + timedelta(minutes=1))
    assert changes(made) == {}
    right = write_csv(folder, "rättad.csv", "tjanst_id;manad;kanal;antal", "T1;2026-03;telefon;41")
    import_files(store, right, now=NOW + timedelta(minutes=2))
    found = changes(made)
    assert found == dict.fromkeys([("digital_submission", ""), ("digital_submission", "A")], "corrected")
    shown = revisions.table(SCOPE, made)
    assert shown.title == "Det som rapporterades, och det som är känt"
    assert list(shown.rows["Tal"])[:2] == ["Digitala ärenden", "Digitala ärenden, Alfa"]
    assert plain(shown.rows["Som det rapporterades"])[:2] == ["60 % (480 av 800)"] * 2
    assert plain(shown.rows["Samma period, känt i dag"])[:2] == ["60 % (480 av 801)"] * 2
    assert list(shown.rows["Varför det skiljer sig"])[:3] == [*["Uppgifter är rättade"] * 2, "Ingen skillnad"]
    every = revisions.lines(made, revisions.revisions(made, SCOPE))
    assert revisions.headline(every).startswith(f"2 av {len(every)} tal")


def figure(**changes: object) -> Figure:
    return replace(Figure("digital_submission", "", 0.5, 1, 2, 0.5, 3, "value", "v1"), **changes)  # type: ignore[arg-type]  # a field by its name


@pytest.mark.parametrize(
    ("known", "why", "words_"),
    [
        (figure(), "", "Ingen skillnad"),
        (figure(value=0.6, version="v2", silent=1), "definition", "Det räknas på ett annat sätt"),
        (figure(version="v2"), "", "Ingen skillnad"),
        (figure(coverage=0.6), "more", "Mer är rapporterat"),
        (figure(silent=2), "more", "Mer är rapporterat"),
        (figure(silent=4, value=0.6), "less", "Mindre är känt"),
        (None, "less", "Mindre är känt"),
        (figure(denominator=3), "corrected", "Uppgifter är rättade"),
        (figure(metric="cost", value=2), "postings", "Poster har tillkommit eller rättats"),
    ],
)  # fmt: skip
def test_the_reason(known: Figure | None, why: str, words_: str) -> None:
    reported = figure(metric=known.metric) if known else figure()
    assert revisions.reason(reported, known) == why
    assert revisions.reason_words(revisions.reason(reported, known)) == words_


class TestThePage:
    def test_freezing_and_reading(self, store: Store, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
        app = look(store, PAGE, **{"from": "2026-01", "to": "2026-08"})
        assert "Ingen rapport är fryst än" in words(
            app
        ) and "Den får namnet ”Delår jan–aug 2026: Hela kommunen”." in words(app)
        assert "En rapport behåller siffror, meningar och definitioner som de är nu" in words(app)
        with monkeypatch.context() as broken:  # an engine that counts otherwise
            broken.setattr(figures, "measure", lambda *args: [replace(r, numerator=1) for r in measure(*args)])
            app.button(key="_reports_freeze").click().run()
        assert not Store(store.folder).reports()
        assert "Inget är fryst: Digitala ärenden; " in app.error[0].value
        assert "blev något annat när de räknades en andra gång" in app.error[0].value
        press(app, "_reports_freeze")
        (frozen,) = Store(store.folder).reports()
        assert [one.value for one in app.success] == [
            f"”Delår jan–aug 2026: Hela kommunen” är fryst som rapport {frozen.number}."
        ]
        assert app.query_params["report"] == [str(frozen.number)] or app.query_params["report"] == str(frozen.number)
        told = words(app)
        for text in (
            "Delår jan–aug 2026: Hela kommunen",
            "Så är det räknat, och härifrån kommer uppgifterna",
            frozen.sha256,
        ):
            assert text in told
        buttons = [one.proto.label for one in app.get("download_button")]
        assert buttons[:5] == ["PDF", "Word", "PowerPoint", "Excel", "Kapsel för granskning"]
        assert "Alla tal är som när de rapporterades" in told and f"av {frozen.who}" in told

        late = write_csv(store.folder.parent, "rättad.csv", "tjanst_id;manad;kanal;antal", "T1;2026-03;telefon;41")
        import_files(store, late, now=NOW)
        again = look(store, PAGE, report=str(frozen.number))
        assert "Kapsel för granskning" not in [one.proto.label for one in again.get("download_button")]
        assert "Längst till höger står perioden som är vald ovanför: jan 2026–aug 2026." in words(again)
        assert "(480 av 801)" in plain([words(again)])[0] and "480 av 800" in plain([words(again)])[0]
        assert len(tables(again)) >= 4

    def test_the_list(self, store: Store, look: Look) -> None:
        report = store.freeze("Helår <b>2025</b>", content.report(SCOPE).as_json(), ROLE, NOW)
        store.freeze("Delår", {}, ROLE, NOW + timedelta(days=1))
        app = look(store, PAGE)
        assert "Den senaste rapporten frystes 24 november 2026" in words(app)
        assert f"rapporter?from=2026-01&amp;to=2026-08&amp;report={report.number}" in words(app)
        assert "Helår &lt;b&gt;2025&lt;/b&gt;" in words(app) and "Frysta rapporter" in words(app)

    @pytest.mark.parametrize(
        ("number", "why"), [("99", "Det finns ingen rapport 99."), ("x", "Det finns ingen rapport x.")]
    )
    def test_one_that_is_not_there(self, store: Store, look: Look, number: str, why: str) -> None:
        told = words(look(store, PAGE, report=number))
        assert "Rapporten går inte att visa" in told and why in told and "Alla rapporter" in told

    def test_one_that_is_damaged(self, store: Store, look: Look) -> None:
        report = store.freeze("Helår", content.report(SCOPE).as_json(), ROLE, NOW)
        (report.folder / "report.json").write_text("{}", "utf-8")
        told = words(look(store, PAGE, report=str(report.number)))
        assert f"Rapport {report.number} är skadad. Återställ filerna från en säkerhetskopia." in told

    def test_example_data_are_practised_on(self, example: Path, look: Look) -> None:
        app = look(Store(example), PAGE)
        assert [one.label for one in app.button if one.label == "Öva"] and "Frys rapporten" not in {
            b.label for b in app.button
        }


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("60 % av ärendena är digitala", "Det stämmer. Digitala ärenden, jan 2026–aug 2026: 60 %."),
        ("Bara 12 % är digitala ärenden", "Det stämmer inte. Digitala ärenden, jan 2026–aug 2026: 60 %."),
        ("100 % av ärendena är digitala 2026", "Det stämmer inte så som målet räknas, men med en annan definition."),
        ("100 % av ärendena är digitala", "Det stämmer inte för jan 2026–aug 2026 så som målet räknas. Det stämmer för de här"),
        ("Allt går bra", "Det finns ingen andel i meningen. Skriv till exempel ”62 procent av ärendena är digitala” eller"),
        ("Systemägaren betalar 60 %", "Här prövas bara andelar av tjänster och ärenden. Vad det kostar står på sidan Kostnader."),
        ("61,5 % av ärendena är digitala", "Det stämmer inte. Digitala ärenden, jan 2026–aug 2026: 60,0 %."),
        ("60 % av ärendena i Beta", "Det går inte att säga: inget är rapporterat för det som meningen handlar om."),
    ],
)  # fmt: skip
def test_a_sentence_is_held_against_the_figures(store: Store, look: Look, sentence: str, verdict: str) -> None:
    told = plain([words(look(store, PAGE, claim=sentence))])[0]
    assert verdict in told and "Klistra in en mening med en andel" in told
