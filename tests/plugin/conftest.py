# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: the plugin under test is the file that the environment variable NLB_PLUGIN names."""
import functools
import os
import pathlib

import pytest

import harness


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="write the golden files anew")


def pytest_configure(config):
    config.addinivalue_line("markers", "xdist_group(name): these tests go to one worker")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What `decode` keeps of a capture serves all its tests, also with --dist loadgroup."""
    for item in items:
        capture = getattr(item, "callspec", None) and item.callspec.params.get("capture")
        if capture:
            item.add_marker(pytest.mark.xdist_group(capture))


@pytest.fixture(scope="session")
def plugin():
    name = os.environ.get("NLB_PLUGIN")
    assert name, "set NLB_PLUGIN to the path of nlb.so"
    path = pathlib.Path(name).resolve()
    assert path.is_file(), f"NLB_PLUGIN: {path} does not exist"
    return path


@pytest.fixture(scope="session")
def prefix(plugin):
    staged = harness.Prefix(plugin)
    yield staged
    staged.remove()


@pytest.fixture(scope="session")
def tshark(prefix):
    """Wireshark goes on without a plugin that it cannot load, so the first thing is to ask."""
    tool = harness.Tshark(prefix)
    loaded = tool.run("-G", "plugins")
    assert harness.PLUGIN_NAME in [line.split()[0] for line in loaded.splitlines() if line.strip()], loaded
    return tool


@pytest.fixture(scope="session")
def sharkd(tshark):
    """Asks for tshark because that one makes sure that the plugin loads."""
    return harness.Sharkd(tshark.prefix)


@pytest.fixture(scope="session")
def decode(tshark):
    """decode(capture) and decode(capture, "-2"), each run once a session."""
    return functools.cache(tshark.decode)


@pytest.fixture(scope="session")
def update(request):
    return request.config.getoption("--update")
