"""What is missed in a Drive: looked for once more, then detached, or asked about when it is much.

Deleted and not shared any more cannot be told apart, so that a lost share must not look like a clearing out.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.connections import Question
from chalicelib.domain.drive import DriveFile, Entry, Stage, is_suspicious
from chalicelib.services import drive_listing, drive_news
from chalicelib.services.connection_runs import Ask
from chalicelib.services.drive_following import Following

_QUESTION = "many_gone"


def look_again(this: Following) -> list[Entry]:
    """Let the index know what became of all that is missed; what of it people must be asked about stays as it is.

    Once that much is gone nothing more is looked for: of a lost share that may be very many files.
    """
    answer, gone, has_found, is_enough = this.answer(_QUESTION), list[Entry](), False, False
    for batch in this.batches("5missing"):
        lost, there = list[Entry](), list[tuple[str, DriveFile | None]]()
        for entry in batch:
            this.run.hold()
            found = None if is_enough else this.there(entry.id)
            if found is not None:
                there.append((found.id, found))
                continue
            lost.append(entry)
            is_enough = is_enough or (answer is None and _is_much(this, [*gone, *lost]))
        if there:
            drive_news.absorb(this, there, None)
            has_found = True
        if answer is None:
            gone += lost
        else:
            _give_up(this, lost, is_kept=answer == "keep")
    if has_found:
        drive_listing.list_folders(this)
    if _is_much(this, gone):
        return gone
    _give_up(this, gone, is_kept=False)
    return []


def ask(this: Following, gone: Sequence[Entry]) -> None:
    """Raise `Ask` when much is gone; else what people had decided is done, and forgotten."""
    if gone:
        folders = sum(one.file.is_folder for one in gone)
        text = (
            f"{len(gone) - folders} files and {folders} folders with all in them are not there any more for "
            f"{this.drive.account()}: deleted for good, or no longer shared. Nothing was changed. “detach” keeps "
            "their assets here without following them; “keep” waits for them to come back."
        )
        raise Ask(Question(_QUESTION, text, ("detach", "keep")))
    if "decision" in this.memory:
        this.run.keep(memory={name: value for name, value in this.memory.items() if name != "decision"})


def _is_much(this: Following, gone: Sequence[Entry]) -> bool:
    files = sum(not one.file.is_folder for one in gone)
    return files < len(gone) or is_suspicious(files, this.memory.get("known", 0))


def _give_up(this: Following, gone: Sequence[Entry], *, is_kept: bool) -> None:
    for entry in gone:
        if is_kept:
            this.write(entry, replace(entry, todo="", because="not seen in Drive any more"))
            continue
        because = "deleted in Drive, or not shared with us any more"
        todo: Stage = "2settle" if entry.file.is_folder else "3align"
        this.write(entry, replace(entry, state="detached", because=because, todo=todo), counts={"detached": 1})
