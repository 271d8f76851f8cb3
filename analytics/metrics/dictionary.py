"""The metrics as a page of documentation, made from the catalogue alone."""

from analytics.metrics.catalogue import Metric, facts, metrics

HEAD = """# Metrics

<!-- Made from analytics/metrics.toml by `make fix`. Do not edit by hand. -->

Every number that a reader sees. § is the section of the guideline. Coverage = known ÷ population: how much of what there is
we know. A share is numerator ÷ denominator; numerator and denominator travel together until that last
division, and shares are never averaged. A stock is measured on the last day of the period; a flow is summed
over it. A quantile has no numerator, a sum no denominator.
"""


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
        "Version": f"`{metric.version}`",
    }
    table = "\n".join(f"| {name} | {text.replace('|', chr(92) + '|')} |" for name, text in rows.items())
    return f"## `{metric.code}`\n\n{metric.definition['en']}\n\n*{metric.formula['en']}*\n\n| | |\n|---|---|\n{table}\n"


def markdown() -> str:
    """The text of docs/metrics.md."""
    grains = "\n".join(f"- `{fact.code}`: {fact.grain['en']}" for fact in facts().values())
    return "\n".join([HEAD, "Facts:\n", grains, "", *map(_section, metrics().values())])
