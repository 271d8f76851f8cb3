"""The catalogue of labels has words for exactly the codes that the program uses."""

from collections.abc import Collection
from typing import get_args

import pytest

from analytics.metrics.catalogue import GOALS, definitions
from analytics.pairing import reasons
from analytics.priorities.savings import UnknownReason
from analytics.registers.services import BOTTLENECKS
from analytics.rules import suggest as rule_suggestions
from analytics.scenario.changes import Kind
from data.mapping import suggest as mapping_suggestions
from data.schema.catalogue import datasets
from ui.imports.mapping_fields import ORDERS
from ui.text import labels

GOAL_STATES = (
    "rising",
    "falling",
    "unsure",
    "none",
    "met",
    "empty",
    "not_applicable",
    "unknown",
    "gap_in_n",
    "gap_share",
    "gap_few",
)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("bottleneck", BOTTLENECKS),
        ("change_kind", get_args(Kind)),
        ("column_type", {column.type for table in datasets().values() for column in table.columns}),
        ("date_order", ORDERS),
        ("mapping_reason", get_args(mapping_suggestions.Reason)),
        ("pairing_reason", set(get_args(reasons.ReasonKind)) - {"other_action"}),  # has sentences of its own
        ("rule_reason", get_args(rule_suggestions.ReasonKind)),
        ("savings_unknown", set(get_args(UnknownReason)) - {"", "nothing"}),  # nothing is told of these
        ("unit", {definition.unit for definition in definitions().values()}),
        *((f"goal_{state}", GOALS.values()) for state in GOAL_STATES),
    ],
)
def test_every_code_has_words(name: str, codes: Collection[str]) -> None:
    assert set(labels.labels_of(name)) == set(codes)


def test_a_set_of_the_program_and_a_value_list_of_the_tables() -> None:
    assert (labels.label("service_class", "form_only"), labels.label("channel", "phone")) == (
        "bara blankett",
        "telefon",
    )
    assert labels.label("channel", None) == "–"
