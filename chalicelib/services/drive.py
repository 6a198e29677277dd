"""Google Drive as a kind of connection: its folders are followed, and the library stays true to them.

A run does, in this order, what there is to do, and may die at any step:

1. roots     each followed folder is looked at: one that is gone is asked about, never taken for emptied. A new one's
             feed is marked before its listing, so that nothing that changes meanwhile is missed.
2. news      the change feed, page by page: what it means for the index is written together with the feed's place.
3. listings  folders that are new in the index: one folder a question, its page kept.
4. the rest  folders pass their state on, assets follow, bytes are fetched, what vanished is asked about.

The index says how Drive is; everything that is still to do about it is in it too, so that no step is ever lost.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.connections import Connection, Line, Question
from chalicelib.domain.drive import DriveFile, Entry, Stage, is_suspicious, passed_on, plan
from chalicelib.errors import Gone, NotFound, UpstreamRejected
from chalicelib.models import base, drive_files
from chalicelib.ports import Context, Drive
from chalicelib.services import connections, drive_assets, drive_copies, drive_folders
from chalicelib.services.connection_runs import Ask, Kind, Run

_BATCH = 40
_TRIES = 3
_COMPARED_EVERY = timedelta(days=7)
News = Sequence[tuple[str, DriveFile | None]]


def check(ctx: Context, one: Connection) -> None:
    """Whether every followed folder is there for this account. Raises `UpstreamRejected`, in words for people."""
    with closing(_drive(ctx, one)) as drive:
        for folder_id in one.settings["folder_ids"]:
            try:
                _check_folder(drive.get(folder_id))
            except NotFound as problem:
                raise UpstreamRejected(_not_shared(folder_id, drive)) from problem


def _check_folder(found: DriveFile) -> None:
    if not found.is_folder:
        raise UpstreamRejected(f"“{found.name}” ({found.id}) is a file. Choose the folder that it lies in.")


def left(ctx: Context, one: Connection) -> None:
    """The connection was deleted: its assets stay as they are."""


def run(this: Run) -> None:
    """Follow Drive as far as this run's time goes."""
    follower = _Follower(this, _drive(this.ctx, this.connection))
    try:
        follower.look_at_roots()
        follower.read_news()
        follower.list_folders()
        follower.pass_on()
        follower.let_assets_follow()
        follower.look_for_missing()
        follower.fetch()
    finally:
        this.units = follower.drive.units
        follower.drive.close()


KIND = Kind(check, run, left)


def _drive(ctx: Context, one: Connection) -> Drive:
    writes = bool(one.settings.get("write_back_folder_id"))
    return ctx.drive(connections.credentials_of(ctx, one), writes)


def _not_shared(folder_id: str, drive: Drive) -> str:
    return f"The folder {folder_id} is not there for {drive.account()}: deleted, or not shared with it."


