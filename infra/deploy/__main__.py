"""Deploy a packaged stage, or go back to the release before.

    python -m infra.deploy STAGE [--yes] [--back]

Credentials are those of the AWS environment or profile; `infra/stages/<stage>.toml` says the rest.
"""

import argparse
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import stage as stages, steps
from infra.deploy.errors import DeployError
from infra.deploy.stacks import Stacks
from infra.package import BUILD


def main(words: list[str]) -> int:
    """0 when the stage is as it should be; 1 with a sentence when it is not."""
    reader = argparse.ArgumentParser(prog="packshot-deploy", description=__doc__)
    reader.add_argument("stage")
    reader.add_argument("--yes", action="store_true", help="carry every change out that loses nothing, without asking")
    reader.add_argument("--back", action="store_true", help="go back to the release before")
    given = reader.parse_args(words)
    try:
        stage = stages.read(given.stage)
        session = boto3.session.Session(region_name=stage.region)
        signing = Config(signature_version="s3v4")
        clients = {
            one: session.client(one, config=signing if one == "s3" else None)  # type: ignore[call-overload]
            for one in steps.CLIENTS
        }
        to = steps.Deployment(
            stage, session, clients, print, lambda asked: given.yes or _agreed(asked), Stacks(clients["cloudformation"])
        )
        steps.roll_back(to) if given.back else steps.deploy(to, BUILD / stage.name)
    except (DeployError, BotoCoreError, ClientError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _agreed(asked: str) -> bool:
    return sys.stdin.isatty() and input(f"{asked} [y/N] ").strip().casefold() in ("y", "yes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
