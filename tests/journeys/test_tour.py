"""The tour of docs/tour.md, run as it stands in one shell."""

import os
import re
import subprocess

import pytest

from infra.local.tools import ROOT
from tests.journeys.instance import Instance

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]
STEPS = re.findall(r"```sh\n(.*?)```\n```text\n(.*?)```", (ROOT / "docs" / "tour.md").read_text(), re.S)
MARK = "--- step ---"


def test_every_command_of_the_tour_says_what_the_page_says(packshot: Instance) -> None:
    script = "set -euo pipefail\n" + f"echo '{MARK}'\n".join(command for command, _ in STEPS)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env={**os.environ, "PACKSHOT_HOME": str(packshot.home)},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(STEPS) == 12
    assert [said.strip() for said in done.stdout.split(MARK)] == [said.strip() for _, said in STEPS]
