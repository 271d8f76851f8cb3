"""Reports to write files of, made by hand: an ordinary one, and those that are hard to set."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ui.components.bullets import Milestone
from ui.components.goal_rows import Change, Goal
from ui.components.shares import Share
from ui.database import FrozenReport
from ui.reports.model import Figure, Grid, Period, Report, Section

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
FROZEN = FrozenReport(7, Path("unread"), "Delår", "systemförvaltare", AT, "5f" * 32)
NAMES = ("Barn och utbildning", "Bygg och miljö Sala-Heby", "Kultur och fritid", "Räddningstjänsten", "Vård och omsorg")
COLUMNS = ("Verksamhet", "Andel", "Antal", "Före", "Fullt rapporterade månader")
LONG = "Förvaltningen för samhällsbyggnadsplanering, " + "medborgarserviceutvecklingsfrågor " * 3 + "och e-tjänster"


def section(heading: str, title: str, names: tuple[str, ...]) -> Section:
    """A finding with a row for each department: the last of them is not known."""
    shares = [round(0.9 - 0.85 * i / len(names), 3) for i in range(len(names))]
    rows = [
        (name, f"{100 * one:.0f}\u00a0%", f"{round(200 * one)} av 200", "31\u00a0%", "100\u00a0%")
        for name, one in zip(names, shares, strict=True)
    ]
    rows[-1] = (names[-1], "Inte rapporterat", "–", "–", "0\u00a0%")
    marks: tuple[float | None, ...] = (*shares[:-1], None)
    if len(names) > 1:
        rows.append(("Hela kommunen", "62\u00a0%", "7 971 av 12 864", "51\u00a0%", "73\u00a0%"))
        marks += (0.62,)
    return Section(
        heading,
        ("Skillnaden mellan verksamheterna är stor.",),
        Grid(title, COLUMNS, tuple(rows), (1, 2, 3, 4), len(names) > 1, marks),
    )


def report(names: tuple[str, ...] = NAMES) -> Report:
    """A report of these departments."""
    change = Change(
        "+11 procentenheter", "på ett år", ": 2 tjänster fick en e-tjänst", note="Det är mer än det vanliga."
    )
    first = Goal(
        "Mål 1 E-tjänster",
        Share(0.67, 61, 91),
        "av tjänsterna har en e-tjänst",
        Share(0.65, 59, 91),
        "året före",
        milestone=Milestone(0.7, "delmål 70\u00a0%", "i dec 2026", "3 procentenheter efter delmålen"),
        change=change,
    )
    third = Goal(
        "Mål 3 Digital ärendehantering",
        Share(0.42, 5836, 13827),
        "av ärendena kan hanteras digitalt",
        Share(0.31, 3000, 9700),
        "året före",
        (0.38, 0.49),
        Milestone(0.5, "delmål 50\u00a0%"),
        change=change,
    )
    unknown = Goal("Mål 2 Digitala ärenden", Share(None, state="not_reported"), without_target="Inget delmål är satt")
    costs = Grid(
        "Vem som betalar",
        ("Betalare", "Kronor"),
        (("Systemägaren", "640 kr"), ("Utan betalare", "360 kr"), ("Totalt", "1\u00a0000 kr")),
        (1,),
        True,
        (0.64, 0.36, 1.0),
    )
    text = "Tjänster med e-tjänst ÷ tjänster i drift som vi har uppgift om, utom de som inte behöver en e-tjänst."
    return Report(
        title="Delår jan–aug 2026: Hela kommunen",
        headline="En större del av ärendena är digitala, men Vård och omsorg rapporterar mindre än förut",
        language="sv",
        period=Period("2026-01", "2026-08", "2025-01", (), "", (), "historical", ""),
        facts=(
            ("Urval", "Hela kommunen · jan–aug 2026, jämfört med samma period året före"),
            ("Obs", "Exempeldata – påhittade siffror"),
        ),
        goals=(first, unknown, third),
        basis=("61 av 91 · allt är rapporterat", "", "5 836 av 13 827 · 89\u00a0% är rapporterat"),
        actions=(
            ("30 tjänster saknar e-tjänst", "Hälften av dem finns i Bygg och miljö."),
            ("Arkivering stoppar flest tjänster", "Steget är inte digitalt i 57 av 70."),
        ),
        sections=(
            section("Var tredje tjänst saknar e-tjänst", "Mål 1 E-tjänster per verksamhet", names),
            section("Vård och omsorg har inte rapporterat", "Mål 2 Digitala ärenden per verksamhet", names),
            section("Fyra av tio ärenden kan hanteras digitalt", "Mål 3 Digital ärendehantering per verksamhet", names),
            Section("Systemägaren betalar 64\u00a0% av 1\u00a0000 kr", (), costs),
        ),
        definitions=Grid(
            "Definitioner",
            ("Tal", "Hur det räknas", "Riktlinjen", "Version"),
            (
                ("E-tjänster", text, "§ 3.2.1", "1a2b3c4d"),
                ("Digitala ärenden", text * 3, "§ 3.2.2", "2b3c4d5e"),
                ("Kostnad", text * 2, "§ 8", "3c4d5e6f"),
            ),
        ),
        sources=(
            "Tjänster: tjanster.csv, inläst 1 november 2026",
            "Ärenden: 12 filer, den senaste arendeantal.csv, inläst 2 november 2026",
        ),
        figures=(
            Figure("e_service_coverage", "", 0.67, 61, 91, 1.0, 0, "value", "1a2b3c4d", "E-tjänster"),
            Figure(
                "digital_submission",
                "V",
                None,
                None,
                None,
                0.0,
                8,
                "not_reported",
                "2b3c4d5e",
                "Digitala ärenden",
                "Vård och omsorg",
            ),
            Figure("cost", "", 1000.5, 1000.5, None, 0.64, 0, "value", "3c4d5e6f", "Kostnad"),
        ),
    )


def hard() -> dict[str, Report]:
    """Reports that a writer may trip over."""
    plain = report()
    nothing = tuple(
        replace(goal, now=Share(None, state="not_reported"), before=None, bounds=None, milestone=None, change=None)
        for goal in plain.goals
    )
    near = replace(
        plain.goals[0], now=Share(0.251, 251, 1000), before=Share(0.247, 247, 1000), compared="the year before"
    )
    english = (near, *plain.goals[1:])
    home = "https://sala.example/"
    linked = replace(
        plain,
        home=home,
        address="rapporter?from=2026-01&to=2026-08",
        goals=tuple(replace(goal, href=f"mal-{n}?from=2026-01") for n, goal in enumerate(plain.goals, 1)),
        sections=tuple(replace(one, link=f"mal-{n}?from=2026-01") for n, one in enumerate(plain.sections, 1)),
    )
    return {
        "linked": linked,
        "forty": report(tuple(f"{LONG[:120]} {n:02}" for n in range(40))),
        "long": replace(report((LONG, *NAMES)), title=LONG, headline=f"{LONG} och {LONG}"),
        "one": report(NAMES[:1]),
        "nothing": replace(plain, goals=nothing, basis=("", "", ""), actions=(), sections=(), figures=(), sources=()),
        "letters": replace(plain, headline="Åäö 😀 العربية e‑tjänst \ufffd och \x0b\x01 slut <b>&amp; =1+1"),
        "english": replace(plain, language="en", goals=english),
    }
