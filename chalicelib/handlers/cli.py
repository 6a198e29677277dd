"""The `packshot` command: what an operator or `make run` asks of the product without HTTP. JSON in, JSON out."""

import argparse
import json
import sys

from chalicelib import wiring
from chalicelib.domain.arrivals import Refusal
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import PackshotError
from chalicelib.ports import Context
from chalicelib.services import arrivals, indexing, links, workspaces
from chalicelib.services.workspaces import Founding


def bootstrap(ctx: Context) -> dict[str, object]:
    """Make the workspace of standard input unless it is there, and make its sign-in link."""
    asked = json.load(sys.stdin)
    workspace = WorkspaceId(asked["workspace"])
    founding = Founding(
        workspace, asked["name"], asked["member_id"], asked["email"], asked["api_key"], self_approval=True
    )
    workspaces.found(ctx, founding)
    links.issue_at_start(ctx, workspace, asked["member_id"], asked["sign_in_token"])
    return {"workspace": workspace}


def reconcile(ctx: Context) -> dict[str, object]:
    """Free what other runs owned when they died, send a hint for every object version that waits, have search indexes
    of another release built anew."""
    indexing.look_after(ctx)
    return {"voided": arrivals.void_older_claims(ctx), "sent": arrivals.reconcile(ctx, min_age_s=0, is_start=True)}


def refuse(ctx: Context) -> dict[str, object]:
    """Quarantine a file that could not even be put into the inbox; standard input names it."""
    asked = json.load(sys.stdin)
    key = f"{asked['workspace']}/{asked['path']}"
    reason = asked.get("reason") or "This file is too large for the drop folder on this machine. Save a smaller one."
    arrival = arrivals.refuse_unseen(ctx, key, Refusal("not_sent", reason))
    return {"id": arrival}


def rebuild_index(ctx: Context, workspace: str | None) -> dict[str, object]:
    """Build the search index of a workspace, or of every one that has an index, anew while it is in use."""
    chosen = [WorkspaceId(workspace)] if workspace else list(ctx.search.workspaces())
    return {one: indexing.rebuild(ctx, one) for one in chosen}


COMMANDS = {"bootstrap": bootstrap, "reconcile": reconcile, "refuse": refuse}


def main(words: list[str]) -> int:
    """Run one command; 2 when it is unknown, 1 when it was refused."""
    parser = argparse.ArgumentParser(prog="packshot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        commands.add_parser(name, help=COMMANDS[name].__doc__)
    index = commands.add_parser("index", help="the search index").add_subparsers(dest="act", required=True)
    rebuild = index.add_parser("rebuild", help=rebuild_index.__doc__)
    rebuild.add_argument("--workspace", help="only this one, by id")
    try:
        asked = parser.parse_args(words)
    except SystemExit as refused:
        return int(refused.code or 0)
    try:
        ctx = wiring.context()
        said = rebuild_index(ctx, asked.workspace) if asked.command == "index" else COMMANDS[asked.command](ctx)
    except PackshotError as problem:
        sys.stderr.write(f"{problem.message}\n")
        return 1
    sys.stdout.write(json.dumps(said) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
