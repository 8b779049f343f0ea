# SPDX-License-Identifier: GPL-2.0-or-later
"""The summary for a browser, with the timeline drawn: one file, no script, nothing is fetched. Everything
that came from captures or file names goes through ElementTree, which escapes it."""
import datetime
from xml.etree import ElementTree

from nlb_survey.summary import GRAVITY, episode_line, seconds_of

STYLE = """
body { font: 15px/1.5 sans-serif; max-width: 75em; margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere }
h2 { font-size: 1.1em; border-bottom: 1px solid #999 } li { margin: .2em 0 }
summary { cursor: pointer }
.drawing { overflow-x: auto } svg { width: 100%; min-width: 75em; height: auto; font: 12px sans-serif }
.lane { stroke: #ddd } .tick { stroke: #bbb }
rect, circle { stroke: #555; stroke-width: .5 }
.Error { fill: #5a147f } .Warning { fill: #e69f00 } .Note { fill: #fbf3a4 } .Chat { fill: #cfe8f7 } text { fill: #222 }
"""
# Nothing but the style above may act, whatever a browser makes of the rest.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
LANES = 40  # most lines of the drawing, gravest first
BARS = 5000  # most bars; beyond, the page names their number
WIDTH, LEFT, LANE, BAR, THINNEST, TICKS, KEY = 1200, 360, 22, 14, 3, 5, 80
LABEL = 56  # most characters


def page(title, sections, episodes):
    root = ElementTree.Element("html", lang="en")
    head = add(root, "head")
    add(head, "meta", charset="utf-8")
    add(head, "meta", {"name": "viewport", "content": "width=device-width"})
    add(head, "meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    add(head, "title", text=title)
    add(head, "style", text=STYLE)
    body = add(root, "body")
    add(body, "h1", text=title)
    for name, lines, empty in sections:
        add(body, "h2", text=name)
        where = body
        if name == "Timeline" and episodes:
            draw(body, episodes)
            where = add(body, "details")  # so that what to do is not behind two hundred lines
            add(where, "summary", text="in words")
        entries = add(where, "ul")
        for line in lines or [empty]:
            add(entries, "li", text=line)
    return "<!DOCTYPE html>\n" + ElementTree.tostring(root, encoding="unicode", method="html") + "\n"


def add(parent, name, attributes=None, text=None, **more):
    element = ElementTree.SubElement(parent, name, {**(attributes or {}), **{k: str(v) for k, v in more.items()}})
    element.text = text
    return element


def draw(body, episodes):
    """A lane for each kind of finding and cluster, a bar for each episode."""
    lanes = {}
    for episode in episodes:
        row = episode["first"]
        lanes.setdefault((GRAVITY[row["severity"]], row["finding"], row["cluster"]), []).append(episode)
    shown = sorted(lanes.items())[:LANES]
    drawn = [episode for _, lane in shown for episode in lane]
    begin = min(seconds_of(episode["first"]) for episode in drawn)
    end = max(seconds_of(episode["last"]) for episode in drawn)

    def x(seconds):
        return LEFT + (WIDTH - LEFT - 10) * (seconds - begin) / max(end - begin, 1)
    height = LANE * len(shown) + 30
    svg = add(add(body, "div", {"class": "drawing"}), "svg", viewBox=f"0 0 {WIDTH} {height}", role="img")
    add(svg, "title", text="Findings over time")
    draw_ticks(svg, x, begin, end, height)
    draw_key(svg, sorted({episode["first"]["severity"] for episode in drawn}, key=GRAVITY.get), height)
    left = BARS
    for number, ((_, finding, cluster), lane) in enumerate(shown):
        y = LANE * number
        add(svg, "line", {"class": "lane"}, x1=0, x2=WIDTH, y1=y + LANE, y2=y + LANE)
        label = f"{finding.rpartition('.')[2]} {cluster}"
        add(svg, "text", text=label if len(label) <= LABEL else label[:LABEL] + "…", x=0, y=y + 16)
        for episode in lane[:left]:
            draw_bar(svg, episode, x, y)
        left -= min(left, len(lane))
    omitted = len(episodes) - min(len(drawn), BARS)
    if omitted:
        add(body, "p", text=f"{omitted} more are not drawn: see findings.csv.")


def draw_bar(svg, episode, x, y):
    start, stop = x(seconds_of(episode["first"])), x(seconds_of(episode["last"]))
    bar = add(svg, "rect", {"class": episode["first"]["severity"]}, x=f"{start:.1f}", y=y + 4,
              width=f"{max(stop - start, THINNEST):.1f}", height=BAR)
    add(bar, "title", text=episode_line(episode))  # shown under the pointer


def draw_key(svg, severities, height):
    """Which colour is what."""
    for number, severity in enumerate(severities):
        add(svg, "circle", {"class": severity}, cx=KEY * number + BAR / 2, cy=height - 10, r=BAR / 2 - 1)
        add(svg, "text", text=severity, x=KEY * number + BAR + 4, y=height - 6)


def draw_ticks(svg, x, begin, end, height):
    for number in range(TICKS):
        moment = begin + (end - begin) * number / (TICKS - 1)
        place = f"{x(moment):.1f}"
        add(svg, "line", {"class": "tick", "x1": place, "x2": place}, y1=0, y2=height - 22)
        text = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%m-%d %H:%M:%S")
        add(svg, "text", {"x": place, "text-anchor": "end" if number == TICKS - 1 else "middle"}, text,
            y=height - 6)
