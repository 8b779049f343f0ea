# SPDX-License-Identifier: GPL-2.0-or-later
"""install.sh of the archive: into the personal folders that Wireshark names, and out again."""
import pathlib
import os
import re
import shutil
import subprocess

import pytest

from conftest import REPOSITORY

PROFILE = {"preferences": "# ours\n", "colorfilters": "# ours\n"}


@pytest.fixture
def archive(person, plugin):
    """The person's unpacked archive."""
    build = pathlib.Path(os.environ["NLB_BUILD"])
    person.write("archive/nlb.so", plugin)
    person.write("archive/install.sh", build / "packaging/archive/install.sh", 0o755)
    shutil.copy(REPOSITORY / "packaging/nlb-doctor", person.root / "archive")
    for name, content in PROFILE.items():
        person.write(f"archive/profile/NLB/{name}", content)
    return person


def install(person, *arguments):
    return person.run(person.root / "archive/install.sh", *arguments)


def files(person):
    return sorted(str(path.relative_to(person.home)) for path in person.home.rglob("*"))


def test_it_goes_in_and_out_without_a_trace(archive):
    done = install(archive)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("nlb.so")
    assert ".config/wireshark/profiles/NLB/preferences" in files(archive)
    assert archive.run("tshark", "-G", "plugins").stdout.count("\nnlb.so") == 1
    done = install(archive, "--remove")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^Removed: .*/epan/nlb\.so$", done.stdout, re.M)
    assert files(archive) == []


def test_nothing_to_remove_is_no_success(archive):
    done = install(archive, "--remove")
    assert done.returncode == 1
    assert "nothing to remove" in done.stderr and done.stderr.count("\n") == 1


def test_after_an_upgrade_it_takes_out_its_own_series(archive):
    """It deleted the nlb.so of the new series, and said nothing."""
    install(archive)
    own = next(name for name in files(archive) if name.endswith("nlb.so"))
    other = f"{own.split('/plugins/')[0]}/plugins/4.8/epan/nlb.so"
    archive.write(f"home/{other}", "of 4.8")
    archive.write("bin/tshark", f"""#!/bin/sh
echo 'Personal configuration: \t'"$HOME/.config/wireshark"
echo 'Personal Plugins: \t'"$HOME/{other.removesuffix('/epan/nlb.so')}"
""", 0o755)
    assert install(archive, "--remove").returncode == 0
    assert own not in files(archive) and other in files(archive)
    assert ".config/wireshark/profiles/NLB/preferences" in files(archive)
    assert install(archive, "--remove").returncode == 1
    assert other in files(archive)


def test_installing_twice_is_harmless(archive):
    install(archive)
    before = files(archive)
    assert install(archive).returncode == 0
    assert files(archive) == before


def test_what_the_user_changed_and_owns_stays(archive):
    install(archive)
    archive.write("home/.config/wireshark/profiles/NLB/preferences", "# mine\n")
    archive.write("home/.config/wireshark/recent", "# mine\n")
    assert install(archive).returncode == 0
    done = install(archive, "--remove")
    assert "you changed it" in done.stdout
    left = [name for name in files(archive) if (archive.home / name).is_file()]
    assert left == [".config/wireshark/profiles/NLB/preferences", ".config/wireshark/recent"]


def test_without_python_it_says_what_will_not_work(archive):
    archive.write("bin/tshark", "#!/bin/sh\nexec /usr/bin/tshark \"$@\"\n", 0o755)
    archive.path = "/nowhere"
    for name in ("env", "bash", "sh", "dirname", "sed", "mkdir", "cp", "mv", "grep"):
        (archive.bin / name).symlink_to(shutil.which(name))
    done = install(archive)
    assert done.returncode == 0, done.stderr
    assert "nlb-survey needs python3" in done.stdout and "\nnlb.so" in done.stdout


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
def test_root_is_sent_away(archive):
    archive.as_root = True
    done = install(archive)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "without sudo" in done.stderr
    assert files(archive) == []


