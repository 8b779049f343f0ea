# SPDX-License-Identifier: GPL-2.0-or-later
"""CMakeLists.txt is the one place where the version stands; everything else has to say the same."""
import os
import pathlib
import re
import subprocess

import pytest

from conftest import REPOSITORY


def project_version():
    text = (REPOSITORY / "CMakeLists.txt").read_text()
    return re.search(r"^project\(nlb VERSION (\d+\.\d+\.\d+) ", text, re.MULTILINE).group(1)


@pytest.fixture(scope="module")
def build():
    return pathlib.Path(os.environ["NLB_BUILD"])


def test_the_plugin_says_it_to_wireshark(person, plugin):
    person.write("plugins/" + series() + "/epan/nlb.so", plugin)
    person.environment = lambda: {
        "PATH": "/usr/bin:/bin", "HOME": str(person.home), "LC_ALL": "C.UTF-8",
        "WIRESHARK_PLUGIN_DIR": str(person.root / "plugins")}
    text = person.run("tshark", "-G", "plugins").stdout
    row, = (line.split() for line in text.splitlines() if line.startswith("nlb.so"))
    assert row[1] == project_version()


def series():
    text = subprocess.run(["tshark", "-v"], capture_output=True, text=True, check=True).stdout
    return re.search(r"(\d+\.\d+)\.\d+", text).group(1)


def test_the_newest_release_in_the_changelog_has_it():
    text = (REPOSITORY / "CHANGELOG.md").read_text()
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, re.MULTILINE)
    assert releases[0] == project_version()


def test_the_packages_have_it(build):
    settings = (build / "CPackConfig.cmake").read_text()
    values = dict(re.findall(r'^set\((\w+) "(.*)"\)$', settings, re.MULTILINE))
    for_series = f"{project_version()}+ws{series()}"
    dated = r"\d{8}" if unreleased() else None
    behind = lambda sign: f"[{sign}]{dated}" if dated else ""
    assert values["CPACK_PACKAGE_VERSION"] == project_version()
    assert values["CPACK_DEBIAN_PACKAGE_VERSION"] == for_series
    assert re.fullmatch("1" + behind("+"), values["CPACK_DEBIAN_PACKAGE_RELEASE"])
    assert re.fullmatch(re.escape(for_series) + behind("-"), values["CPACK_NLB_SERIES_VERSION"])
    assert re.fullmatch(rf"1\.ws{series()}" + behind("."), values["CPACK_RPM_PACKAGE_RELEASE"])


def test_the_package_goes_when_debian_brings_another_wireshark(build):
    """The old library stays beside the new one; the package of its data does not."""
    depends, = re.findall(r'DEBIAN_PACKAGE_DEPENDS "(.*)"', (build / "CPackConfig.cmake").read_text())
    major, minor = series().split(".")
    for name in (r"libwireshark\d+\w*", "libwireshark-data"):
        assert re.search(rf"{name} \(>= {series()}~\), {name} \(<< {major}.{int(minor) + 1}~\)", depends), depends


def unreleased():
    """Whether the sources have something that the newest release has not."""
    text = (REPOSITORY / "CHANGELOG.md").read_text()
    return "###" in text.partition("## [Unreleased]")[2].partition("\n## [")[0]


@pytest.mark.parametrize("name", ["nlb-doctor", "nlb-survey", "nlb.7", "nlb-doctor.1", "nlb-survey.1",
                                  "debian/changelog"])
def test_what_is_packed_has_it(build, name):
    text = (build / "packaging" / name).read_text()
    assert project_version() in text
    assert "@PROJECT_VERSION@" not in text and "@NLB" not in text


def test_no_other_file_repeats_it():
    """A second place would be forgotten."""
    files = [REPOSITORY / "CMakePresets.json", *(REPOSITORY / "packaging").rglob("*"),
             *(REPOSITORY / "plugin").glob("*"), *(REPOSITORY / "src").rglob("*.h")]
    repeated = re.compile(r"(?<![\d.])" + re.escape(project_version()) + r"(?![\d.])")
    assert [file for file in files
            if file.is_file() and repeated.search(file.read_text(errors="replace"))] == []


def test_nlb_survey_finds_its_modules_where_it_is_installed(person, build):
    subprocess.run(["cmake", "--install", build, "--component", "common", "--prefix", person.root / "usr"], check=True,
                   capture_output=True)
    done = person.run(person.root / "usr/bin/nlb-survey", "--version")
    assert (done.stdout, done.stderr) == (f"nlb-survey {project_version()}\n", "")
    assert not list((person.root / "usr").rglob("__pycache__"))


@pytest.mark.parametrize("name", ["nlb-doctor", "nlb-survey"])
def test_from_the_sources_no_placeholder_is_shown(name):
    done = subprocess.run([REPOSITORY / "packaging" / name, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{name} of the sources\n"
