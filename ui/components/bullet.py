"""The bullet: a value on its way to 100 %, the comparison as a tick, the unknown as a hatch. HTML costs nothing."""

from markupsafe import Markup

from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _


def alt(value: float | None, before: float | None = None, bounds: tuple[float, float] | None = None) -> str:
    """The bullet in one sentence."""
    if value is None:
        return _("The value is not known. The target is {target}.").format(target=numbers.percent(1))
    now, then = numbers.percents(value, before)
    sentences = [_("{value} of the target {target}.").format(value=now, target=numbers.percent(1))]
    if before is not None:
        sentences.append(_("In the comparison period {value}.").format(value=then))
    if bounds and bounds[0] != bounds[1]:
        low, high = (numbers.percent(b) for b in bounds)
        sentences.append(_("Between {low} and {high} whatever the unknown turns out to be.").format(low=low, high=high))
    return " ".join(sentences)


def bullet(value: float | None, before: float | None = None, bounds: tuple[float, float] | None = None) -> Markup:
    """Shares 0–1. A value that is not known is a hatched track; bounds are a hatched strip below the bar."""
    track = tag(
        "div",
        tag("span", class_="bullet-bar", style=f"width:{_at(value)}") if value is not None else "",
        tag("span", class_="bullet-tick", style=f"left:{_at(before)}") if before is not None else "",
        class_="bullet-track" if value is not None else "bullet-track hatch",
    )
    strip = tag("div", class_="bullet-bounds")  # empty: bars stand alike in a row
    if bounds and bounds[0] != bounds[1]:
        place = f"left:{_at(bounds[0])};width:{_at(bounds[1] - bounds[0])}"
        strip = tag("div", tag("span", class_="hatch", style=place), class_="bullet-bounds")
    ends = tag("div", tag("span", numbers.percent(0)), tag("span", numbers.percent(1)), class_="bullet-ends")
    return tag("div", track, strip, ends, class_="bullet", role="img", aria_label=alt(value, before, bounds))


def _at(share: float) -> str:
    return f"{min(max(float(share), 0), 1) * 100:.2f}%"
