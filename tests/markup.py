"""What stands in markup: the texts of elements, and the numbers of their styles."""

import re
from html import unescape


def texts(markup: str, name: str) -> list[str]:
    """The words in each element of this name, in order."""
    bodies = re.findall(rf"<{name}(?: [^>]*)?>(.*?)</{name}>", markup, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", body)) for body in bodies]


def sizes(markup: str, style: str) -> list[float]:
    """The numbers that a property of the style has, in order."""
    return [float(value) for value in re.findall(rf"(?<![\w-]){style}:([-\d.e+]+)", markup)]
