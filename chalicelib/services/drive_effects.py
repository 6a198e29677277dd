"""What the index of a Drive means for the library: folders pass their state on, assets follow, bytes are fetched."""

from dataclasses import replace

from chalicelib.domain.assets import Asset
from chalicelib.domain.connections import Line
from chalicelib.domain.drive import Entry, after_align, passed_on
from chalicelib.models import base, drive_files, sources
from chalicelib.services import drive_assets, drive_copies, drive_folders
from chalicelib.services.drive_following import TRIES, Following


def pass_on(this: Following) -> None:
    """Let folders become collections, and what lies in them know where it lies and whether it is still followed."""
    for entry in this.all_work("2settle"):
        followed = entry
        if entry.state == "linked":
            followed = drive_folders.follow(this.run.ctx, this.one.workspace, this.one.id, entry)
        this.change(this.inside(entry), lambda below, above=entry: passed_on(below, above))  # type: ignore[misc]
        this.write(entry, replace(followed, todo=""))


def let_assets_follow(this: Following) -> None:
    """Let assets take name, place and state from what the index says of their files."""
    homes = drive_assets.Homes(this.run.ctx, this.one)
    for batch in this.batches("3align", lambda listed: _arrived(this, listed)):
        for entry, asset in drive_assets.align_all(this, batch, homes):
            _let_follow(this, entry, asset)


def _let_follow(this: Following, entry: Entry, asset: Asset | None) -> None:
    for _ in range(TRIES):
        try:
            drive_assets.align(this, entry, asset)
            return
        except base.ConditionFailed:
            entry, asset = drive_files.get(this.one.workspace, this.one.id, entry.id) or entry, None


def _arrived(this: Following, listed: list[Entry]) -> list[Entry]:
    """Those without a file that is still on its way in: of a first sync that may be nearly all of them. What wants
    other bytes does not wait: the first ones may never have become an asset."""
    waiting = [one.id for one in listed if one.copied and not after_align(one)]
    paths = {one: drive_assets.path_of(this.one, one) for one in waiting}
    there = sources.find_many(this.one.workspace, "drive", list(paths.values())) if paths else {}
    return [one for one in listed if one.id not in paths or paths[one.id] in there]


def fetch(this: Following) -> None:
    """Fetch the bytes that are wanted, as far as the run's time and Drive's patience go."""
    try:
        for batch in this.batches("4copy"):
            for entry in batch:
                drive_copies.fetch(this.run, this.drive, entry)
    except drive_copies.NoMoreToday as enough:
        this.run.keep(log=[Line(this.run.ctx.now(), f"No more today: {enough}", None, is_trouble=True)])
