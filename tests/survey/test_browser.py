# SPDX-License-Identifier: GPL-2.0-or-later
"""summary.html in a real browser: headless Chromium shows it in a frame, and a page around it measures it."""
import html
import json
import re
import shutil
import subprocess
import sys

import pytest

from conftest import MODULES

sys.path.insert(0, str(MODULES))

from nlb_survey import page as drawing  # noqa: E402
from test_page import HOSTILE, episode  # noqa: E402

# What a script in the page would do. It is part of each page's names, as text.
DEED = "<script>document.title = 'done'</script><img src=x onerror=\"document.title = 'done'\">"
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
           "--virtual-time-budget=5000"]
# Run by the page around, when the frame in it has loaded.
MEASURE = """
const page = document.querySelector("iframe").contentDocument, look = page.defaultView;
const box = node => { const r = node.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; };
const of = selector => [...page.querySelectorAll(selector)];
document.querySelector("pre").textContent = JSON.stringify({
  title: page.title, scripts: page.scripts.length, width: page.documentElement.scrollWidth,
  acts: of("*").flatMap(node => [...node.attributes]).filter(a => /^on|^src$|^href$/.test(a.name)).length,
  svg: of("svg").map(box), letters: of("svg text").map(node => node.getBoundingClientRect().height),
  bars: of("svg rect").map(node => [look.getComputedStyle(node).fill, ...box(node)]),
  labels: of("svg text").map(node => node.textContent), under: of("rect title").map(node => node.textContent),
  said: of("li").map(node => node.textContent), folded: of("details:not([open])").length,
  todo: of("h2").filter(node => node.textContent == "What to do").map(node => box(node)[1])});
"""


def looked_at(folder, page, width=1280):
    """What Chromium makes of a page in a window of this width."""
    assert shutil.which("chromium"), "install chromium"
    around = folder / "around.html"
    around.write_text(f"""<!DOCTYPE html><meta charset="utf-8"><pre></pre>
<iframe style="border: 0; width: {width}px; height: 2000px" srcdoc="{html.escape(page)}"></iframe>
<script>addEventListener("load", () => {{ {MEASURE} }})</script>""", encoding="utf-8")
    done = subprocess.run(
        ["chromium", *OPTIONS, f"--user-data-dir={folder}/profile", "--dump-dom", around.as_uri()], timeout=300,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}, capture_output=True, text=True)
    found = re.search("<pre>(.+?)</pre>", done.stdout, re.S)
    assert found, done.stderr
    return json.loads(html.unescape(found.group(1)))


def a_page(name="web", policy=drawing.POLICY):
    episodes = [episode(0, 60, severity="Error", text=name), episode(90, cluster=name), episode(120, 180, file=name),
                episode(0, 300, severity="Note", finding="nlb.analysis." + name)]
    sections = [("Timeline", [name] * 200, "-"), ("What to do", ["look"], "-"),
                ("Captures with a fault", [name + ": is empty"], "-")]
    return drawing.page("NLB survey", sections, episodes).replace(html.escape(drawing.POLICY, quote=False), policy)


@pytest.mark.parametrize("width", [1280, 700, 360])
def test_the_drawing_is_there_and_can_be_read(tmp_path, width):
    seen = looked_at(tmp_path, a_page(), width)
    (_, top, wide, high), = seen["svg"]
    assert wide >= min(width - 40, 900) and high > 80
    assert min(seen["letters"]) >= 9  # as high as letters of 8 pixels
    assert seen["width"] <= width  # the drawing scrolls, not the page
    colours = {"Error": "rgb(90, 20, 127)", "Warning": "rgb(230, 159, 0)", "Note": "rgb(251, 243, 164)"}
    assert {bar[0] for bar in seen["bars"]} == set(colours.values())
    assert all(bar[3] >= 2 and bar[4] > 5 for bar in seen["bars"])
    assert "foreign_router 192.0.2.1" in seen["labels"] and "Error" in seen["labels"]
    # The timeline in words is folded: what to do stands below the drawing.
    assert seen["folded"] == 1 and top + high < seen["todo"][0] < top + high + 200


@pytest.mark.parametrize("name", [HOSTILE, DEED])
def test_a_hostile_name_is_text(tmp_path, name):
    seen = looked_at(tmp_path, a_page(name))
    assert (seen["title"], seen["scripts"], seen["acts"]) == ("NLB survey", 0, 0)
    assert seen["said"] == [name] * 200 + ["look", name + ": is empty"]
    assert len(seen["bars"]) == 4 and any(name in text for text in seen["under"])
    assert any(label.startswith(f"{('x.' + name).rpartition('.')[2]} 192"[:20]) for label in seen["labels"])


def test_the_policy_holds_where_escaping_would_fail(tmp_path):
    seen = looked_at(tmp_path, html_unescaped(a_page(DEED)))
    assert seen["scripts"] > 0 and seen["acts"] > 0 and seen["title"] == "NLB survey"


def test_without_both_a_name_would_act(tmp_path):
    """Else the tests above would hold in a browser that runs no script at all."""
    assert looked_at(tmp_path, html_unescaped(a_page(DEED, policy="")))["title"] == "done"


def html_unescaped(page):
    return page.replace(html.escape(DEED, quote=False), DEED)
