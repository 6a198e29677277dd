"""The `packshot` command: what an operator or `make run` asks of the product without HTTP. JSON in, JSON out."""

import argparse
import json
import sys

from chalicelib import wiring
from chalicelib.domain.arrivals import Refusal
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import PackshotError
from chalicelib.handlers import operating
from chalicelib.ports.context import Context
from chalicelib.services import arrivals, indexing, links, workspaces
from chalicelib.services.workspaces import Founding


def found(ctx: Context) -> dict[str, object]:
    """Make the workspace of standard input with its owner and first key unless it is there."""
    return {"workspace": _founded(ctx, json.load(sys.stdin), self_approval=False)}


def bootstrap(ctx: Context) -> dict[str, object]:
    """Make the workspace of standard input unless it is there, and make its sign-in link."""
    asked = json.load(sys.stdin)
    workspace = _founded(ctx, asked, self_approval=True)
    links.issue_at_start(ctx, workspace, asked["member_id"], asked["sign_in_token"])
    return {"workspace": workspace}


def _founded(ctx: Context, asked: dict[str, str], *, self_approval: bool) -> WorkspaceId:
    workspace = WorkspaceId(asked["workspace"])
    founding = Founding(
        workspace, asked["name"], asked["member_id"], asked["email"], asked["api_key"], self_approval=self_approval
    )
    workspaces.found(ctx, founding)
    return workspace


def refuse(ctx: Context) -> dict[str, object]:
    """Quarantine a file that could not even be put into the inbox; standard input names it."""
    asked = json.load(sys.stdin)
    key = f"{asked['workspace']}/{asked['path']}"
    reason = asked.get("reason") or "This file is too large for the drop folder on this machine. Save a smaller one."
    arrival = arrivals.refuse_unseen(ctx, key, Refusal("not_sent", reason))
    return {"id": arrival}


def rebuild_index(ctx: Context, asked: argparse.Namespace) -> dict[str, object]:
    """Build the search index of a workspace, or of every one that has an index, anew while it is in use."""
    chosen = [WorkspaceId(asked.workspace)] if asked.workspace else list(ctx.search.workspaces())
    return {one: indexing.rebuild(ctx, one) for one in chosen}


FOR_STARTING = {"found": found, "bootstrap": bootstrap, "refuse": refuse}
"""What `make run` and `make deploy` have done; they read what is asked from standard input."""


def parser() -> argparse.ArgumentParser:
    """Every command with its options; each sets `act`."""
    whole = argparse.ArgumentParser(prog="packshot", description=__doc__)
    commands = whole.add_subparsers(dest="command", required=True)
    for name, start in FOR_STARTING.items():
        one = commands.add_parser(name, help=start.__doc__)
        one.set_defaults(act=lambda ctx, _asked, start=start: start(ctx))
    operating.add(commands)
    index = commands.add_parser("index", help="the search index").add_subparsers(dest="what", required=True)
    rebuild = index.add_parser("rebuild", help=rebuild_index.__doc__)
    rebuild.add_argument("--workspace", help="only this one, by id")
    rebuild.set_defaults(act=rebuild_index)
    return whole


def main(words: list[str]) -> int:
    """Run one command; 2 when it is unknown, 1 when it was refused or found something wrong."""
    try:
        asked = parser().parse_args(words)
    except SystemExit as refused:
        return int(refused.code or 0)
    try:
        said = asked.act(wiring.context(), asked)
    except PackshotError as problem:
        sys.stderr.write(f"{problem.message}\n")
        return 1
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return 0 if said.get("is_sound", True) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
