"""The change feed of a Drive, page by page: what it means for the index is written together with the feed's place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.drive import DriveFile, Entry, plan
from chalicelib.errors import Gone, UpstreamRejected
from chalicelib.models import base, drive_files
from chalicelib.services import drive_saves
from chalicelib.services.drive_following import BATCH, TRIES, Following

_COMPARED_EVERY = timedelta(days=7)
News = Sequence[tuple[str, DriveFile | None]]


def starts_comparing(this: Following, roots: Sequence[str]) -> bool:
    """Have all known folders listed again, weekly and when a person starts the run; whether it begins now."""
    if this.memory.get("comparing"):
        return False
    at = this.memory.get("compared_at")
    is_due = at is None or this.run.ctx.now() - base.moment(at) > _COMPARED_EVERY
    if not is_due and this.run.report.by.startswith("system:"):
        return False
    for entry in drive_files.get_many(this.one.workspace, this.one.id, roots).values():
        if entry.state == "linked" and entry.todo == "":
            this.write(entry, replace(entry, todo="1list", page=None))
    return True


def read_news(this: Following) -> None:
    """Read every feed to its end. A page that was absorbed is not read again."""
    for corpus, token in sorted(this.memory.get("tokens", {}).items()):
        at: str | None = token
        while at is not None:
            at = _read_page(this, corpus, at)


def _read_page(this: Following, corpus: str, token: str) -> str | None:
    try:
        page = this.drive.changes(token, corpus or None)
    except Gone:
        fresh = this.drive.start_token(corpus or None)
        _remember_token(this, corpus, fresh, compared_at=None)
        starts_comparing(this, this.one.settings["folder_ids"])
        return None
    following = page.next or page.start or token
    news = [(one.file_id, one.file) for one in page.changes]
    if not news and following == token:
        return None
    absorb(this, news, lambda: _with_token(this, corpus, following))
    return page.next


def _with_token(this: Following, corpus: str, token: str) -> dict[str, Any]:
    return {**this.memory, "tokens": {**this.memory.get("tokens", {}), corpus: token}}


def _remember_token(this: Following, corpus: str, token: str, **more: Any) -> None:
    this.run.keep(memory={**_with_token(this, corpus, token), **more})


def absorb(
    this: Following, news: News, last_memory: Callable[[], Mapping[str, Any]] | None, folder: Entry | None = None
) -> None:
    """Write what the news mean for the index; with the last batch, the place where to go on."""
    batches = [news[at : at + BATCH] for at in range(0, len(news), BATCH)] or [()]
    for number, batch in enumerate(batches):
        is_last = number == len(batches) - 1
        memory = dict(last_memory()) if is_last and last_memory else this.memory
        _absorb_batch(this, batch, memory, folder)


def _absorb_batch(this: Following, batch: News, memory: dict[str, Any], folder: Entry | None) -> None:
    for _ in range(TRIES):
        writes, counts, fresh = _meaning(this, batch, folder)
        memory = {**memory, "known": max(0, this.memory.get("known", 0) + counts.get("found", 0))}
        try:
            if writes or memory != this.memory:
                total = (this.run.report.total or 0) + fresh
                this.run.keep(memory=memory, writes=writes, counts=counts, total=total or None)
            return
        except base.ConditionFailed:
            continue  # something of it was changed meanwhile: read it again
    raise UpstreamRejected("The index of this Drive changes too often at the moment.")


def _meaning(this: Following, batch: News, folder: Entry | None) -> tuple[list[base.Write], dict[str, int], int]:
    """What is to be written, what of it is told, and how many files are to be fetched that were not before."""
    wanted = {one for one, _file in batch} | {up for _one, file in batch if file for up in file.parents}
    entries = drive_files.get_many(this.one.workspace, this.one.id, sorted(wanted))
    if folder is not None:
        entries[folder.id] = folder
    ours = drive_saves.saved_ids(this.one.workspace, [one for one, _file in batch if one not in entries])
    writes: list[base.Write] = []
    counts: dict[str, int] = {}
    fresh = 0
    for file_id, file in dict(batch).items():
        known = entries.get(file_id)
        if file_id in ours or (known is not None and known.is_root):
            continue  # saved by us, or looked at by itself
        above = _above(file, entries, folder)
        new = plan(known, file, above.id if above else None, above.state if above else "linked")
        new = _compared(this, known, new)
        if new is not None and new != known:
            writes.append(drive_files.put(this.one.workspace, this.one.id, known, new))
            entries[file_id] = replace(new, revision=(known.revision if known else 0) + 1)
            _count(counts, known, new)
            fresh += new.todo == "4copy" and (known is None or known.todo != "4copy")
    return writes, counts, fresh


def _compared(this: Following, known: Entry | None, new: Entry | None) -> Entry | None:
    """While everything is compared, each known folder is listed again too."""
    one = new or known
    if this.memory.get("comparing") and one is not None and one.file.is_folder and one.state == "linked":
        return replace(one, todo="1list", page=None) if one.todo == "" else one
    return new


def _above(file: DriveFile | None, entries: Mapping[str, Entry], folder: Entry | None) -> Entry | None:
    """The followed folder a file lies in."""
    if file is None:
        return None
    found = [entries[one] for one in file.parents if one in entries and entries[one].file.is_folder]
    found = [one for one in found if one.state != "detached" and one.id != file.id]
    return found[0] if found else folder


def _count(counts: dict[str, int], known: Entry | None, new: Entry) -> None:
    if new.file.is_folder:
        return
    if known is None:
        name = "found" if new.todo else "left_out"
    elif new.todo == "5missing":
        name = "missing"
    elif new.state != known.state:
        name = new.state if new.state != "linked" else "back"
    else:
        name = "changed"
    counts[name] = counts.get(name, 0) + 1
