"""What made a share move, as clauses: every one in every grammatical case, in both languages."""

import pytest

from analytics.decomposition.effects import Cause, Kind
from tests.ui.decomposition.cases import LANGUAGES, ONE, THREE, TWO
from ui.decomposition import text
from ui.text import i18n

STEPS = "digital_steps"
pytestmark = pytest.mark.usefixtures("register")


def cause(kind: Kind, points: int, services: int, against: int = 0, **more: object) -> Cause:
    """A cause of so many services (the first called T1), in percentage points."""
    named = tuple(f"T{i + 1}" for i in range(services + against))
    return Cause(kind, points / 100, named[:services], named[services:], **more)  # type: ignore[arg-type]  # a field by its name


CLAUSES: list[tuple[str, Cause, str, str]] = [
    (ONE, cause("rate", 2, 1), "Bygglov gained an e-service", "Bygglov fick en e-tjänst"),
    (ONE, cause("rate", 2, 3), "3 services gained an e-service", "3 tjänster fick en e-tjänst"),
    (ONE, cause("rate", -2, 1), "Bygglov no longer has an e-service", "Bygglov har inte längre någon e-tjänst"),
    (ONE, cause("rate", -2, 2), "2 services no longer have an e-service", "2 tjänster har inte längre någon e-tjänst"),
    (
        ONE,
        cause("rate", 1, 2, 1),
        "2 services gained an e-service and Resa no longer has an e-service",
        "2 tjänster fick en e-tjänst och Resa har inte längre någon e-tjänst",
    ),
    (
        ONE,
        cause("rate", -1, 2, 1),
        "2 services no longer have an e-service and Resa gained an e-service",
        "2 tjänster har inte längre någon e-tjänst och Resa fick en e-tjänst",
    ),
    (
        ONE,
        cause("rate", 0, 1, 1),
        "Bygglov gained an e-service and Nyckel no longer has an e-service",
        "Bygglov fick en e-tjänst och Nyckel har inte längre någon e-tjänst",
    ),
    (STEPS, cause("rate", 2, 1), "the share rose in Bygglov", "andelen ökade i Bygglov"),
    (STEPS, cause("rate", -2, 1), "the share fell in Bygglov", "andelen minskade i Bygglov"),
    (STEPS, cause("rate", 2, 3), "the share rose in the same services", "andelen ökade i samma tjänster"),
    (STEPS, cause("rate", -2, 3), "the share fell in the same services", "andelen minskade i samma tjänster"),
    (
        STEPS,
        cause("rate", 2, 3, dominant=True),
        "the share rose in the same services, most in Bygglov",
        "andelen ökade i samma tjänster, mest i Bygglov",
    ),
    (
        STEPS,
        cause("rate", -2, 3, dominant=True),
        "the share fell in the same services, most in Bygglov",
        "andelen minskade i samma tjänster, mest i Bygglov",
    ),
    (
        STEPS,
        cause("mix", 2, 3),
        "more of what is counted is in services with a higher share",
        "mer av det som räknas finns i tjänster med högre andel",
    ),
    (
        STEPS,
        cause("mix", -2, 3),
        "more of what is counted is in services with a lower share",
        "mer av det som räknas finns i tjänster med lägre andel",
    ),
    (TWO, cause("rate", 2, 1), "Bygglov got a larger part of its cases digitally", "Bygglov fick en större del av sina"
                                                                                   " ärenden digitalt"),
    (TWO, cause("rate", -2, 1), "Bygglov got a smaller part of its cases digitally", "Bygglov fick en mindre del av sina"
                                                                                     " ärenden digitalt"),
    (
        TWO,
        cause("rate", 2, 3),
        "the same services got a larger part of their cases digitally",
        "samma tjänster fick en större del av sina ärenden digitalt",
    ),
    (
        TWO,
        cause("rate", -2, 3),
        "the same services got a smaller part of their cases digitally",
        "samma tjänster fick en mindre del av sina ärenden digitalt",
    ),
    (
        TWO,
        cause("rate", 2, 3, dominant=True),
        "the same services, Bygglov above all, got a larger part of their cases digitally",
        "samma tjänster, främst Bygglov, fick en större del av sina ärenden digitalt",
    ),
    (
        TWO,
        cause("rate", -2, 3, dominant=True),
        "the same services, Bygglov above all, got a smaller part of their cases digitally",
        "samma tjänster, främst Bygglov, fick en mindre del av sina ärenden digitalt",
    ),
    (
        THREE,
        cause("rate", 2, 1, 2),
        "a larger share of the cases to Bygglov could be handled digitally",
        "en större del av ärendena till Bygglov kunde hanteras digitalt",
    ),
    (
        THREE,
        cause("rate", 2, 4),
        "a larger share of the cases to 4 services could be handled digitally",
        "en större del av ärendena till 4 tjänster kunde hanteras digitalt",
    ),
    (
        THREE,
        cause("rate", -2, 1),
        "a smaller share of the cases to Bygglov could be handled digitally",
        "en mindre del av ärendena till Bygglov kunde hanteras digitalt",
    ),
    (
        THREE,
        cause("rate", -2, 4),
        "a smaller share of the cases to 4 services could be handled digitally",
        "en mindre del av ärendena till 4 tjänster kunde hanteras digitalt",
    ),
    (
        TWO,
        cause("mix", 2, 4),
        "a larger part of the cases went to services that are more digital",
        "en större del av ärendena gällde tjänster som är mer digitala",
    ),
    (
        THREE,
        cause("mix", -2, 4),
        "a larger part of the cases went to services that are less digital",
        "en större del av ärendena gällde tjänster som är mindre digitala",
    ),
    (
        TWO,
        cause("season", 2, 1),
        "more of the cases to Bygglov came in months when a larger share of them is digital",
        "fler av ärendena till Bygglov kom under månader då en större del av dem är digitala",
    ),
    (
        TWO,
        cause("season", 2, 3),
        "more of the cases to the same services came in months when a larger share of them is digital",
        "fler av ärendena till samma tjänster kom under månader då en större del av dem är digitala",
    ),
    (
        TWO,
        cause("season", -2, 1),
        "more of the cases to Bygglov came in months when a smaller share of them is digital",
        "fler av ärendena till Bygglov kom under månader då en mindre del av dem är digitala",
    ),
    (
        TWO,
        cause("season", -2, 3),
        "more of the cases to the same services came in months when a smaller share of them is digital",
        "fler av ärendena till samma tjänster kom under månader då en mindre del av dem är digitala",
    ),
    (
        STEPS,
        cause("season", 2, 1),
        "more of what is counted of Bygglov lay in months with a larger share",
        "mer av det som räknas i Bygglov låg i månader med större andel",
    ),
    (
        STEPS,
        cause("season", 2, 3),
        "more of what is counted of the same services lay in months with a larger share",
        "mer av det som räknas i samma tjänster låg i månader med större andel",
    ),
    (
        STEPS,
        cause("season", -2, 1),
        "more of what is counted of Bygglov lay in months with a smaller share",
        "mer av det som räknas i Bygglov låg i månader med mindre andel",
    ),
    (
        STEPS,
        cause("season", -2, 3),
        "more of what is counted of the same services lay in months with a smaller share",
        "mer av det som räknas i samma tjänster låg i månader med mindre andel",
    ),
    (ONE, cause("moved_in", 2, 1), "Bygglov moved here", "Bygglov flyttades hit"),
    (
        TWO,
        cause("moved_in", 2, 3),
        "3 services moved here from other departments",
        "3 tjänster flyttades hit från andra verksamheter",
    ),
    (
        TWO,
        cause("moved_in", 2, 1, branch="A"),
        "Bygglov moved here from Vård och omsorg",
        "Bygglov flyttades hit från Vård och omsorg",
    ),
    (
        TWO,
        cause("moved_in", 2, 3, branch="A"),
        "3 services moved here from Vård och omsorg",
        "3 tjänster flyttades hit från Vård och omsorg",
    ),
    (ONE, cause("moved_out", 2, 1), "Bygglov moved away", "Bygglov flyttades härifrån"),
    (
        TWO,
        cause("moved_out", 2, 3),
        "3 services moved to other departments",
        "3 tjänster flyttades till andra verksamheter",
    ),
    (
        TWO,
        cause("moved_out", 2, 1, branch="A"),
        "Bygglov moved to Vård och omsorg",
        "Bygglov flyttades till Vård och omsorg",
    ),
    (
        TWO,
        cause("moved_out", 2, 3, branch="A"),
        "3 services moved to Vård och omsorg",
        "3 tjänster flyttades till Vård och omsorg",
    ),
    (ONE, cause("began", 2, 1), "we now know what Bygglov offers", "nu vet vi vad Bygglov erbjuder"),
    (ONE, cause("more", 2, 2, branch="A"), "we now know what 2 services offer",
     "nu vet vi vad 2 tjänster erbjuder"),
    (ONE, cause("stopped", 2, 1), "it is no longer known what Bygglov offers",
     "det är inte längre känt vad Bygglov erbjuder"),
    (ONE, cause("less", 2, 2, branch="A"), "it is no longer known what 2 services offer",
     "det är inte längre känt vad 2 tjänster erbjuder"),
]  # fmt: skip

