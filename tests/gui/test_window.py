# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark itself, on a display of its own: what a person opens first, with nothing in the way.

Any dialog that nobody opened and any line that Wireshark logs is a failure.
"""
import re
import shutil
import subprocess

import pytest

import harness
import nlb_profile
import window

ROUTER = "foreign-router.pcapng"
# Points of a line of the packet list: it is 16 high and more than a thousand wide.
LINE = 10_000


@pytest.fixture(scope="module")
def program(prefix):
    """One Wireshark for all tests; each leaves it as it was."""
    with window.wireshark(prefix, ROUTER, "-g", "8", "-z", "nlb,clusters") as running:
        yield running


@pytest.fixture(autouse=True)
def quiet(program):
    """Nothing is open and nothing was logged, before and after."""
    yield
    for dialog in program.dialogs():
        program.dismiss(dialog)
    assert program.dialogs() == []
    assert program.said() == []


@pytest.fixture
def picture(program):
    """picture(name, window): for whoever wants to look."""
    return program.screen.keep_picture


# Points; test_statistics.py has the same.
FIRST_WIDTH = 580
# In the packet list: a heartbeat, an ARP request that is nobody's, and a copy.
HEARTBEAT, ORDINARY, COPY = (400, 124), (400, 141), (400, 243)
# The background of Wireshark's expert infos of this severity.
EXPERT_WARNING = "#F7F253"


def graph(name):
    return next(row[3].upper() for row in nlb_profile.table("io_graphs") if row[1] == name)


def names(program):
    return [dialog.name.replace("Wireshark · ", "").partition(" · ")[0]
            for dialog in program.dialogs()]


def test_the_clusters_are_shown_from_the_command_line(program, picture):
    """Wireshark alone decides the first size of a table; what has to fit: test_statistics.py."""
    dialog = program.opened("NLB Clusters")
    assert names(program) == ["NLB Clusters"]
    picture("clusters", dialog)
    assert program.screen.pixels("#000000", dialog) > 100  # text
    assert dialog.width >= FIRST_WIDTH


def test_the_packet_list_has_the_colours_of_the_profile(program, picture):
    """12 warnings, one of them selected, 5 heartbeats and a note fit on the screen."""
    picture("list")
    assert program.screen.pixels(nlb_profile.colour_of("NLB warning")) > 5 * LINE
    assert program.screen.pixels(nlb_profile.colour_of("NLB note")) > LINE
    assert program.screen.pixels(nlb_profile.colour_of("NLB heartbeat")) > LINE


def test_the_analysis_opens_in_the_details(program, picture):
    before = program.screen.imports(None, "rgb:-")
    program.open_analysis()
    picture("details")
    assert program.screen.imports(None, "rgb:-") != before
    assert names(program) == []


def test_the_menu_opens_the_timeline(program, picture):
    dialog = program.open_timeline()
    assert names(program) == ["NLB Timeline"]
    picture("timeline", dialog)


def test_the_menu_opens_the_report(program, picture):
    """At once with what was found: it once said for three seconds that nothing was looked at."""
    dialog = program.open_report()
    assert names(program) == ["NLB Report"]
    picture("report", dialog)
    full = program.screen.pixels("#000000", dialog)
    assert full > 800  # a window full of text; one sentence has a tenth of that
    program.click(dialog.width // 2, dialog.height - 24, dialog)  # Show what is broken
    program.settle()
    picture("report-broken")
    assert program.screen.pixels(nlb_profile.colour_of("NLB heartbeat")) == 0
    program.dismiss(dialog)
    program.focus()
    program.keys("ctrl+slash", "ctrl+a", "Delete", "Return")
    program.settle()
    assert program.screen.pixels(nlb_profile.colour_of("NLB heartbeat")) > LINE


def test_the_graph_shows_heartbeats_copies_and_resets(program, picture):
    dialog = program.open_graph()
    assert names(program) == ["I/O Graphs"]
    picture("graph", dialog)
    assert program.screen.pixels(graph("Foreign copies"), dialog) > 5_000  # bars
    assert program.screen.pixels(graph("NLB heartbeats, host 1"), dialog) > 200  # a line


def test_the_flow_graph_has_our_arrows(program, picture):
    """12 copies and a reset stand out; the profile's colours and those of the graph are the same."""
    dialog = program.open_flow()
    assert names(program) == ["Flow"]
    picture("flow", dialog)
    assert program.screen.pixels(nlb_profile.colour_of("NLB warning"), dialog) > 5 * LINE
    assert program.screen.pixels(nlb_profile.colour_of("NLB heartbeat"), dialog) == 0


