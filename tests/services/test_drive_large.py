"""A file far larger than our memory comes through, in as many runs as it takes."""

import json
import os
import subprocess
import sys

import pytest

from infra.local.tools import ROOT

GIB = 1024**3


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.requirement("R39")
def test_five_gigabytes_come_in_three_runs_through_200_mb_of_memory() -> None:
    """The sync function on its real clients, in a process of its own; source and store make and hash, and keep none."""
    own = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "PACKSHOT_"))}
    asked = [sys.executable, "-m", "benchmarks.drive_large", "--mib", "5120", "--runs", "3"]
    done = subprocess.run(asked, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{found}")

    assert (found["sink"]["size_bytes"], found["sink"]["sha256"]) == (5 * GIB, found["sha256"])
    assert (found["sink"]["begun"], found["sink"]["is_whole"], found["sink"]["troubles"]) == (1, True, [])
    assert (found["runs"], found["downloads"]) == (3, 3)
    assert found["peak_mb"] <= 200
