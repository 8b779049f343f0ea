# SPDX-License-Identifier: GPL-2.0-or-later
"""The guide and the recipes: what they promise is tried."""
import re
import shutil
import subprocess

import pytest

import harness

DOCS = harness.REPOSITORY / "docs"
GUIDE = (DOCS / "guide.md").read_text(encoding="utf-8")
RECIPES = (DOCS / "scripting.md").read_text(encoding="utf-8")


# ---- the guide ----

def pages():
    """Title -> text of each page that tells of a problem."""
    parts = re.split(r"^## (.*)$", GUIDE, flags=re.M)
    found = dict(zip(parts[1::2], parts[2::2]))
    return {title: text for title, text in found.items() if "**Capture:**" in text}


def value(text, name):
    return re.search(rf"^\*\*{name}:\*\* `(.*)`$", text, re.M).group(1)


def test_the_guide_has_a_page_for_each_problem():
    listed = re.findall(r"^\d+\. \[(.*?)\]", GUIDE, re.M)
    assert list(pages()) == listed
    assert len(listed) == 10


@pytest.mark.parametrize("title", pages())
def test_a_page_is_complete(title):
    text = pages()[title]
    assert re.search(r"^!\[.+\]\(pictures/.+\.png\)$", text, re.M)
    assert "### What it means\n" in text and "### What to change\n" in text


@pytest.mark.parametrize("title", pages())
def test_the_filter_of_a_page_finds_its_frames(tshark, title):
    text = pages()[title]
    found = tshark.frames(value(text, "Capture"), "-Y", value(text, "Filter"))
    assert 0 < len(found)


def test_the_filters_of_the_reasons_find_theirs(tshark):
    rows = re.findall(r"^\| `(nlb[^`]*)` \|.*\| `(.*\.pcapng)` \|$", GUIDE, re.M)
    assert len(rows) == 5
    for text, capture in rows:
        assert tshark.frames(capture, "-Y", text), capture


@pytest.mark.parametrize("name", ["README.md", "docs/guide.md", "docs/scripting.md"])
def test_links_lead_somewhere(name):
    page = harness.REPOSITORY / name
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, heading = target.partition("#")
        if "://" in file:
            continue
        other = page.parent / file if file else page
        assert other.exists(), target
        assert not heading or heading in anchors(other), target


def anchors(page):
    """As GitHub makes them of headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_picture_is_shown_somewhere():
    text = GUIDE + (harness.REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (DOCS / "pictures").iterdir() if path.name not in text] == []


def test_names_of_known_clusters_and_silence_about_others(tshark):
    """What the guide says about names."""
    sources = {row[0] for row in tshark.rows("unicast-masked.pcapng", ["nlb.analysis.source"])}
    assert {"host 1 of 192.168.2.10", "host 2 of 192.168.2.10"} <= sources
    trap = "real/trap-osa-macs-in-fabricpath.pcap"
    assert tshark.frames(trap, "-Y", "nlb.analysis.source || nlb.analysis.destination") == []
    assert "MS-NLB-PhysServer" in tshark.run("-V", capture=trap)


# ---- the recipes ----

def recipes():
    """(command, the lines below it)"""
    found = []
    for line in RECIPES.splitlines():
        if line.startswith("    $ "):
            found.append((line[6:], []))
        elif line.startswith("    ") and found:
            found[-1][1].append(line[4:])
    return found


@pytest.fixture(scope="module")
def folder(tshark):
    """Where a user would stand: the captures, in a folder that is his."""
    place = tshark.prefix.home / "captures"
    shutil.copytree(tshark.prefix.captures, place)
    tshark.prefix.hand_over()
    return place


def test_there_are_recipes():
    assert len(recipes()) >= 15


@pytest.mark.parametrize("command, output", recipes(), ids=[text for text, _ in recipes()])
def test_a_recipe_prints_what_the_page_says(tshark, folder, command, output):
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=harness.TIMEOUT,
        cwd=folder, env=tshark.prefix.environment(), **harness.as_plain_user())
    assert done.stderr == ""
    assert [line for line in done.stdout.splitlines() if line] == output
    assert done.returncode == 0
