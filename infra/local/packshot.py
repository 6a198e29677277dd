"""The `packshot` command on this machine: what `make setup` puts into the virtual environment.

Where `make run` runs, the command speaks to that instance; elsewhere it takes what the environment names, as in AWS.
"""

import importlib
import os
import sys

from infra.local import homes, runner


def main(words: list[str]) -> int:
    """Run one command of the product against the running instance, else against what the environment names."""
    home = homes.folder(os.environ)
    if "PACKSHOT_STAGE" not in os.environ:
        if not homes.is_running(home) or not (home / homes.CONNECTION).exists():
            sys.stderr.write(f"Nothing runs in {home}. Start it with `make run`, or set PACKSHOT_HOME.\n")
            return 1
        os.environ.update(runner.settings_for(home, homes.keep(home)).child_environment())
    command = importlib.import_module("chalicelib.handlers.cli")
    return int(command.main(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
