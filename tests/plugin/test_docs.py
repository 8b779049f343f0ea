# SPDX-License-Identifier: GPL-2.0-or-later
"""The guide and the recipes: what they promise is tried."""
import re
import shutil
import subprocess

import pytest

import harness
import nlb_profile

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


def test_the_colours_of_the_profile_are_the_guides():
    rows = re.findall(r"^\| [\w ]+ \| .* \| `(nlb.*)` \|$", GUIDE.partition("| colour | means |")[2], re.M)
    told = [text.replace("\\|", "|") for text in rows]
    ours = [text for name, text, *_ in nlb_profile.colours() if name.startswith("NLB")]
    assert told[:len(ours)] == ours


def test_every_picture_is_shown_somewhere():
    text = GUIDE + (harness.REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (DOCS / "pictures").iterdir() if path.name not in text] == []


def test_a_router_that_goes_on_asking_is_found(tshark):
    """The proof of the outage, which the finding alone is not."""
    text, = re.findall(r"^`(arp\.opcode == 1 .*)`\.", GUIDE, re.M)
    assert tshark.frames("multicast.pcapng", "-Y", text) == [10]
    assert tshark.frames("unanswered-syn.pcapng", "-Y", "nlb.analysis.unanswered_syn")


def mac_table():
    """(what, MAC in unicast, multicast and IGMP mode) as the guide says it, of the cluster 192.168.2.10."""
    text = GUIDE.partition("## MAC addresses by vantage point")[2]
    cells = [row.strip("|").split("|") for row in re.findall(r"^\| .*\|$", text, re.M)][2:10]
    return {row[0].strip(): [mac_of(cell) for cell in row[1:]] for row in cells}


def mac_of(cell):
    """The MAC that a cell begins with: "02-BF-w-x-y-z (D)" is 02:bf:c0:a8:02:0a."""
    word = re.match(r" (the host's adapter|broadcast|03-BF and|[0-9A-Fa-fh]{2}-[\w-]*z)?", cell).group(1) or ""
    known = {"the host's adapter": "00:22:19:1b:e8:fb", "broadcast": "ff:ff:ff:ff:ff:ff",
             "03-BF and": "03:bf:c0:a8:02:1e"}
    short = word.lower().replace("-", ":").replace("w:x:y:z", "c0:a8:02:0a").replace("y:z", "02:0a")
    return known.get(word, short.replace("hh", "01"))


@pytest.mark.parametrize("mode, capture", enumerate(["unicast-masked.pcapng", "multicast.pcapng", "igmp.pcapng"]))
def test_the_table_of_macs_is_what_the_captures_show(tshark, mode, capture):
    table = {what: macs[mode] for what, macs in mac_table().items()}
    answers = tshark.rows(capture, ["eth.src", "arp.src.hw_mac"], "-Y",
                          "arp.opcode == 2 && arp.src.proto_ipv4 == 192.168.2.10 && eth.dst != ff:ff:ff:ff:ff:ff")
    assert {tuple(row) for row in answers} == {
        (table["ARP answers and replies come from"], table["requests go to, and the ARP answer says inside"])}
    beats = tshark.rows(capture, ["eth.src", "eth.dst"], "-Y", "nlb.host_id == 1")
    assert {tuple(row) for row in beats} == {(table["heartbeats come from"], table["heartbeats go to"])}
    asked = tshark.rows(capture, ["arp.src.hw_mac"], "-Y", "arp.opcode == 2 && arp.src.proto_ipv4 == 192.168.2.30")
    assert {row[0] for row in asked} == {table["a host's dedicated address, asked from outside"]}


def test_the_table_of_macs_among_hosts(tshark):
    asked = tshark.rows("inter-host.pcapng", ["arp.src.hw_mac"], "-Y",
                        "arp.opcode == 2 && arp.src.proto_ipv4 == 192.168.2.30 && eth.dst[0] == 3")
    assert {row[0] for row in asked} == {mac_table()["the same, asked by another host of the cluster"][0]}


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


def test_the_monitor_sees_that_the_plugin_is_missing(tshark, folder):
    """It said healthy."""
    command = next(text for text, output in recipes() if output == ["sick"])
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=harness.TIMEOUT, cwd=folder,
        env=tshark.prefix.environment(with_plugin=False), **harness.as_plain_user())
    assert done.stdout == "not read\n"
