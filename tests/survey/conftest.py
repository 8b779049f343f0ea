# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: a plain user with the plugin, nlb-survey and captures of his own."""
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests/plugin"))

import harness  # noqa: E402

# All of test-pcaps, whole and in pieces, are a thousand runs of tshark.
TIMEOUT = harness.TIMEOUT * (20 if os.environ.get("NLB_SURVEY_ALL") == "1" else 1)
SURVEY = REPOSITORY / "packaging/nlb-survey"
MODULES = REPOSITORY / "packaging/survey"


class Desk:
    """Where the plain user works: everything below `home` is his."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.home = prefix.home
        # The repository may be in a folder that only root may enter.
        self.program = pathlib.Path(shutil.copy(SURVEY, prefix.root))
        shutil.copytree(MODULES, prefix.root / "survey")
        prefix.hand_over()
        self.program.chmod(0o755)
        self.surveys = 0
        self.variables = {"USER": "nobody", "SHELL": "/bin/bash"}

    def copy(self, capture, name):
        """A capture of test-pcaps as a file of the user."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return pathlib.Path(shutil.copy(harness.CAPTURES / capture, path))

    def environment(self):
        # What is wrong inside Wireshark shall show in the findings, not end it.
        kept = {name: value for name, value in self.prefix.environment().items() if "BUG" not in name}
        return {**kept, **self.variables}

    def run(self, *command, **options):
        if os.getuid() == 0:
            # Unchecked: a daemon of the plain user renames its own files meanwhile.
            subprocess.run(["chown", "-Rfh", f"{harness.PLAIN_ID}:{harness.PLAIN_ID}", self.home], check=False)
        return subprocess.run(
            list(map(str, command)), capture_output=True, text=True, timeout=TIMEOUT, cwd=self.home,
            env=self.environment(), **{"stdin": subprocess.DEVNULL, **options}, **harness.as_plain_user())

    def survey(self, *arguments):
        """Runs a survey that has to succeed; returns the folder with its results."""
        self.surveys += 1
        out = self.home / f"out-{self.surveys}"
        done = self.run(self.program, "--out", out, *arguments)
        assert done.returncode == 0, done.stderr
        assert done.stdout == (out / "summary.txt").read_text(encoding="utf-8")
        self.stderr = done.stderr
        return out


@pytest.fixture(scope="module")
def desk():
    plugin = pathlib.Path(os.environ["NLB_PLUGIN"]).resolve()
    prefix = harness.Prefix(plugin)
    yield Desk(prefix)
    prefix.remove()
