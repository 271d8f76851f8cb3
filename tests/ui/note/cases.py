"""Two departments over 26 months: in October 2026 the cases of Alfa become digital, and Beta lacks reports."""

from datetime import date

from analytics.metrics.scope import Scope, add_months, month_range
from data.coverage import Coverage

FIRST, OCTOBER = date(2024, 9, 1), date(2026, 10, 1)
MONTHS = month_range(FIRST, OCTOBER)
ALL = Scope(OCTOBER, OCTOBER)
ALFA, BETA = Scope(OCTOBER, OCTOBER, ("A",)), Scope(OCTOBER, OCTOBER, ("B",))
COVERS = {"case_counts": Coverage(("e_service", "phone"), "file", FIRST, OCTOBER)}


def counts(last: int = 96, beta: int = 50) -> str:
    """A hundred cases a month of each department, so many of them digital: of Alfa in October `last`, of Beta about `beta`."""
    rows = ["tjanst_id;manad;kanal;antal"]
    for n, month in enumerate(MONTHS):
        digital = {"T1": last if month == OCTOBER else 60 + n % 3, "T2": beta + n % 2}
        for service, part in digital.items():
            rows += [f"{service};{month:%Y-%m};e-tjänst;{part}", f"{service};{month:%Y-%m};telefon;{100 - part}"]
    return "\n".join(rows) + "\n"


def tables(beta: int = 50, *, last: int = 96) -> dict[str, str]:
    """The tables of the store, with other figures of Beta where they are asked for."""
    return {
        "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\n"
        "T1;Bygglov;A;extern\nT2;Nyckel;B;extern\nT3;Resa;B;intern\n",
        "e_services": "etjanst_id;namn;typ;lanserad\nE1;Söka bygglov;e-tjänst;2024-01-01\nE2;Låna nyckel;e-tjänst;2024-01-01\n",
        "links": "tjanst_id;etjanst_id\nT1;E1\nT2;E2\n",
        "case_counts": counts(last, beta),
        "targets": "mal;verksamhet_id;datum;andel\n2;B;2025-01-01;90\n2;B;2027-01-01;95\n",
        "explanations": "forklaring_id;mal;verksamhet_id;fran_manad;till_manad;vad_hande;atgard;klart_senast;lage\n"
        "F1;2;A;2026-01;2026-08;Brev;Stäng blanketten;2026-10-01;pågår\n"
        "F2;2;A;2026-01;2026-08;Köer;Två till i kassan;2026-12-01;planerad\n",
        "rounds": "omgang_id;fran_manad;till_manad;oppnad;klart_senast\nD1;2026-01;2026-08;2026-09-01;2026-09-20\n",
        "ready": "omgang_id;verksamhet_id;klar\nD1;A;2026-09-18\n",
    }


def month(back: int) -> Scope:
    """The municipality in a month before October."""
    return Scope(add_months(OCTOBER, -back), add_months(OCTOBER, -back))