# Frame 8, a copy, was sent by no host, and frame 1, a heartbeat, by no forwarder: grey entries.
@pytest.mark.parametrize("name, frame, place, heartbeats, copies", [
    ("forwarder", COPY, 1, False, True), ("cluster", COPY, 2, True, True),
    ("host", HEARTBEAT, 1, True, False)])
def test_the_menu_of_a_packet_filters_by_what_it_belongs_to(
        program, picture, name, frame, place, heartbeats, copies):
    program.open_conversations(*frame)
    picture(f"menu-{name}")
    program.screen.xdotool("key", *["Up"] * place, "Return")
    program.settle()
    picture(f"conversation-{name}")
    beats = program.screen.pixels(nlb_profile.colour_of("NLB heartbeat"))
    warnings = program.screen.pixels(nlb_profile.colour_of("NLB warning"))
    program.keys("ctrl+slash", "ctrl+a", "Delete", "Return")
    program.settle()
    assert (warnings > 5 * LINE) == copies
    assert (beats > LINE) == heartbeats


def test_the_menu_of_a_packet_paints_its_cluster(program, picture):
    """All its packets in one colour, heartbeats too, until ctrl+space."""
    heartbeat = nlb_profile.colour_of("NLB heartbeat")
    assert program.screen.pixels(heartbeat) > LINE
    program.open_conversations(*COPY, up=7)
    program.screen.xdotool("key", *["Up"] * 2, "Right", "Return")
    program.settle()
    picture("colorize-cluster")
    painted = program.screen.pixels(heartbeat)
    program.keys("ctrl+space")
    program.settle()
    assert painted < LINE  # the hex dump has a little of it
    assert program.screen.pixels(heartbeat) > LINE


def test_only_a_packet_with_a_finding_offers_to_explain_it(program):
    """From 4.4 on; before, Wireshark has no menu for it."""
    with_finding, without = (program.packet_menu_height(*place) for place in (COPY, ORDINARY))
    assert min(with_finding, without) > 200  # it was open
    has_api = tuple(map(int, harness.wireshark_series().split("."))) >= (4, 4)
    assert (with_finding > without + 10) == has_api, (with_finding, without)


def test_the_expert_dialog_groups_our_findings(program, picture):
    """13 warnings: ours of two kinds, and that the connection was reset."""
    dialog = program.open_expert()
    assert names(program) == ["Expert Information"]
    picture("expert", dialog)
    lines = program.screen.pixels(EXPERT_WARNING, dialog) / (17 * dialog.width)
    assert 2 < lines < 4, lines


def test_the_preferences_show_our_page(program, picture):
    dialog = program.open_preferences()
    assert names(program) == ["Preferences"]
    picture("preferences", dialog)


def test_wireshark_imports_the_profile_as_a_zip(prefix, program):
    """Into a home that has none; which files it takes depends on its version."""
    archive = prefix.home / "nlb-profile.zip"
    subprocess.run([harness.REPOSITORY / "packaging/profile_zip.py", archive], check=True)
    imported = prefix.config / "profiles/NLB"
    shutil.rmtree(imported)
    with window.wireshark(prefix, ROUTER, profile=None) as other:
        other.import_profile(archive)
        other.wait_for("Importing profiles")
        other.settle()
    files = {path.name: path.read_bytes() for path in imported.iterdir()}
    assert {"colorfilters", "preferences", "dfilter_buttons", "io_graphs"} <= set(files)
    assert all(text == (nlb_profile.FOLDER / name).read_bytes() for name, text in files.items())
    nlb_profile.install(prefix)


def test_without_the_plugin_the_profile_opens_without_a_dialog(prefix, program):
    """The rules that speak of us are left out, and Wireshark says so on the terminal only."""
    with window.wireshark(prefix, ROUTER, with_plugin=False) as other:
        assert other.dialogs() == []
        assert other.screen.pixels(nlb_profile.colour_of("NLB warning")) == 0
        said = other.said()
    left_out = set(re.findall(r'Could not compile "(NLB [^"]*)"', "\n".join(said)))
    assert left_out == {row[0] for row in nlb_profile.colours() if row[0].startswith("NLB")}
    assert [line for line in said if "Could not compile" not in line and "nlb" not in line] == []
