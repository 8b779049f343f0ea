# SPDX-License-Identifier: GPL-2.0-or-later
"""Which Wireshark CMake accepts. Only the version is asked for before the answer is known."""
import re
import subprocess

import pytest

from conftest import DOCTOR, REPOSITORY

CONFIG = """
set(Wireshark_VERSION {version})
set(Wireshark_MAJOR_VERSION {major})
set(Wireshark_MINOR_VERSION {minor})
set(Wireshark_PLUGIN_INSTALL_DIR /nowhere)
add_library(epan INTERFACE IMPORTED)
"""


def configure(folder, version):
    major, minor, _ = version.split(".")
    (folder / "WiresharkConfig.cmake").write_text(
        CONFIG.format(version=version, major=major, minor=minor))
    return subprocess.run(
        ["cmake", "-S", REPOSITORY, "-B", folder / "build", f"-DWireshark_DIR={folder}",
         "-DNLB_BUILD_TESTS=OFF"], capture_output=True, text=True, timeout=300)


def sentences(text):
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("version", ["3.4.10", "3.6.24"])
def test_too_old_is_refused_with_one_sentence(tmp_path, version):
    done = configure(tmp_path, version)
    assert done.returncode != 0
    said = f"Wireshark {version} is too old: the plugin needs 4.0 or later."
    assert said in sentences(done.stderr)
    assert done.stderr.count("CMake Error") == 1


def test_newer_than_tested_is_a_warning(tmp_path):
    done = configure(tmp_path, "4.8.0")
    assert done.returncode == 0, done.stderr
    assert "is newer than the plugin was tested with" in sentences(done.stderr)


@pytest.mark.parametrize("version", ["4.0.17", "4.2.2", "4.4.18", "4.6.9"])
def test_what_is_served_is_taken_in_silence(tmp_path, version):
    done = configure(tmp_path, version)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_every_place_names_the_same_series():
    """The scripts that try them, the doctor, CMake's warning and the page for users."""
    rows = re.findall(r"^(\d\.\d) \w+ +libwireshark(\d+)$",
                      (REPOSITORY / "scripts/series.sh").read_text(), re.MULTILINE)
    assert len(rows) >= 3
    served = [series for series, _ in rows]
    doctor = DOCTOR.read_text()
    assert re.search(r"^tested_series='(.*)'$", doctor, re.MULTILINE).group(1).split() == served
    known = dict(re.findall(r"^    (\d+)\) echo (\d\.\d) ;;$", doctor, re.MULTILINE))
    assert [known[number] for _, number in rows] == served
    cmake = (REPOSITORY / "plugin/CMakeLists.txt").read_text()
    assert f"VERSION_LESS {served[0]})" in cmake and f"VERSION_GREATER {served[-1]})" in cmake
    page = (REPOSITORY / "docs/install.md").read_text()
    assert re.findall(r"^\| (\d\.\d) \| .* \| yes \|$", page, re.MULTILINE) == served
