# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: a user with an empty home, and the plugin that NLB_PLUGIN names."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
DOCTOR = REPOSITORY / "packaging/nlb-doctor"
PLAIN_ID = 65534


@pytest.fixture(scope="session")
def plugin():
    path = pathlib.Path(os.environ["NLB_PLUGIN"]).resolve()
    assert path.is_file(), f"NLB_PLUGIN: {path} does not exist"
    return path


class Person:
    """Someone with a home of his own, who is not root: for root the doctor says other things."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="nlb-packaging-"))
        self.root.chmod(0o755)
        self.home = self.root / "home"
        self.bin = self.root / "bin"
        self.home.mkdir()
        self.bin.mkdir()
        # The repository may be in a folder that only root may enter.
        self.doctor = shutil.copy(DOCTOR, self.root)
        self.path = "/usr/bin:/bin"
        self.as_root = False

    def write(self, name, content, mode=0o644):
        """A file below the person's folder, from text, bytes, or another file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, pathlib.Path):
            content = content.read_bytes()
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)
        return path

    def run(self, *command):
        self.hand_over()
        return subprocess.run(
            command, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
            cwd=self.root, env=self.environment(), **self.identity())

    def hand_over(self):
        if os.getuid() == 0 and not self.as_root:
            for path in [self.home, *self.home.rglob("*")]:
                os.chown(path, PLAIN_ID, PLAIN_ID, follow_symlinks=False)

    def environment(self):
        return {"PATH": f"{self.bin}:{self.path}", "HOME": str(self.home), "LC_ALL": "C.UTF-8"}

    def identity(self):
        if os.getuid() != 0 or self.as_root:
            return {}
        return {"user": PLAIN_ID, "group": PLAIN_ID, "extra_groups": []}


@pytest.fixture
def person():
    someone = Person()
    yield someone
    shutil.rmtree(someone.root)
