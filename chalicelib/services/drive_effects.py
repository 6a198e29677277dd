"""What the index of a Drive means for the library: folders pass their state on, assets follow, bytes are fetched.

What vanished is looked for once more and, when it is much, asked about.
"""

from dataclasses import replace

from chalicelib.domain.assets import Asset
from chalicelib.domain.connections import Line, Question
from chalicelib.domain.drive import Entry, Stage, is_suspicious, passed_on
from chalicelib.errors import NotFound
from chalicelib.models import base, drive_files, sources
from chalicelib.services import drive_assets, drive_copies, drive_folders, drive_news
from chalicelib.services.connection_runs import Ask
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
    """Those without a file that is still on its way in: of a first sync that may be nearly all of them."""
    paths = {one.id: drive_assets.path_of(this.one, one.id) for one in listed if one.copied}
    there = sources.find_many(this.one.workspace, "drive", list(paths.values())) if paths else {}
    return [one for one in listed if one.id not in paths or paths[one.id] in there]


def look_for_missing(this: Following) -> None:
    """What is really gone is detached, unless it is so much that people must say so first."""
    gone: list[Entry] = []
    for entry in this.work("5missing"):
        try:
            found = this.drive.get(entry.id)
        except NotFound:
            gone.append(entry)
            continue
        drive_news.absorb(this, [(found.id, found)], None)
    answer = this.answer("many_gone")
    files = sum(not one.file.is_folder for one in gone)
    folders = len(gone) - files
    if answer is None and (folders or is_suspicious(files, this.memory.get("known", 0))):
        text = (
            f"{files} files and {folders} folders with all in them are not there any more for "
            f"{this.drive.account()}: deleted for good, or no longer shared. Nothing was changed. “detach” keeps "
            "their assets here without following them; “keep” waits for them to come back."
        )
        raise Ask(Question("many_gone", text, ("detach", "keep")))
    for entry in gone:
        if answer == "keep":
            this.write(entry, replace(entry, todo="", because="not seen in Drive any more"))
            continue
        because = "deleted in Drive, or not shared with us any more"
        todo: Stage = "2settle" if entry.file.is_folder else "3align"
        this.write(entry, replace(entry, state="detached", because=because, todo=todo), counts={"detached": 1})
    if gone and answer != "keep":
        pass_on(this)
        let_assets_follow(this)
    if "decision" in this.memory:
        this.run.keep(memory={name: value for name, value in this.memory.items() if name != "decision"})


def fetch(this: Following) -> None:
    """Fetch the bytes that are wanted, as far as the run's time and Drive's patience go."""
    try:
        for batch in this.batches("4copy"):
            for entry in batch:
                drive_copies.fetch(this.run, this.drive, entry)
    except drive_copies.NoMoreToday as enough:
        this.run.keep(log=[Line(this.run.ctx.now(), f"No more today: {enough}", None, is_trouble=True)])
