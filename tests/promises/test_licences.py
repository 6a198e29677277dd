"""What is uploaded binds nobody, and each dependency is written down with its reason."""

from pathlib import Path

import pytest

from infra import licences

DOCS = (Path(__file__).parents[2] / "docs" / "dependencies.md").read_text()


def test_nothing_in_the_bundle_is_under_a_licence_that_would_bind_the_product() -> None:
    assert list(licences.refusals()) == []


@pytest.mark.parametrize("licence", ["GPL-3.0-or-later", "AGPL-3.0", "GNU General Public License v2 (GPLv2)", "LGPLv3"])
def test_copyleft_is_refused(licence: str) -> None:
    assert licences.refuses(licence)


@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0", "BSD-3-Clause AND Zlib", "PSF-2.0", "MIT-CMU"])
def test_permissive_licences_are_carried(licence: str) -> None:
    assert not licences.refuses(licence)


def test_every_exception_is_still_needed() -> None:
    for name in licences.ALLOWED_BY_NAME:
        assert licences.refuses(licences.licence_of(name))


@pytest.mark.parametrize("name", licences.distributions())
def test_every_distribution_of_the_bundle_has_its_line_in_the_documentation(name: str) -> None:
    first = [line.split("|")[1] for line in DOCS.splitlines() if line.startswith("|")]

    assert any(name in [one.strip().split(" ")[0] for one in cell.split(",")] for cell in first)
