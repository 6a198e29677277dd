"""The order of a deployment: look, show, ask, then data, functions, hosts, web app, first workspace, smoke test, note.

Whatever stops it, running it again goes on: each step brings one thing to what it should be and changes nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from infra.deploy import founding, guards, site, smoke
from infra.deploy.errors import DeployError
from infra.deploy.founding import First
from infra.deploy.releases import Release, Shelf
from infra.deploy.stacks import Plan, Stacks
from infra.deploy.stage import Stage
from infra.local import template
from infra.local.tools import ROOT

CLIENTS = ("cloudformation", "s3", "ssm", "cloudfront", "cloudfront-keyvaluestore", "sts")


@dataclass(frozen=True)
class Deployment:
    """A stage, the account it goes to, and the person who is asked. `environment` is for the founding command."""

    stage: Stage
    session: Any
    clients: Mapping[str, Any]
    say: Callable[[str], None]
    agree: Callable[[str], bool]
    stacks: Stacks
    environment: Mapping[str, str] = field(default_factory=dict)
    after_app: Callable[[], None] = lambda: None
    """What the account needs once the functions are there; nothing in AWS."""

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.clients["s3"], self.stage.bucket("releases"), self.stage.region)


def deploy(to: Deployment, build: Path, web: Path = ROOT / "web") -> Release:
    """Bring the stage to what was packaged. Raises DeployError; what was done until then stays and is gone on from."""
    whose(to)
    look(to, build / "data.yml")
    to.shelf.open()
    release = to.shelf.package(build, web)
    master = founding.master_key(to.clients["ssm"], to.stage)
    bring(to, "data", release)
    bring(to, "app", release)
    to.after_app()
    to.shelf.note(release)
    hosts(to, release, master)
    first = first_workspace(to)
    check(to, first)
    to.say(f"Release {release.number} of {to.stage.name} is deployed. Back to the one before: make rollback.")
    return release


def roll_back(to: Deployment) -> Release:
    """Bring functions and web app to the release before. Tables and buckets stay: nothing stored is lost."""
    whose(to)
    before = to.shelf.before()
    release = Release(max(to.shelf.numbers()) + 1, before.templates, before.site)
    bring(to, "app", release)
    to.after_app()
    to.shelf.note(release)
    if to.stage.certificate_arn:
        put_site(to, release, to.stacks.outputs(to.stage.stack("edge")))
    check(to, first_workspace(to))
    to.say(f"{to.stage.name} is back at release {before.number}, noted as release {release.number}.")
    return release


def whose(to: Deployment) -> None:
    """Say whose account it is, before anything."""
    told = to.clients["sts"].get_caller_identity()
    to.say(f"Stage {to.stage.name}, account {told['Account']}, region {to.stage.region}, as {told['Arn']}.")


def look(to: Deployment, template_path: Path) -> None:
    """Stop where a stack is in the middle of something, cannot be looked at, or could not become this release.

    Raises DeployError; nothing was touched.
    """
    for noun in ("data", "app", "edge"):
        to.stacks.check_ready(to.stage.stack(noun))
    refuse_migrations(to, template_path)


def refuse_migrations(to: Deployment, template_path: Path) -> None:
    """Stop where a table or bucket would have to be made anew. Raises DeployError; nothing was touched."""
    deployed = to.stacks.template(to.stage.stack("data"))
    if not deployed:
        return
    before = yaml.load(deployed, Loader=template.Loader)  # noqa: S506 a SafeLoader
    if wrong := guards.keys_changed(before, template.load(template_path)):
        raise DeployError("\n".join(["The data stack cannot become this; nothing was touched.", *wrong]))


def bring(to: Deployment, noun: str, release: Release, more: Mapping[str, str] | None = None) -> None:
    """One stack to what the release says: shown, agreed to, carried out. Raises DeployError."""
    stack = to.stage.stack(noun)
    parameters = {**to.stage.parameters[noun], **(more or {})}
    plan = to.stacks.plan(stack, to.shelf.url(release.templates[noun]), parameters)
    to.say(shown(plan))
    if wrong := guards.harmful(plan.changes):
        to.stacks.throw_away(plan)
        raise DeployError("\n".join([f"{stack} was left as it is.", *wrong]))
    if plan.id and not to.agree(f"Change {stack}?"):
        to.stacks.throw_away(plan)
        raise DeployError(f"{stack} was left as it is.")
    to.stacks.carry_out(plan, to.say)


def shown(plan: Plan) -> str:
    """What a plan would do, one line each."""
    if not plan.id:
        return f"{plan.stack}: nothing changes."
    return "\n".join([f"{plan.stack}: {len(plan.changes)} changes.", *(f"  {one}" for one in plan.changes)])


def hosts(to: Deployment, release: Release, master: bytes) -> None:
    """The two hosts and what lies behind them; left out while the stage has no certificate."""
    if not to.stage.certificate_arn:
        to.say("No certificate_arn: no hosts are made. The API answers under its own address only.")
        return
    api = to.stacks.outputs(to.stage.stack("app"))["RestAPIId"]
    bring(to, "edge", release, {"ApiId": api, "EdgeMark": founding.edge_mark(master)})
    outputs = to.stacks.outputs(to.stage.stack("edge"))
    founding.open_gate(to.clients["cloudfront-keyvaluestore"], outputs["MediaKeysArn"], master)
    put_site(to, release, outputs)
    to.say(f"Point {to.stage.app_host} at {outputs['AppTarget']}, {to.stage.media_host} at {outputs['MediaTarget']}.")


def put_site(to: Deployment, release: Release, outputs: Mapping[str, str]) -> None:
    count = site.put(to.clients["s3"], to.stage.bucket("web"), to.shelf, release)
    site.tell_edges(to.clients["cloudfront"], outputs)
    to.say(f"{count} files of the web app are up.")


def first_workspace(to: Deployment) -> First:
    bucket = to.stage.bucket("releases")
    return founding.first_workspace(to.session, to.stage, to.clients["s3"], bucket, to.environment)


def check(to: Deployment, first: First) -> None:
    """A picture through the API's own address, which needs no name in DNS. Raises DeployError."""
    url = api_url(to)
    took = smoke.run(smoke.Api(url, first.api_key), to.clients["s3"], to.stage.bucket("inbox"), first)
    to.say(f"Smoke test: {took}.")


def api_url(to: Deployment) -> str:
    """The API's own address, without a slash at the end."""
    outputs = to.stacks.outputs(to.stage.stack("app"))
    return to.environment.get("PACKSHOT_API", outputs["EndpointURL"].rstrip("/")).replace("{api}", outputs["RestAPIId"])
