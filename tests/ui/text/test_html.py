"""HTML: no text from data becomes markup, and nothing is escaped twice."""

import pytest

from ui.text.html import definition_list, join, mark_as_swedish, tag
from ui.text.i18n import escape_markdown

HOSTILE = """<script>alert("1")</script> & 'x' </p> &lt;b&gt; {0} %s"""
SAFE = "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; &#39;x&#39; &lt;/p&gt; &amp;lt;b&amp;gt; {0} %s"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "tjanst_id i bok-obalans.2026.se (2)",
            "tjanst_id i bok-obalans.2026.se (2)",
        ),  # a label is a name that is read out
        ("_a_ *b* [c](d) `e` $f$ ~g~", r"\_a\_ \*b\* \[c\](d) \`e\` \$f\$ \~g\~"),
        (":red[x] https://a.se www.a.se", "\\:red\\[x\\] https\u2060://a.se www\u2060.a.se"),
        ("a -> b -- c", r"a \-\> b \-\- c"),
        ("- a\n1. b\n# c", "\\- a\n1\\. b\n\\# c"),
    ],
)
def test_only_what_markdown_acts_on_is_escaped(text: str, shown: str) -> None:
    assert escape_markdown(text) == shown


def test_elements_added_together_stay_elements() -> None:
    both = tag("b", "A & B") + tag("i", "C")
    assert tag("p", both) == "<p><b>A &amp; B</b><i>C</i></p>"


def test_text_added_to_an_element_is_escaped() -> None:
    assert tag("b", "x") + HOSTILE == f"<b>x</b>{SAFE}"
    assert HOSTILE + tag("b", "x") == f"{SAFE}<b>x</b>"


def test_values_are_escaped_wherever_they_stand() -> None:
    assert tag("p", HOSTILE, title=HOSTILE) == f'<p title="{SAFE}">{SAFE}</p>'
    assert join((HOSTILE, tag("b", "x")), HOSTILE) == f"{SAFE}{SAFE}<b>x</b>"


def test_an_element_put_into_a_text_is_escaped_as_text() -> None:
    assert tag("p", f"{tag('b', 'x')}") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"


def test_attributes() -> None:
    assert tag("a", "x", class_="c", aria_label="l", hidden=True, href=None, open=False) == (
        '<a class="c" aria-label="l" hidden>x</a>'
    )
    assert tag("br") == "<br>"


@pytest.mark.parametrize("value", [1, 2.5, None])
def test_what_is_no_text_is_written(value: object) -> None:
    assert tag("td", value) == f"<td>{value}</td>"


def test_a_definition_list_leaves_out_what_is_blank() -> None:
    pairs = ((HOSTILE, HOSTILE), ("x", ""), ("y", None))
    assert definition_list(pairs, "facts") == f'<dl class="facts"><dt>{SAFE}</dt><dd>{SAFE}</dd></dl>'


def test_a_goal_a_section_and_a_date_stay_whole() -> None:
    assert tag("p", "Från: 2026-05-06") == '<p>Från: <span class="unbroken">2026-05-06</span></p>'
    assert tag("p", "Avsteg (§ 2.1)") == '<p>Avsteg (<span class="unbroken">§ 2</span>.1)</p>'
    assert tag("h1", "Med mål 2 och 3 <nu>") == '<h1>Med <span class="unbroken">mål 2</span> och 3 &lt;nu&gt;</h1>'


def test_names_are_marked_as_swedish_where_they_stand_whole() -> None:
    mark_as_swedish(("Bygg", "Bygg & miljö", "IT", "A.D"))
    assert tag("td", "Bygg & miljö, Byggnad; Bygg. IT") == (
        '<td><span lang="sv">Bygg &amp; miljö</span>, Byggnad; <span lang="sv">Bygg</span>. IT</td>'
    )
    assert tag("td", "AxD", title="Bygg") == '<td title="Bygg">AxD</td>'
    mark_as_swedish(())
    assert tag("td", "Bygg") == "<td>Bygg</td>"


def test_an_e_service_is_never_parted() -> None:
    told = join(["2 tjänster fick e-tjänst <nu>; e-post och de-lar"])
    assert told == (
        '2 tjänster fick <span class="unbroken">e-tjänst</span> &lt;nu&gt;; <span class="unbroken">e-post</span> och de-lar'
    )


def test_text_and_markup_that_read_alike_are_told_apart() -> None:
    for _ in range(2):
        assert tag("i", title=tag("br")) == '<i title="<br>"></i>'
        assert tag("i", title="<br>") == '<i title="&lt;br&gt;"></i>'
