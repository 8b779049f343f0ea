# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: the plugin under test is the file that the environment variable NLB_PLUGIN names."""
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "plugin"))

import harness  # noqa: E402
import nlb_profile  # noqa: E402


@pytest.fixture(scope="module")
def prefix():
    """With the profile."""
    staged = harness.Prefix(os.environ["NLB_PLUGIN"])
    nlb_profile.install(staged)
    yield staged
    staged.remove()
