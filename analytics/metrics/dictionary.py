"""The metrics as a page of documentation, made from the catalogue alone."""

from collections.abc import Mapping

from analytics.metrics.catalogue import Computed, Metric, computed, facts, metrics

HEAD = """# Metrics

<!-- Made from analytics/metrics.toml by `make fix`. Do not edit by hand. -->

Every number that a reader sees. § is the section of the guideline. Coverage = known ÷ population: how much of what there is
we know. A share is numerator ÷ denominator; numerator and denominator travel together until that last
division, and shares are never averaged. A stock is measured on the last day of the period; a flow is summed
over it. A quantile has no numerator, a sum no denominator.
"""


COMPUTED = """# Computed from the metrics

Numbers that Python computes, each by the module that is named, from the metrics that it is of.
"""


def _computed(definition: Computed) -> str:
    rows = {
        "Title": f"{definition.title['sv']} / {definition.title['en']}",
        "Guideline": f"§ {definition.section}" + (f", goal {definition.goal}" if definition.goal else ""),
        "Unit": definition.unit,
        "Computed by": f"`{definition.by}`",
        "Of": ", ".join(f"`{code}`" for code in definition.of) or "–",
    }
    return _entry(definition, rows)


def _section(metric: Metric) -> str:
    rows = {
        "Title": f"{metric.title['sv']} / {metric.title['en']}",
        "Guideline": f"§ {metric.section}" + (f", goal {metric.goal}" if metric.goal else ""),
        "Kind": f"{metric.kind}, {metric.time}, in {metric.unit}"
        + (f", target {metric.target:.0%}" if metric.target else ""),
        "Counted in": f"`{metric.fact.code}`: {metric.fact.grain['en']}",
        "Numerator": f"`{metric.numerator}`",
        "Denominator": f"`{metric.denominator}`",
        "Known": f"`{metric.known}`",
        "Population": f"`{metric.population}`",
        "Grouped by": ", ".join(metric.fact.dimensions),
    }
    return _entry(metric, rows)


def _entry(definition: Metric | Computed, rows: Mapping[str, str]) -> str:
    table = "\n".join(f"| {name} | {text.replace('|', chr(92) + '|')} |" for name, text in rows.items())
    head = f"## `{definition.code}`\n\n{definition.definition['en']}\n\n*{definition.formula['en']}*"
    return f"{head}\n\n| | |\n|---|---|\n{table}\n"


def markdown() -> str:
    """The text of docs/metrics.md."""
    grains = "\n".join(f"- `{fact.code}`: {fact.grain['en']}" for fact in facts().values())
    sections = (*map(_section, metrics().values()), COMPUTED, *map(_computed, computed().values()))
    return "\n".join((HEAD, "Facts:\n", grains, "", *sections))
