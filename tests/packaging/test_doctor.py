# SPDX-License-Identifier: GPL-2.0-or-later
"""nlb-doctor in front of every broken state: does it see what is wrong, and name the cure?

Where a real Wireshark can be brought into the state, it is; a script that answers as tshark does
stands in for the rest: other series, other systems, other people's plugins.
"""
import os
import re
import shutil
import subprocess

import pytest

from conftest import REPOSITORY

WRONG_SERIES = """
const char plugin_version[] = "0.1.0";
const int plugin_want_major = 4, plugin_want_minor = 99;
void plugin_register(void) {}
"""


# The heads of a program for DOS and of a DLL.
WINDOWS = b"MZ".ljust(60, b"\0") + b"\x40\0\0\0" + b"PE\0\0" + bytes.fromhex(
    "6486 0000 00000000 00000000 00000000 f000 2220 0b02").ljust(240, b"\0")


class Diagnosis:
    def __init__(self, done):
        self.text = done.stdout
        assert done.stderr == "", done.stderr
        assert done.returncode in (0, 1)
        self.healthy = done.returncode == 0
        self.wrong = re.findall(r"^WRONG  (.*)$", self.text, re.MULTILINE)
        self.notes = re.findall(r"^note   (.*)$", self.text, re.MULTILINE)
        # One thing to do, and that in the last line.
        self.next = self.text.splitlines()[-1]
        assert self.text.count("Next: ") == self.next.startswith("Next: ")
        assert self.healthy == (not self.wrong)


def diagnose(person, *arguments):
    return Diagnosis(person.run(person.doctor, *arguments))


def series():
    text = subprocess.run(["tshark", "-v"], capture_output=True, text=True, check=True).stdout
    return re.search(r"(\d+\.\d+)\.\d+", text).group(1)


PERSONAL = "home/.local/lib/wireshark/plugins"


def personal(name="nlb.so"):
    return f"{PERSONAL}/{series()}/epan/{name}"


# ---- a real Wireshark ----

@pytest.fixture
def healthy(person, plugin):
    person.write(personal(), plugin)
    write_profile(person, "home/.config/wireshark")
    return person


def write_profile(person, configuration):
    for path in (REPOSITORY / "packaging/profile/NLB").iterdir():
        person.write(f"{configuration}/profiles/NLB/{path.name}", path)


def test_all_is_well(healthy):
    found = diagnose(healthy)
    assert found.healthy
    assert found.next == "All is well."
    assert "Wireshark loads it: version " in found.text
    assert "heartbeats (EtherType 0x886F) come to the plugin" in found.text


def test_nothing_is_installed(person):
    found = diagnose(person)
    assert found.wrong == ["nlb.so is in neither plugin folder"]
    assert f"package for Wireshark {series()}" in found.next


@pytest.mark.parametrize("place", [
    "{personal}/{series}/nlb.so", "{personal}/nlb.so", "{personal}/epan/nlb.so",
    "{personal}/9.9/epan/nlb.so", "home/.wireshark/plugins/nlb.so"])
def test_it_is_in_a_folder_where_nobody_looks(person, plugin, place):
    lost = person.write(place.format(personal=PERSONAL, series=series()), plugin)
    found = diagnose(person)
    assert len(found.wrong) == 1 and str(lost) in found.wrong[0]
    cure = found.next.removeprefix("Next: ")
    assert person.run("sh", "-c", cure).returncode == 0
    assert diagnose(person).healthy


def test_the_file_for_another_series_is_where_that_series_looks(person, plugin):
    lost = person.write(f"{PERSONAL}/9.9/epan/nlb.so", as_series(plugin, 14))
    found = diagnose(person)
    assert found.wrong == [f"there is an nlb.so, but not for this Wireshark: {lost} is "
                           f"{machine(plugin)} Linux, for Wireshark 3.4"]
    assert "delete it" in found.next


def as_series(plugin, number):
    """The same file, asking for another libwireshark."""
    return re.sub(rb"libwireshark\.so\.\d\d", b"libwireshark.so.%d" % number, plugin.read_bytes())


