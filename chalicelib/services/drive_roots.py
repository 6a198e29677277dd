"""The folders that a Drive connection follows: each is looked at in every run.

One that is gone is asked about, never taken for emptied. A new one's feed is marked before its listing, so that
nothing that changes meanwhile is missed.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.connections import Question
from chalicelib.domain.drive import DriveFile, Entry
from chalicelib.errors import UpstreamRejected
from chalicelib.models import base, drive_files
from chalicelib.ports.drive import Drive
from chalicelib.services import drive_news
from chalicelib.services.connection_runs import Ask
from chalicelib.services.drive_following import Following


def check_folder(found: DriveFile) -> None:
    """Raise `UpstreamRejected` when what is to be followed is a file."""
    if not found.is_folder:
        raise UpstreamRejected(f"“{found.name}” ({found.id}) is a file. Choose the folder that it lies in.")


def not_shared(folder_id: str, drive: Drive) -> str:
    """Words for a folder that this account does not see."""
    return f"The folder {folder_id} is not there for {drive.account()}: deleted, or not shared with it."


def look_at_roots(this: Following) -> None:
    """Look at every followed folder; compare everything where that is due. Raises `Ask` when one is gone."""
    roots = list(this.one.settings["folder_ids"])
    known = drive_files.get_many(this.one.workspace, this.one.id, [*roots, *this.memory.get("roots", [])])
    lost = [found for found in (_look_at_root(this, each, known.get(each)) for each in roots) if found]
    _drop_roots(this, [one for one in known.values() if one.is_root and one.id not in roots])
    if lost and this.answer("folder_lost") is None:
        text = (
            f"{' '.join(lost)} Nothing was changed. Share it again and choose “try_again”, or choose “detach” to "
            "keep its assets in the library without following it."
        )
        raise Ask(Question("folder_lost", text, ("try_again", "detach")))
    if drive_news.starts_comparing(this, roots):
        this.run.keep(memory={**this.memory, "comparing": True, "compared_at": base.stamp(this.run.ctx.now())})


def _look_at_root(this: Following, folder_id: str, known: Entry | None) -> str | None:
    """Words for a root that is gone; None when all is well."""
    found = this.there(folder_id)
    if found is None or (known is not None and found.trashed):
        return _lost(this, folder_id, known, found)
    check_folder(found)
    tokens = dict(this.memory.get("tokens", {}))
    corpus = found.drive_id or ""
    if corpus not in tokens:
        tokens[corpus] = this.drive.start_token(found.drive_id)
    if known is None or known.state != "linked" or not known.is_root:
        entry = replace(known or Entry(found.id, found, None), file=found, is_root=True, home=None, state="linked")
        roots = sorted({*this.memory.get("roots", []), found.id})
        memory = {**this.memory, "tokens": tokens, "roots": roots}
        this.write(known, replace(entry, because=None, todo="1list", page=None), memory=memory)
    elif tokens != this.memory.get("tokens"):
        this.run.keep(memory={**this.memory, "tokens": tokens})
    elif known.file.name != found.name:
        this.write(known, replace(known, file=found, todo="2settle"))
    return None


def _lost(this: Following, folder_id: str, known: Entry | None, found: DriveFile | None) -> str | None:
    if known is not None and known.state == "linked" and this.answer("folder_lost") == "detach":
        this.write(known, replace(known, state="detached", because="not followed any more", todo="2settle"))
        return None
    if known is not None and known.state == "detached":
        return None
    return f"The folder “{found.name}” is in the trash." if found else not_shared(folder_id, this.drive)


def _drop_roots(this: Following, dropped: Sequence[Entry]) -> None:
    for one in dropped:
        if one.state == "linked":
            this.write(one, replace(one, state="detached", because="not followed any more", todo="2settle"))
