"""What every test may use: one emulated AWS a run, on fresh ports, in memory, from the production YAML."""

import os
from collections.abc import Iterator

import hypothesis
import pytest

from chalicelib.adapters import search_reader
from infra.local import stack as local
from infra.local.stack import Stack
from tests import policies
from tests.builders import Shop, a_shop

# No time limit on one example (the machine may be busy), nothing kept on disk, the failing example printed.
_usual = hypothesis.settings(deadline=None, database=None, print_blob=True)
hypothesis.settings.register_profile("packshot", _usual, max_examples=100)
hypothesis.settings.register_profile("proof", _usual, max_examples=500)  # asked for by `make proof`
hypothesis.settings.load_profile("packshot")

# Queue names are read when handlers are imported; the stack fixture replaces these before anything is called.
for _name, _value in (("STAGE", "local"), ("URL", "http://127.0.0.1:1"), ("MEDIA_URL", "http://127.0.0.1:2")):
    os.environ.setdefault(f"PACKSHOT_{_name}", _value)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running stack; the process environment leads every AWS client to it until the run ends.

    Readers of the index look for a newer one at every question, so that nothing is a moment late.
    """
    search_reader.CHECK_AGE_S = 0.0
    running = local.start(tmp_path_factory.mktemp("stack"))
    before = dict(os.environ)
    foreign = [name for name in os.environ if name.startswith(("AWS_", "PACKSHOT_"))]
    for name in foreign:
        del os.environ[name]
    os.environ.update(running.env)
    os.environ["PACKSHOT_VISUAL_TAGS"] = "0"  # tests of visual tags switch them on for themselves
    yield running
    running.stop()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def shop(stack: Stack) -> Shop:
    """A fresh workspace on the running stack."""
    return a_shop()


@pytest.fixture(scope="session", autouse=True)
def _policies_watched() -> Iterator[None]:
    with policies.watched():
        yield


@pytest.fixture(autouse=True)
def _within_policies(_policies_watched: None) -> Iterator[None]:
    """Whatever a test, or a fixture before it, makes a function do must be allowed by the function's role policy."""
    yield
    if beyond := policies.missing(policies.unjudged()):
        pytest.fail("\n".join(str(one) for one in beyond), pytrace=False)
