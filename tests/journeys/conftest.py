"""Instances for journeys: one for all that leave it whole, one for those that kill, each in a home of its own."""

from collections.abc import Iterator

import pytest

from tests.journeys.instance import Instance


@pytest.fixture(scope="session")
def packshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A running instance that nobody kills."""
    running = Instance(tmp_path_factory.mktemp("whole")).start()
    yield running
    running.interrupt()


@pytest.fixture(scope="session")
def battered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A running instance for tests that kill parts of it; each leaves it running."""
    running = Instance(tmp_path_factory.mktemp("battered")).start()
    yield running
    running.interrupt()


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> str:
    """A top folder of the test's own."""
    return f"{request.node.name[5:60]}".replace("[", " ").replace("]", "")
