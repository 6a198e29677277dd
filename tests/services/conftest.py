"""What the tests of services share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drives import Place, a_drive


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A fresh Drive, and the hands of its user."""
    with a_drive(tmp_path) as found:
        yield found