def test_another_series_is_refused(archive):
    archive.write("bin/tshark", "#!/bin/sh\necho 'TShark (Wireshark) 4.8.1 (Git).'\n", 0o755)
    done = install(archive)
    assert done.returncode == 1
    assert "yours is 4.8" in done.stderr and done.stderr.count("\n") == 1
    assert files(archive) == []


def test_no_wireshark(archive):
    archive.path = "/nowhere"
    for name in ("env", "bash", "dirname"):
        (archive.bin / name).symlink_to(shutil.which(name))
    done = install(archive)
    assert done.returncode == 1
    assert "tshark is not installed" in done.stderr


def test_wrong_use(archive):
    assert "usage" in install(archive, "--no-such-option").stderr


def test_the_uninstall_target_leaves_nothing(tmp_path):
    """Empty folders stayed, among them a profile NLB without a file."""
    build = os.environ["NLB_BUILD"]
    (tmp_path / "build").mkdir()
    (tmp_path / "usr/share/theirs").mkdir(parents=True)
    shutil.copy(f"{build}/packaging/nlb-doctor", tmp_path / "usr/share/theirs")
    subprocess.run(["cmake", "--install", build, "--component", "common", "--prefix", tmp_path / "usr"],
                   check=True, capture_output=True)
    shutil.move(f"{build}/install_manifest_common.txt", tmp_path / "build/install_manifest.txt")
    assert (tmp_path / "usr/bin/nlb-doctor").exists()
    remove = ["cmake", f"-DNLB_BUILD={tmp_path}/build", "-P", REPOSITORY / "packaging/uninstall.cmake"]
    subprocess.run(remove, check=True, capture_output=True)
    assert [str(path.relative_to(tmp_path)) for path in (tmp_path / "usr").rglob("*")] == [
        "usr/share", "usr/share/theirs", "usr/share/theirs/nlb-doctor"]
    assert subprocess.run(remove, capture_output=True).returncode != 0


def test_purging_the_package_names_personal_copies(person, tmp_path):
    person.write("home/.config/wireshark/profiles/NLB/preferences", "")
    person.write("bin/getent", f"#!/bin/sh\necho 'x:x:1000:1000::{person.home}:/bin/sh'\n", 0o755)
    postrm = person.write("postrm", REPOSITORY / "packaging/debian/postrm", 0o755)
    assert person.run(postrm, "remove").stdout == ""
    done = person.run(postrm, "purge")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().endswith(f"{person.home}/.config/wireshark/profiles/NLB")
    assert (person.home / ".config/wireshark/profiles/NLB/preferences").exists()


def test_what_the_pages_name_is_installed_beside_them(tmp_path):
    """Links, pictures, captures and sources led nowhere where the folders were not those of the sources."""
    subprocess.run(["cmake", "--install", os.environ["NLB_BUILD"], "--component", "common",
                    "--prefix", tmp_path], check=True, capture_output=True)
    folder = tmp_path / "share/doc/nlb-wireshark"
    pages = list(folder.rglob("*.md"))
    assert {"README.md", "guide.md", "reference.md", "0001-beside-msnlb.md"} <= {page.name for page in pages}
    for page in pages:
        text = page.read_text("utf-8")
        links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
        assert [link for link in links if not (page.parent / link).exists()] == [], page
        sources = re.findall(r"^- Source: (docs/\S+)$", text, re.M)
        assert [source for source in sources if not (folder / source).is_file()] == [], page
    for name in re.findall(r"`([a-z0-9-]+\.pcapng)`", (folder / "docs/guide.md").read_text("utf-8")):
        assert (folder / "test-pcaps" / name).is_file(), name


def test_licences_are_where_the_licences_ask_for_them():
    """xxHash, which is inside nlb.so, wants its text with it; and every stanza is one."""
    text = (REPOSITORY / "packaging/debian/copyright").read_text("utf-8")
    assert "Redistributions in binary form" in text and "WITHOUT ANY WARRANTY" in text
    first = [part.strip().split(":")[0] for part in text.split("\n\n")]
    assert first == ["Format", "Files", "Files", "License", "License"]
    named = re.findall(r"^License: (\S+)$", text, re.M)
    assert all(named.count(name) == 2 for name in named)