COMING = {  # kind: one service, many; several of a department, all that it has (None: the same)
    "published": ("Bygglov was published|Bygglov publicerades", "3 services were published|3 tjänster publicerades",
                  "Vård och omsorg published 3 services|Vård och omsorg publicerade 3 tjänster", None),
    "withdrawn": ("Bygglov was withdrawn|Bygglov avpublicerades", "3 services were withdrawn|3 tjänster avpublicerades",
                  "Vård och omsorg withdrew 3 services|Vård och omsorg avpublicerade 3 tjänster", None),
    "applicable": ("the goal began to apply to Bygglov|målet började gälla Bygglov",
                   "the goal began to apply to 3 services|målet började gälla 3 tjänster",
                   "the goal began to apply to 3 services in Vård och omsorg|målet började gälla 3 tjänster i Vård och"
                   " omsorg", None),
    "not_applicable": ("the goal ceased to apply to Bygglov|målet slutade gälla Bygglov",
                       "the goal ceased to apply to 3 services|målet slutade gälla 3 tjänster",
                       "the goal ceased to apply to 3 services in Vård och omsorg|målet slutade gälla 3 tjänster i Vård och"
                       " omsorg", None),
    "began": ("Bygglov began to be reported in full|Bygglov började rapporteras fullt ut",
              "3 services began to be reported in full|3 tjänster började rapporteras fullt ut",
              "Vård och omsorg began reporting 3 services in full|Vård och omsorg började rapportera 3 tjänster fullt ut",
              "Vård och omsorg began reporting in full|Vård och omsorg började rapportera fullt ut"),
    "stopped": ("Bygglov is no longer reported in full|Bygglov rapporteras inte längre fullt ut",
                "3 services are no longer reported in full|3 tjänster rapporteras inte längre fullt ut",
                "Vård och omsorg no longer reports 3 services in full|Vård och omsorg rapporterar inte längre 3 tjänster"
                " fullt ut",
                "Vård och omsorg no longer reports in full|Vård och omsorg rapporterar inte längre fullt ut"),
    "more": ("Bygglov was reported in full for more months|Bygglov rapporterades fullt ut för fler månader",
             "3 services were reported in full for more months|3 tjänster rapporterades fullt ut för fler månader",
             "Vård och omsorg reported more months of 3 services in full|Vård och omsorg rapporterade fler månader för 3"
             " tjänster fullt ut",
             "Vård och omsorg reported more months in full|Vård och omsorg rapporterade fler månader fullt ut"),
    "less": ("Bygglov was reported in full for fewer months|Bygglov rapporterades fullt ut för färre månader",
             "3 services were reported in full for fewer months|3 tjänster rapporterades fullt ut för färre månader",
             "Vård och omsorg reported fewer months of 3 services in full|Vård och omsorg rapporterade färre månader för 3"
             " tjänster fullt ut",
             "Vård och omsorg reported fewer months in full|Vård och omsorg rapporterade färre månader fullt ut"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "what", "english", "swedish"), CLAUSES)