def machine(plugin):
    return {62: "x86-64", 183: "ARM aarch64"}[plugin.read_bytes()[18]]


def test_it_is_for_another_series(person, plugin):
    person.write(personal(), as_series(plugin, 14))
    found = diagnose(person)
    assert "it is for Wireshark 3.4" in found.wrong[0]
    assert f"package for Wireshark {series()}" in found.next


def test_wireshark_refuses_the_series(person):
    """Wireshark's own message, when the file does not say by its libraries what it is for."""
    source = person.write("nlb.c", WRONG_SERIES)
    person.write(personal(), "")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", person.root / personal(), source], check=True)
    found = diagnose(person)
    assert "was compiled for Wireshark version 4.99" in found.wrong[0]
    assert "instead" in found.next


def test_it_is_for_another_processor(person, plugin):
    other = bytearray(plugin.read_bytes())
    other[18:20] = b"\x28\x00"
    person.write(personal(), bytes(other))
    found = diagnose(person)
    assert f"it is for ARM Linux, and this Wireshark for {machine(plugin)} Linux" in found.wrong[0]


def test_wireshark_crashes_over_it(person, plugin):
    """It maps what the headers promise, and dies where the file does not go on."""
    content = plugin.read_bytes()
    person.write(personal(), content[:len(content) // 2])
    found = diagnose(person)
    assert "cut short" in found.wrong[0]
    assert "replace it" in found.next


@pytest.mark.parametrize("content, word", [
    (b"", "empty"), (b"\x7fELF\x02\x01\x01", "cut short"), (b"<html>404</html>", "no program"),
    (WINDOWS, "a Windows DLL"), (bytes.fromhex("cffaedfe0c000001"), "macOS")])
def test_it_is_something_else(person, content, word):
    person.write(personal(), content)
    found = diagnose(person)
    assert word in found.wrong[0]
    assert "replace it" in found.next


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a file that a user may not read")
def test_it_may_not_be_read(healthy):
    (healthy.root / personal()).chmod(0)
    healthy.hand_over()
    os.chown(healthy.root / personal(), 0, 0)
    healthy.hand_over = lambda: None
    found = diagnose(healthy)
    assert "you may not read it" in found.wrong[0]
    assert "chmod a+r" in found.next


def test_a_link_that_leads_nowhere(person):
    path = person.root / personal()
    path.parent.mkdir(parents=True)
    path.symlink_to("/nowhere/nlb.so")
    found = diagnose(person)
    assert "a link to a file that is gone" in found.wrong[0]
    assert "replace it" in found.next


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
def test_root_does_not_see_the_personal_folder(healthy):
    healthy.as_root = True
    found = diagnose(healthy)
    assert "running as root" in found.text
    assert "does not look there" in found.wrong[0]
    assert "start Wireshark as yourself" in found.next


@pytest.mark.parametrize("name, line, word", [
    ("disabled_protos", "nlb\n", "nlb is switched off"),
    ("disabled_protos", "nlb.analysis\n", "nlb.analysis is switched off")])
def test_it_is_switched_off(healthy, name, line, word):
    healthy.write(f"home/.config/wireshark/{name}", line)
    found = diagnose(healthy)
    assert word in found.wrong[0]
    assert "Enabled Protocols" in found.next


def test_the_user_wants_the_builtin(healthy):
    healthy.write("home/.config/wireshark/preferences", "nlb.replace_builtin: FALSE\n")
    found = diagnose(healthy)
    assert found.healthy
    assert "by your own setting" in found.notes[0]


def test_decode_as_gives_heartbeats_away(healthy):
    healthy.write("home/.config/wireshark/decode_as_entries",
                  "decode_as_entry: ethertype,34927,NLB,MS NLB\n")
    found = diagnose(healthy)
    assert "Decode As" in found.text
    assert "34927" in found.next


def test_the_profile_is_missing(person, plugin):
    person.write(personal(), plugin)
    found = diagnose(person)
    assert found.healthy
    if found.notes:  # not where the profile is installed for everyone
        assert "profile NLB" in found.notes[0]
        assert "profiles/NLB" in found.next


def test_an_empty_profile_is_no_profile(healthy):
    """What an incomplete removal left; Wireshark offers it, and shows none of our columns."""
    for path in (healthy.home / ".config/wireshark/profiles/NLB").iterdir():
        path.unlink()
    found = diagnose(healthy)
    assert found.healthy
    assert "without NLB's colours or columns" in found.notes[0]
    cure = re.search(r"\((rm -r .*?)\)", found.next).group(1)
    assert healthy.run("sh", "-c", cure).returncode == 0
    assert "without NLB's colours" not in diagnose(healthy).text


def test_without_the_program_file_wireshark_itself_is_asked(person, plugin):
    Elsewhere(person, plugin)
    (person.bin / "file").unlink()
    assert diagnose(person).next == "All is well."


def test_a_file_is_judged_before_it_is_installed(person, plugin):
    fitting = person.write("fits.so", plugin)
    other = person.write("other.so", as_series(plugin, 15))
    assert f"{fitting} fits" in diagnose(person, str(fitting)).text
    assert "it is for Wireshark 3.6" in diagnose(person, str(other)).wrong[0]


def test_the_first_trouble_is_the_one_to_cure(healthy):
    """Later troubles may follow from it."""
    (healthy.root / personal()).unlink()
    healthy.write("home/.config/wireshark/disabled_protos", "nlb\n")
    assert "install the package" in diagnose(healthy).next


# ---- a tshark that answers as one would, elsewhere ----

ANSWERS = """#!/bin/sh
case "$*" in
  -v) echo 'TShark (Wireshark) {version} (Git v{version}).' ;;
  '-G folders') cat <<'X'
Temp:                 /tmp
Personal configuration: {config}/
Global configuration:   {root}/share
Personal Plugins:       {personal}
{global_line}
X
  ;;
  '-G plugins') printf '{plugins}'; printf '{refusal}' >&2 ;;
  '-G decodes') printf 'ethertype\\t34915\\tpppoed\\nethertype\\t{number}\\t{owner}\\n' ;;
  *) exit 1 ;;
esac
"""


class Elsewhere:
    """A Wireshark in the person's folder, healthy unless told otherwise."""

    def __init__(self, person, plugin, **answers):
        folder = answers.get("folder", "4.6")
        self.file = person.write(f"own/{folder}/epan/nlb.so", as_series(plugin, 19))
        write_profile(person, "config")
        self.answers = {
            "version": "4.6.9", "config": f"{person.root}/config", "root": str(person.root),
            "personal": f"{person.root}/own/{folder}",
            "global_line": f"Global Plugins:         {person.root}/all/{folder}",
            "plugins": f"nlb.so\\t0.1.0\\tdissector\\t{self.file}\\n", "refusal": "",
            "number": "0x886f", "owner": "nlb.ethertype"}
        self.answers.update(answers)
        person.write("bin/tshark", ANSWERS.format(**self.answers), mode=0o755)
        for name in tools():
            (person.bin / name).symlink_to(shutil.which(name))
        person.path = "/nowhere"


def tools():
    """So that the real tshark and wireshark are out of sight."""
    return ["env", "bash", "sh", "cat", "file", "grep", "sed", "awk", "cut", "sort", "ls", "readlink",
            "mktemp", "rm"]


def test_a_healthy_one_elsewhere(person, plugin):
    Elsewhere(person, plugin)
    assert diagnose(person).next == "All is well."


def test_the_folder_of_the_mac_has_a_dash(person, plugin):
    """4-6 instead of 4.6: only Wireshark knows, so it is asked."""
    Elsewhere(person, plugin, folder="4-6")
    assert diagnose(person).healthy


def test_there_is_no_wireshark(person, plugin):
    Elsewhere(person, plugin)
    (person.bin / "tshark").unlink()
    found = diagnose(person)
    assert "there is no tshark" in found.wrong[0]
    assert "install tshark" in found.next


def test_tshark_does_not_start(person, plugin):
    Elsewhere(person, plugin)
    person.write("bin/tshark", "#!/bin/sh\necho 'libwireshark.so.19: not found'\nexit 127\n", 0o755)
    found = diagnose(person)
    assert "does not start: libwireshark.so.19: not found" in found.wrong[0]


def test_wireshark_is_too_old(person, plugin):
    Elsewhere(person, plugin, version="3.4.10")
    found = diagnose(person)
    assert "needs 4.0 or later" in found.wrong[0]


def test_a_series_that_nobody_tested(person, plugin):
    Elsewhere(person, plugin, version="4.8.0")
    found = diagnose(person)
    assert any("no tests are run with series 4.8" in note for note in found.notes)
    assert "it is for Wireshark 4.6" in found.wrong[0]


def test_tshark_and_wireshark_are_of_two_series(person, plugin):
    Elsewhere(person, plugin)
    person.write("bin/wireshark", "#!/bin/sh\necho 'Wireshark 4.4.18 (Git).'\n", 0o755)
    found = diagnose(person)
    assert "is of series 4.4" in found.notes[0]
    assert "series 4.4 too" in found.next


def test_it_was_built_without_plugins(person, plugin):
    Elsewhere(person, plugin, global_line="")
    found = diagnose(person)
    assert "without binary plugins" in found.wrong[0]


@pytest.mark.parametrize("refusal, cure", [
    ("tshark: The plugin ‘nlb.so’ was compiled for Wireshark version 4.4", "package for Wireshark"),
    ("tshark: Could not load plugin nlb.so: version GLIBC_2.42 not found", "made for your release"),
    ("tshark: Could not load plugin nlb.so: undefined symbol: x", "replace it")])
def test_wireshark_refuses_it(person, plugin, refusal, cure):
    Elsewhere(person, plugin, plugins="", refusal=refusal + "\\n")
    found = diagnose(person)
    assert refusal.removeprefix("tshark: ") in found.wrong[0]
    assert cure in found.next


def test_another_plugin_crashes_wireshark(person, plugin):
    Elsewhere(person, plugin, plugins="", refusal="'; kill -SEGV $$; printf '")
    found = diagnose(person)
    assert "crashes (signal 11)" in found.wrong[0]


def test_wireshark_is_silent_about_it(person, plugin):
    Elsewhere(person, plugin, plugins="")
    found = diagnose(person)
    assert "says: nothing" in found.wrong[0]


@pytest.mark.parametrize("number", ["34927", "0x886f", "0x886F"])
def test_the_builtin_has_the_heartbeats(person, plugin, number):
    Elsewhere(person, plugin, owner="msnlb", number=number)
    found = diagnose(person)
    assert "go to the built-in msnlb" in found.wrong[0]


def test_another_plugin_took_the_heartbeats(person, plugin):
    rival = f"{person.root}/own/4.6/epan/rival.so"
    Elsewhere(person, plugin, owner="rrcp", plugins=(
        f"nlb.so\\t0.1.0\\tdissector\\t{person.root}/own/4.6/epan/nlb.so\\n"
        f"rival.so\\t9\\tdissector\\t{rival}\\n"))
    found = diagnose(person)
    assert "another plugin took the heartbeats (EtherType 0x886F): rrcp" in found.wrong[0]
    assert rival in found.next and "ethertype==0x886f,nlb" in found.next


def test_it_is_in_both_folders(person, plugin):
    place = Elsewhere(person, plugin)
    second = person.write("all/4.6/epan/nlb.so", place.file)
    os.utime(second, (0, 0))
    found = diagnose(person)
    assert found.healthy
    assert "in both folders" in found.notes[0]
    assert str(second) in found.next


def test_a_sandboxed_wireshark_is_named(person, plugin):
    Elsewhere(person, plugin)
    (person.home / ".var/app/org.wireshark.Wireshark").mkdir(parents=True)
    assert "Flatpak" in diagnose(person).text


# ---- how it is called ----

@pytest.mark.parametrize("arguments", [["--no-such-option"], ["one", "two"], ["/nowhere/nlb.so"]])
def test_wrong_use(person, arguments):
    done = person.run(person.doctor, *arguments)
    assert done.returncode == 2
    assert done.stderr


def test_help(person):
    done = person.run(person.doctor, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: nlb-doctor")
