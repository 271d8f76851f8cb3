"""How the invented e-services are used, why residents make contact, and how long a case takes (§ 3.1)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from data.sample.cases import Case
from data.sample.plan import Row, month_text, months, plan
from data.sample.platform import launched_e_services
from data.sample.random_stream import RandomStream

SINCE = "2024-11"  # the first month that the platform's statistics are kept for
STEPS = ("1 Om dig", "2 Uppgifter", "3 Bilagor", "4 Granska och skicka")
WORST = {"E-121": 2, "E-124": 2, "E-134": 1}  # the step where most give up, by e-service
REASONS = {"information": 0.45, "ärende": 0.2, "var är mitt ärende": 0.2, "fel": 0.05, "annat": 0.1}
CHASED = {"T-033": 0.6, "T-028": 0.5}  # the part of the contacts that ask where the case is, by service


def _submitted(cases: Iterable[Case]) -> dict[tuple[str, str], int]:
    counts = Counter((case.e_service, case.received[:7]) for case in cases if case.assisted != "ja")
    return {key: n for key, n in sorted(counts.items()) if key[0] in launched_e_services() and key[1] >= SINCE}


def _abandoned(cases: Iterable[Case]) -> Iterator[tuple[str, str, int, int]]:
    """E-service, month, how many sent in, and how many gave up."""
    for (code, month), n in _submitted(cases).items():
        usual = 0.35 if code in WORST else 0.16
        yield code, month, n, RandomStream(f"abandoned {code} {month}").poisson(n * usual)


def use(cases: Iterable[Case]) -> Iterator[Row]:
    """Rows of anvandning."""
    for code, month, n, gave_up in _abandoned(cases):
        stream = RandomStream(f"satisfaction {code} {month}")
        liked = (
            {"1": 1.0, "2": 1.0, "3": 2.0, "4": 4.0, "5": 5.0}
            if code not in WORST
            else {"1": 3.0, "2": 3.0, "3": 3.0, "4": 2.0, "5": 1.0}
        )
        grades = [int(stream.choose(liked)) for _ in range(n) if stream.happens(0.22)]
        yield code, month, str(n + gave_up), str(n), str(gave_up), str(len(grades)), str(sum(grades))


def abandoned_steps(cases: Iterable[Case]) -> Iterator[Row]:
    """Rows of avbrott: in which step those who gave up stopped."""
    for code, month, _n, gave_up in _abandoned(cases):
        stream = RandomStream(f"step {code} {month}")
        weights = {step: 4.0 if WORST.get(code) == i else 1.0 for i, step in enumerate(STEPS)}
        stopped = Counter(stream.choose(weights) for _ in range(gave_up))
        for step in STEPS:
            if stopped[step]:
                yield code, month, step, str(stopped[step])


def contacts() -> Iterator[Row]:
    """Rows of kontakter: the contact centre's, for the services that it is asked about most."""
    for service in plan()["contacts"]["services"]:
        yearly = plan()["services"][service]["yearly"]
        for month in (month_text(m) for m in months()):
            if month < SINCE:
                continue
            stream = RandomStream(f"contacts {service} {month}")
            weights = REASONS | ({"var är mitt ärende": 2 * CHASED[service]} if service in CHASED else {})
            asked = Counter(
                stream.choose(weights)
                for _ in range(stream.poisson(yearly / 12 * (0.5 if service in CHASED else 0.15)))
            )
            for reason in REASONS:
                if asked[reason]:
                    yield service, month, "telefon", reason, str(asked[reason])


def handling_times() -> Iterator[Row]:
    """Rows of tidsatgang."""
    for service, row in plan()["handling_times"].items():
        yield service, *row
