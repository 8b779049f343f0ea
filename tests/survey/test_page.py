# SPDX-License-Identifier: GPL-2.0-or-later
"""summary.html: it says what summary.txt says, draws each episode, and nothing in a name acts."""
import html.parser
import sys

import pytest

from conftest import MODULES

sys.path.insert(0, str(MODULES))

from nlb_survey import page as drawing  # noqa: E402

HOSTILE = """</li></title><script>alert(1)</script><img src=x onerror="alert(2)">'&amp;"""


class Seen(html.parser.HTMLParser):
    """What a browser would make of it: elements with their attributes, and the text of each kind."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.texts, self.open = [], {}, []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts[self.open[-1]][-1] += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def row(second, severity="Warning", finding="nlb.analysis.foreign_router", cluster="192.0.2.1", **more):
    return {"time": f"2026-11-23T10:{second // 60:02}:{second % 60:02}.000000000Z", "tap": "t", "file": "f",
            "frame": 1, "severity": severity, "finding": finding, "cluster": cluster, "text": "said", **more}


def episode(first, last=None, **more):
    return {"first": row(first, **more), "last": row(first if last is None else last, **more), "count": 2}


def seen(*episodes, sections=(("Timeline", [], "nothing happened"),)):
    return Seen(drawing.page("NLB survey", sections, list(episodes)))


def test_it_says_what_the_text_says(desk):
    out = desk.survey(desk.copy("foreign-router.pcapng", "whole.pcapng"), desk.copy("cluster-split.pcapng", "b.pcapng"))
    text = (out / "summary.txt").read_text(encoding="utf-8").splitlines()
    found = Seen((out / "summary.html").read_text(encoding="utf-8"))
    assert found.texts["h1"] == text[:1]
    assert found.texts["h2"] == [line for line in text[1:] if line and not line.startswith("  ")]
    assert found.texts["li"] == [line[2:] for line in text if line.startswith("  ")]
    timeline = text[text.index("Timeline") + 1:text.index("What to do") - 1]
    assert len(found.all("rect")) == len(timeline) > 1
    assert {words.rpartition("  ")[2] for words in found.texts["title"]} >= {
        line.rpartition("  ")[2] for line in timeline}


def test_a_bar_begins_and_ends_where_the_episode_does():
    bars = seen(episode(0, 60), episode(120), episode(240, severity="Error")).all("rect")
    left = {float(bar["x"]): (float(bar["width"]), bar["class"], float(bar["y"])) for bar in bars}
    first, second, third = sorted(left)
    assert first == drawing.LEFT and abs(second - first - 2 * left[first][0]) < 1
    assert left[second][0] == left[third][0] == drawing.THINNEST
    assert left[third][1] == "Error" and left[third][2] < left[first][2]  # the gravest lane is the first
    assert third + drawing.THINNEST <= drawing.WIDTH


@pytest.mark.parametrize("where", ["text", "file", "cluster", "finding"])
def test_nothing_in_a_name_acts(where):
    found = seen(episode(0, **{where: HOSTILE}), sections=[
        ("Timeline", [HOSTILE], "-"), ("Captures with a fault", [HOSTILE + ": is empty"], "-")])
    names = {name for name, _ in found.elements}
    assert names == {"html", "head", "meta", "title", "style", "body", "h1", "h2", "ul", "li", "div", "svg", "line",
                     "text", "rect", "circle", "details", "summary"}
    assert not [key for _, attributes in found.elements for key in attributes if key.startswith("on")]
    assert found.texts["li"] == [HOSTILE, HOSTILE + ": is empty"]
    assert [meta["content"] for meta in found.all("meta") if "http-equiv" in meta] == [drawing.POLICY]
    assert drawing.POLICY.startswith("default-src 'none'")


def test_many_are_bounded_and_the_rest_is_told():
    lanes = [episode(0, cluster=f"192.0.2.{number}") for number in range(drawing.LANES + 7)]
    found = seen(*lanes)
    assert len(found.all("rect")) == drawing.LANES
    assert found.texts["p"] == ["7 more are not drawn: see findings.csv."]
    found = seen(*[episode(number % 3600) for number in range(drawing.BARS + 9)])
    assert len(found.all("rect")) == drawing.BARS
    assert found.texts["p"] == ["9 more are not drawn: see findings.csv."]


def test_the_key_names_the_colours_that_were_drawn():
    found = seen(episode(0, severity="Note"), episode(1, severity="Error"))
    assert [dot["class"] for dot in found.all("circle")] == ["Error", "Note"]
    assert [word for word in found.texts["text"] if word in drawing.GRAVITY] == ["Error", "Note"]


def test_nothing_happened():
    found = seen()
    assert found.all("svg") == [] and found.texts["li"] == ["nothing happened"]