def test_a_clause(code: str, what: Cause, english: str, swedish: str) -> None:
    for language, expected in zip(LANGUAGES, (english, swedish), strict=True):
        i18n.set_language(language)
        assert text.describe_cause(code, what) == expected


@pytest.mark.parametrize("kind", COMING)
def test_a_clause_of_services_that_came_or_went(kind: Kind) -> None:
    one, many, part, whole = COMING[kind]
    for i, language in enumerate(LANGUAGES):
        i18n.set_language(language)
        for code in (TWO, THREE):
            assert text.describe_cause(code, cause(kind, 1, 1, branch="A", whole_branch=True)) == one.split("|")[i]
            assert text.describe_cause(code, cause(kind, 1, 2, 1)) == many.split("|")[i]
            assert text.describe_cause(code, cause(kind, 1, 2, 1, branch="A")) == part.split("|")[i]
            everything = cause(kind, 1, 3, branch="A", whole_branch=True)
            assert text.describe_cause(code, everything) == (whole or part).split("|")[i]
            assert text.describe_cause(code, everything, ("A",)) == many.split("|")[i]


def test_one_of_two_causes_names_no_foremost_service() -> None:
    i18n.set_language("en")
    told = text.describe_cause(TWO, cause("rate", 2, 3, dominant=True), brief=True)
    assert told == "the same services got a larger part of their cases digitally"
