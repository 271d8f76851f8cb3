"""The overview of `benchmarks.usual` in Dash: `python -m benchmarks.usual_dash PORT`."""

import sys
from urllib.parse import parse_qs

import dash

from benchmarks import usual

FRAMES = usual.frames()
HEALTH = "/_stcore/health"  # where `benchmarks.servers` asks whether it is there


def page(search: str | None) -> list[object]:
    """What stands on the page at an address."""
    html, graph = dash.html, dash.dcc.Graph
    shown = usual.overview(*FRAMES, parse_qs((search or "").lstrip("?")).get("department", [""])[0])
    cards = [html.Div([html.H2(title), html.P(text)]) for title, text in shown.cards.items()]
    charts = [part for title, figure in shown.figures.items() for part in (html.H2(title), graph(figure=figure))]
    return [html.H1(shown.headline), html.P(shown.chosen, className="chosen"), *cards, *charts]


def main() -> None:
    """Serve it at the port of the command line."""
    app = dash.Dash(__name__)
    app.layout = dash.html.Div([dash.dcc.Location(id="address"), dash.html.Main(id="page")])
    app.callback(dash.Output("page", "children"), dash.Input("address", "search"))(page)
    app.server.add_url_rule(HEALTH, view_func=lambda: "ok")
    app.run(port=int(sys.argv[1]))


if __name__ == "__main__":
    main()
