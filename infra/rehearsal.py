"""Deploy what `make package` built to a throw-away emulator and use it: `python -m infra.rehearsal`.

The real templates, zips and role policies, in the emulator's CloudFormation, API Gateway and Lambda, by the steps that
`make deploy` takes. What the emulator cannot: hosts at the edge, Lambda's own Python (the picture function is bundled
for the Python that runs here), limits of time and memory.
"""

import contextlib
import re
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra import bundle
from infra.deploy.releases import Release
from infra.deploy.smoke import Api
from infra.deploy.stacks import Stacks
from infra.deploy.stage import Stage
from infra.deploy.steps import Deployment, api_url, deploy, first_workspace, roll_back
from infra.local import children, emulators, logs, loopback
from infra.local.emulators import ACCESS_KEY, REGION, Addresses
from infra.local.tools import ensure, folder
from infra.package import BUILD
from infra.rehearsal_outside import outside, use

STAGE = Stage("dev", REGION, "app.rehearsal.invalid", "media.rehearsal.invalid", "packshot@rehearsal.invalid",
              "owner@rehearsal.invalid")  # fmt: skip
_SENDS = re.compile(r"^( +- )sqs:SendMessage$", re.M)
"""The emulator asks for a right of this name where AWS asks for the right to send a message."""
_STAGE_SETTING = re.compile(r"^( +)PACKSHOT_STAGE: .*$", re.M)
_ONLY_TLS, _ANY = 'aws:SecureTransport: "false"', 'aws:SecureTransport: "neither"'
"""The emulator speaks plain HTTP, and obeys the buckets' refusal of it."""
PYTHON_HERE = bundle.Target(python=f"{sys.version_info.major}.{sys.version_info.minor}")


@dataclass(frozen=True)
class Theatre:
    """An emulator of its own with nothing in it, and how to reach it."""

    addresses: Addresses
    home: Path

    @property
    def session(self) -> boto3.session.Session:
        return boto3.session.Session(ACCESS_KEY, self.addresses.secret, region_name=REGION)

    def client(self, name: Any) -> Any:
        how = Config(signature_version="s3v4" if name == "s3" else "v4", s3={"addressing_style": "path"}, proxies={})
        return self.session.client(name, endpoint_url=self.addresses.aws_url, config=how)

    def deployment(self) -> Deployment:
        """The steps of a real deployment, led here."""
        names = ("cloudformation", "s3", "ssm", "sts")
        api = f"{self.addresses.aws_url}/restapis/{{api}}/api/_user_request_"
        return Deployment(
            STAGE,
            self.session,
            {one: self.client(one) for one in names},
            print,
            lambda _: True,
            Stacks(self.client("cloudformation"), pause_s=0.2),
            environment={"AWS_ENDPOINT_URL": self.addresses.aws_url, "PACKSHOT_API": api},
            after_app=self._count_in_numbers,
        )

    def _count_in_numbers(self) -> None:
        """The emulator keeps a parameter of type Number as text and then cannot compare it; CloudFormation can."""
        functions = self.client("lambda")
        for one in functions.list_event_source_mappings()["EventSourceMappings"]:
            if most := one.get("ScalingConfig", {}).get("MaximumConcurrency"):
                functions.update_event_source_mapping(UUID=one["UUID"], ScalingConfig={"MaximumConcurrency": int(most)})


@contextlib.contextmanager
def theatre() -> Iterator[Theatre]:
    """An emulator that ends with the block, with role policies enforced."""
    with tempfile.TemporaryDirectory(prefix="packshot-rehearsal-") as scratch:
        home = Path(scratch)
        logs.folder(home).mkdir(parents=True)
        dynamodb, aws = loopback.free_ports(2)
        addresses = Addresses(dynamodb, aws, secrets.token_urlsafe(24), secrets.token_hex(16))
        child = emulators.start_aws(ensure(folder()), home, addresses, [], durable=False)
        try:
            emulators.open_gate(child, addresses)
            yield Theatre(addresses, home)
        except Exception:
            sys.stderr.write(told(Theatre(addresses, home)))
            raise
        finally:
            children.stop(child)


def told(there: Theatre) -> str:
    """What emulator and functions said, and what waits in the queues: for whoever looks into a failure."""
    lines = [logs.place(there.home, "aws").read_text(errors="replace")[-3000:]]
    reader, queues = there.client("logs"), there.client("sqs")
    for group in reader.describe_log_groups()["logGroups"]:
        events = reader.filter_log_events(logGroupName=group["logGroupName"])["events"]
        lines += [f"{group['logGroupName']}: {one['message'].rstrip()}" for one in events[-12:]]
    for url in queues.list_queues().get("QueueUrls", []):
        told = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        counts = {name: count for name, count in told.items() if name.startswith("Approximate") and count != "0"}
        lines += [f"{url.rpartition('/')[2]}: {counts}"] if counts else []
    return "\n".join(lines) + "\n"


def stage_build(environment: Mapping[str, str]) -> Path:
    """What was packaged, with the picture function's zip for the Python that runs here and where stand-ins answer."""
    build = BUILD / "rehearsal"
    build.mkdir(parents=True, exist_ok=True)
    for name in ("sam.yaml", "data.yml", "edge.yml", "deployment.zip"):
        (build / name).write_bytes((BUILD / STAGE.name / name).read_bytes())
    app, data = build / "sam.yaml", build / "data.yml"
    given = "".join(rf"\n\g<1>{name}: '{value}'" for name, value in environment.items())
    app.write_text(
        _STAGE_SETTING.sub(rf"\g<0>{given}", _SENDS.sub(r"\g<0>\n\g<1>sqs:SendMessageBatch", app.read_text()))
    )
    data.write_text(data.read_text().replace(_ONLY_TLS, _ANY))
    bundle.build(build / "media.zip", PYTHON_HERE)
    return build


def main() -> int:
    """A first deployment with Drive and store, a second that changes nothing, a changed one, and the way back."""
    with theatre() as there, outside(there.home / "outside") as world:
        to, build = there.deployment(), stage_build(world.environment)
        first: Release = deploy(to, build)
        use(Api(api_url(to), first_workspace(to).api_key), world, print)
        deploy(to, build)
        changed = build / "sam.yaml"
        changed.write_text(changed.read_text().replace("MemorySize: 1024", "MemorySize: 1152", 1))
        deploy(to, build)
        assert roll_back(to).templates["app"] == first.templates["app"]
    return 0


if __name__ == "__main__":
    sys.exit(main())
