"""What the index of a Drive means for the library: folders pass their state on, assets follow, bytes are fetched.

What vanished is looked for once more and, when it is much, asked about.
"""

from dataclasses import replace

from chalicelib.domain.connections import Line, Question
from chalicelib.domain.drive import Entry, Stage, is_suspicious, passed_on
from chalicelib.errors import NotFound
from chalicelib.models import base, drive_files
from chalicelib.services import drive_assets, drive_copies, drive_folders, drive_news
from chalicelib.services.connection_runs import Ask
from chalicelib.services.drive_following import TRIES, Following


def pass_on(this: Following) -> None:
    """Let folders become collections, and what lies in them know where it lies and whether it is still followed."""
    for entry in this.all_work("2settle"):
        followed = entry
        if entry.state == "linked":
            followed = drive_folders.follow(this.run.ctx, this.one.workspace, this.one.id, entry)
        for below in list(this.inside(entry)):
            new = passed_on(below, entry)
            if new is not None:
                this.write(below, new)
        this.write(entry, replace(followed, todo=""))


def let_assets_follow(this: Following) -> None:
    """Let assets take name, place and state from what the index says of their files."""
    for entry in this.work("3align"):
        for _ in range(TRIES):
            try:
                drive_assets.align(this.run.ctx, this.one, entry)
                break
            except base.ConditionFailed:
                entry = drive_files.get(this.one.workspace, this.one.id, entry.id) or entry


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
        for entry in this.work("4copy"):
            drive_copies.fetch(this.run, this.drive, entry)
    except drive_copies.NoMoreToday as enough:
        this.run.keep(log=[Line(this.run.ctx.now(), f"No more today: {enough}", None, is_trouble=True)])