@dataclass
class _Follower:
    run: Run
    drive: Drive

    @property
    def one(self) -> Connection:
        return self.run.connection

    @property
    def memory(self) -> dict[str, Any]:
        return dict(self.one.memory)

    def look_at_roots(self) -> None:
        roots = list(self.one.settings["folder_ids"])
        known = drive_files.get_many(self.one.workspace, self.one.id, [*roots, *self.memory.get("roots", [])])
        lost = [found for found in (self._look_at_root(each, known.get(each)) for each in roots) if found]
        self._drop_roots([one for one in known.values() if one.is_root and one.id not in roots])
        if lost and self._answer("folder_lost") is None:
            text = (
                f"{' '.join(lost)} Nothing was changed. Share it again and choose “try_again”, or choose “detach” to "
                "keep its assets in the library without following it."
            )
            raise Ask(Question("folder_lost", text, ("try_again", "detach")))
        if self._starts_comparing(roots):
            self.run.keep(memory={**self.memory, "comparing": True, "compared_at": base.stamp(self.run.ctx.now())})

    def _look_at_root(self, folder_id: str, known: Entry | None) -> str | None:
        """Words for a root that is gone; None when all is well."""
        try:
            found = self.drive.get(folder_id)
        except NotFound:
            found = None
        if found is None or (known is not None and found.trashed):
            return self._lost(folder_id, known, found)
        _check_folder(found)
        tokens = dict(self.memory.get("tokens", {}))
        corpus = found.drive_id or ""
        if corpus not in tokens:
            tokens[corpus] = self.drive.start_token(found.drive_id)
        if known is None or known.state != "linked" or not known.is_root:
            entry = replace(known or Entry(found.id, found, None), file=found, is_root=True, home=None, state="linked")
            roots = sorted({*self.memory.get("roots", []), found.id})
            memory = {**self.memory, "tokens": tokens, "roots": roots}
            self._write(known, replace(entry, because=None, todo="1list", page=None), memory=memory)
        elif tokens != self.memory.get("tokens"):
            self.run.keep(memory={**self.memory, "tokens": tokens})
        elif known.file.name != found.name:
            self._write(known, replace(known, file=found, todo="2settle"))
        return None

    def _lost(self, folder_id: str, known: Entry | None, found: DriveFile | None) -> str | None:
        if known is not None and known.state == "linked" and self._answer("folder_lost") == "detach":
            self._write(known, replace(known, state="detached", because="not followed any more", todo="2settle"))
            return None
        if known is not None and known.state == "detached":
            return None
        return f"The folder “{found.name}” is in the trash." if found else _not_shared(folder_id, self.drive)

    def _drop_roots(self, dropped: Sequence[Entry]) -> None:
        for one in dropped:
            if one.state == "linked":
                self._write(one, replace(one, state="detached", because="not followed any more", todo="2settle"))

    def _starts_comparing(self, roots: Sequence[str]) -> bool:
        if self.memory.get("comparing"):
            return False
        at = self.memory.get("compared_at")
        is_due = at is None or self.run.ctx.now() - base.moment(at) > _COMPARED_EVERY
        if not is_due and self.run.report.by.startswith("system:"):
            return False
        for entry in drive_files.get_many(self.one.workspace, self.one.id, roots).values():
            if entry.state == "linked" and entry.todo == "":
                self._write(entry, replace(entry, todo="1list", page=None))
        return True

    def read_news(self) -> None:
        for corpus, token in sorted(self.memory.get("tokens", {}).items()):
            at: str | None = token
            while at is not None:
                at = self._read_page(corpus, at)

    def _read_page(self, corpus: str, token: str) -> str | None:
        try:
            page = self.drive.changes(token, corpus or None)
        except Gone:
            fresh = self.drive.start_token(corpus or None)
            self._remember_token(corpus, fresh, compared_at=None)
            self._starts_comparing(self.one.settings["folder_ids"])
            return None
        following = page.next or page.start or token
        news = [(one.file_id, one.file) for one in page.changes]
        if not news and following == token:
            return None
        self._absorb(news, lambda: self._with_token(corpus, following))
        return page.next

    def _with_token(self, corpus: str, token: str) -> dict[str, Any]:
        return {**self.memory, "tokens": {**self.memory.get("tokens", {}), corpus: token}}

    def _remember_token(self, corpus: str, token: str, **more: Any) -> None:
        self.run.keep(memory={**self._with_token(corpus, token), **more})

    def _absorb(
        self, news: News, last_memory: Callable[[], Mapping[str, Any]] | None, folder: Entry | None = None
    ) -> None:
        """Write what the news mean for the index; with the last batch, the place where to go on."""
        batches = [news[at : at + _BATCH] for at in range(0, len(news), _BATCH)] or [()]
        for number, batch in enumerate(batches):
            is_last = number == len(batches) - 1
            memory = dict(last_memory()) if is_last and last_memory else self.memory
            self._absorb_batch(batch, memory, folder)

    def _absorb_batch(self, batch: News, memory: dict[str, Any], folder: Entry | None) -> None:
        for _ in range(_TRIES):
            writes, counts = self._meaning(batch, folder)
            memory = {**memory, "known": max(0, self.memory.get("known", 0) + counts.get("found", 0))}
            try:
                if writes or memory != self.memory:
                    self.run.keep(memory=memory, writes=writes, counts=counts)
                return
            except base.ConditionFailed:
                continue  # something of it was changed meanwhile: read it again
        raise UpstreamRejected("The index of this Drive changes too often at the moment.")

    def _meaning(self, batch: News, folder: Entry | None) -> tuple[list[base.Write], dict[str, int]]:
        wanted = {one for one, _file in batch} | {up for _one, file in batch if file for up in file.parents}
        entries = drive_files.get_many(self.one.workspace, self.one.id, sorted(wanted))
        if folder is not None:
            entries[folder.id] = folder
        writes: list[base.Write] = []
        counts: dict[str, int] = {}
        for file_id, file in dict(batch).items():
            known = entries.get(file_id)
            if known is not None and known.is_root:
                continue  # looked at by itself
            above = self._above(file, entries, folder)
            new = plan(known, file, above.id if above else None, above.state if above else "linked")
            new = self._compared(known, new)
            if new is not None and new != known:
                writes.append(drive_files.put(self.one.workspace, self.one.id, known, new))
                entries[file_id] = replace(new, revision=(known.revision if known else 0) + 1)
                _count(counts, known, new)
        return writes, counts

    def _compared(self, known: Entry | None, new: Entry | None) -> Entry | None:
        """While everything is compared, each known folder is listed again too."""
        one = new or known
        if self.memory.get("comparing") and one is not None and one.file.is_folder and one.state == "linked":
            return replace(one, todo="1list", page=None) if one.todo == "" else one
        return new

    def _above(self, file: DriveFile | None, entries: Mapping[str, Entry], folder: Entry | None) -> Entry | None:
        """The followed folder a file lies in."""
        if file is None:
            return None
        found = [entries[one] for one in file.parents if one in entries and entries[one].file.is_folder]
        found = [one for one in found if one.state != "detached" and one.id != file.id]
        return found[0] if found else folder

    def list_folders(self) -> None:
        for entry in self._all_work("1list"):
            self._list(entry)
        if self.memory.get("comparing"):
            self.run.keep(memory={**self.memory, "comparing": False})

    def _list(self, entry: Entry) -> None:
        page, seen, is_whole = entry.page, set[str](), entry.page is None
        while True:
            try:
                found = self.drive.children(entry.file, page)
            except Gone:
                entry = self._write(entry, replace(entry, page=None))
                page, is_whole = None, False
                continue
            except NotFound:
                if not entry.is_root:
                    self._write(entry, replace(entry, todo="5missing"))
                return
            is_whole = is_whole and found.is_complete
            seen |= {one.id for one in found.files}
            self._absorb([(one.id, one) for one in found.files], None, folder=entry)
            page = found.next
            if page is None:
                break
            entry = self._write(entry, replace(entry, page=page))
        if is_whole:
            self._miss([one for one in self._inside(entry) if one.id not in seen and one.state == "linked"])
        self._write(entry, replace(entry, todo="", page=None))

    def _miss(self, gone: Sequence[Entry]) -> None:
        for one in gone:
            if one.todo != "5missing":
                self._write(one, replace(one, todo="5missing"))

    def _inside(self, entry: Entry) -> Iterator[Entry]:
        return drive_files.inside(self.one.workspace, self.one.id, entry.id)

    def pass_on(self) -> None:
        for entry in self._all_work("2settle"):
            followed = entry
            if entry.state == "linked":
                followed = drive_folders.follow(self.run.ctx, self.one.workspace, self.one.id, entry)
            for below in list(self._inside(entry)):
                new = passed_on(below, entry)
                if new is not None:
                    self._write(below, new)
            self._write(entry, replace(followed, todo=""))

    def let_assets_follow(self) -> None:
        for entry in self._work("3align"):
            for _ in range(_TRIES):
                try:
                    drive_assets.align(self.run.ctx, self.one, entry)
                    break
                except base.ConditionFailed:
                    entry = drive_files.get(self.one.workspace, self.one.id, entry.id) or entry

    def look_for_missing(self) -> None:
        """What is really gone is detached, unless it is so much that people must say so first."""
        gone: list[Entry] = []
        for entry in self._work("5missing"):
            try:
                found = self.drive.get(entry.id)
            except NotFound:
                gone.append(entry)
                continue
            self._absorb([(found.id, found)], None)
        answer = self._answer("many_gone")
        files = sum(not one.file.is_folder for one in gone)
        folders = len(gone) - files
        if answer is None and (folders or is_suspicious(files, self.memory.get("known", 0))):
            text = (
                f"{files} files and {folders} folders with all in them are not there any more for "
                f"{self.drive.account()}: deleted for good, or no longer shared. Nothing was changed. “detach” keeps "
                "their assets here without following them; “keep” waits for them to come back."
            )
            raise Ask(Question("many_gone", text, ("detach", "keep")))
        for entry in gone:
            if answer == "keep":
                self._write(entry, replace(entry, todo="", because="not seen in Drive any more"))
                continue
            because = "deleted in Drive, or not shared with us any more"
            todo: Stage = "2settle" if entry.file.is_folder else "3align"
            self._write(entry, replace(entry, state="detached", because=because, todo=todo), counts={"detached": 1})
        if gone and answer != "keep":
            self.pass_on()
            self.let_assets_follow()
        if "decision" in self.memory:
            self.run.keep(memory={name: value for name, value in self.memory.items() if name != "decision"})

    def fetch(self) -> None:
        try:
            for entry in self._work("4copy"):
                drive_copies.fetch(self.run, self.drive, entry)
        except drive_copies.NoMoreToday as enough:
            self.run.keep(log=[Line(self.run.ctx.now(), f"No more today: {enough}", None, is_trouble=True)])

    def _work(self, stage: Stage) -> Iterator[Entry]:
        """Entries at this stage, each at most once, read again before it is worked on: the index of them may lag."""
        after = ""
        while True:
            listed = drive_files.to_do(self.one.workspace, self.one.id, stage, limit=_BATCH, after=after)
            for one in listed:
                fresh = drive_files.get(self.one.workspace, self.one.id, one.id)
                if fresh is not None and fresh.todo == stage:
                    yield fresh
            if len(listed) < _BATCH:
                return
            after = listed[-1].id

    def _all_work(self, stage: Stage) -> Iterator[Entry]:
        """As `_work`, with what the work itself adds; what could not be done is left to the next run."""
        done: set[str] = set()
        while fresh := [one for one in self._work(stage) if one.id not in done]:
            for one in fresh:
                done.add(one.id)
                yield one

    def _answer(self, question: str) -> str | None:
        told = self.memory.get("decision") or {}
        return str(told["answer"]) if told.get("question") == question else None

    def _write(self, old: Entry | None, new: Entry, **kept: Any) -> Entry:
        self.run.keep(writes=[drive_files.put(self.one.workspace, self.one.id, old, new)], **kept)
        return replace(new, revision=(old.revision if old else 0) + 1)


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
