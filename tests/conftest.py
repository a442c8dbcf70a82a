"""What all tests share: made-up districts, and the stores they are written to."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import HealthCheck, settings

from tests.neo4j_server import embedded_server, embedded_store, neo4j_2026_server, neo4j_server, neo4j_store, neo4j_url, own_neo4j  # noqa: F401

mpl.use("Agg")

signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background of a shell ignores Ctrl-C, and so would every command it starts

SLOW = Path(__file__).parent / "slow.txt"

os.environ["GRAPHKIT_ENGINE_IDLE_S"] = "0"  # no engine stays behind; a test of one that stays says so

settings.register_profile("here", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))


@pytest.fixture(scope="session")
def acheng():
    """The example district; nothing changes it."""
    from graphkit.generate import generate_acheng

    return generate_acheng()


@pytest.fixture(scope="session")
def district():
    """A small made-up district, with every kind of node and tie in it."""
    from graphkit.generate import generate_district

    return generate_district(villages=3, seed=7)


FIRST = ("neo4j", "neo4j_2026", "embedded", "test_spark.py", "test_plans.py", "test_notebooks.py", "test_site.py", "test_coverage.py")
"""Groups that take minutes, longest first: begun last, one of them alone would keep a processor waiting."""


@pytest.hookimpl(tryfirst=True)  # before the plug-in that sends tests to processes looks for their groups
def pytest_collection_modifyitems(config, items):
    """Where tests run side by side, those of one server, and those of one file, stay together: what they share is made once.

    A simulation takes minutes: it runs where it is asked for by its mark.
    """
    slow = set(SLOW.read_text("utf-8").split())
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_together(item)))
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.nodeid.partition("[")[0] in slow:
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("simulation") and "simulation" not in config.option.markexpr:
            item.add_marker(pytest.mark.skip(reason="takes minutes: run by -m simulation"))
    items.sort(key=lambda item: FIRST.index(group) if (group := _together(item)) in FIRST else len(FIRST))


def _together(item):
    """The server whose name a fixture or a parameter bears, or else the file."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    given = {
        word.removesuffix("_server").removesuffix("_store") for word in (*getattr(item, "fixturenames", ()), *parameters) if isinstance(word, str)
    }
    return next((server for server in ("neo4j_2026", "embedded", "neo4j") if server in given), item.path.name)
