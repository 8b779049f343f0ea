# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile as a zip, unpacked as Wireshark's import does it: into a folder of its own first, from
where each folder that holds one of a profile's files becomes a profile of that name."""
import shutil
import subprocess
import zipfile

import pytest

from conftest import REPOSITORY

PROFILE = REPOSITORY / "packaging/profile/NLB"
SAMPLE = REPOSITORY / "test-pcaps/foreign-router.pcapng"
# What Wireshark looks for to know a profile.
FILES = {"preferences", "recent", "cfilters", "dfilters", "colorfilters", "disabled_protos",
         "enabled_protos", "heuristic_protos", "decode_as_entries", "dfilter_buttons", "io_graphs",
         "hosts", "ethers", "profile_settings"}


@pytest.fixture
def archive(tmp_path):
    out = tmp_path / "nlb-profile.zip"
    subprocess.run([REPOSITORY / "packaging/profile_zip.py", out], check=True)
    return out


def test_it_holds_the_profile_and_nothing_else(archive):
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        content = {name: opened.read(name) for name in opened.namelist()}
    assert content == {f"NLB/{path.name}": path.read_bytes() for path in PROFILE.iterdir()}


def test_making_it_again_gives_the_same(archive, tmp_path):
    again = tmp_path / "again.zip"
    subprocess.run([REPOSITORY / "packaging/profile_zip.py", again], check=True)
    assert again.read_bytes() == archive.read_bytes()


def import_into(archive, profiles, tmp_path):
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(unpacked)
    for folder in unpacked.iterdir():
        if folder.is_dir() and FILES & {path.name for path in folder.iterdir()}:
            shutil.copytree(folder, profiles / folder.name)


def test_an_imported_profile_works(person, plugin, archive, tmp_path):
    series = ".".join(person.run("tshark", "-v").stdout.split(") ")[1].split(".")[:2])
    person.write(f"home/.local/lib/wireshark/plugins/{series}/epan/nlb.so", plugin)
    capture = person.write("sample.pcapng", SAMPLE)
    profiles = person.home / ".config/wireshark/profiles"
    profiles.mkdir(parents=True)
    assert person.run("tshark", "-C", "NLB", "-r", str(capture)).returncode != 0
    import_into(archive, profiles, tmp_path)
    assert {path.name for path in profiles.iterdir()} == {"NLB"}
    done = person.run("tshark", "-C", "NLB", "--color", "-r", str(capture))
    assert (done.returncode, done.stderr) == (0, "")
    assert "00:15:5d:01:02:03 (192.168.1.1)" in done.stdout
