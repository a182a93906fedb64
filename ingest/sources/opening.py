"""Open paths safely; archives and folders as their members.

Nothing is unpacked to disk here. What could do harm (a bomb, `../`, an archive inside) or can't be read completely
(encrypted, damaged) is refused. No member is skipped silently, except files that operating systems add.

`look` opens what is compressed: the pipeline has it done in another process.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ingest.sources import tars, zips
from ingest.sources.kinds import ENOUGH, PACKINGS, Kind, kind_of
from ingest.sources.limits import Gauge
from ingest.sources.members import Member, nested
from ingest.sources.naming import Members, named
from ingest.sources.regular_files import check_regular, mode_of, regular, unreadable
from ingest.sources.source import Found, Source
from ingest.sources.steps import Step, Way
from workbench.errors import FileRefused

Look = Callable[[Path], Sequence[Source]]


def kind_at(path: Path, folders: bool) -> Kind | None:
    """How a file must be opened, None for a folder that may be read; FileRefused for what is no file, or can't be."""
    mode = mode_of(path)
    if stat.S_ISDIR(mode) and folders:
        return None
    check_regular(path, mode)
    return _kind(Way(path)) or _promised(path)


def _kind(way: Way) -> Kind:
    try:
        with way.open() as stream:
            return kind_of(stream.read(ENOUGH))
    except OSError as error:
        raise unreadable(way.path, error) from error


def _promised(path: Path) -> Kind:
    """What a file's name says that it is, if it is an archive: then nothing else is expected in it."""
    ending = path.suffix.lower()
    return "zip" if ending == ".zip" else "tar" if ending == ".tar" else ""


@contextmanager
def opened(path: Path, members: Members, folders: bool) -> Iterator[Sequence[Source]]:
    """Open a path in this process: yields the file, or the members of an archive or folder, ordered by name.

    FileRefused if there is nothing that can be read.
    """
    kind = kind_at(path, folders)
    if kind is None:
        yield in_folder(path, members, lambda each: look(each, members), plain_too=False)
    elif kind:
        yield look(path, members)
    else:
        yield (file_at(path),)


def plain(path: Path) -> Source | None:
    """The file at a path, as `opened` yields it; None if there is no file, or it is compressed or an archive."""
    try:
        return None if kind_at(path, folders=False) else file_at(path)
    except FileRefused:
        return None


def file_at(path: Path, name: str | None = None) -> Source:
    """The file at a path, as it is."""
    return Source(named(path), name or named(path.name), Way(path))


def some(sources: Sequence[Source], path: Path, members: Members) -> Sequence[Source]:
    """The sources; FileRefused if none of them is to be read."""
    if all(source.useless for source in sources):
        raise FileRefused("nothing to read", f"{named(path)} has nothing named {members.data}: name what has")
    return sources


def in_folder(path: Path, members: Members, look: Look, plain_too: bool) -> Sequence[Source]:
    """The files in a folder and its subfolders; symlinks to folders are not followed.

    `look` opens those that are compressed, and all if `plain_too`. FileRefused if none is to be read.
    """
    found = [each if each.useless else _in_folder(each, look, plain_too) for each in _files(path, members)]
    return some(found, path, members)


def _in_folder(source: Source, look: Look, plain_too: bool) -> Source:
    path = source.way.path
    try:
        kind = kind_at(path, folders=False)
        if kind == "zip" or kind == "tar":
            return replace(source, useless="it is an archive in a folder: name it by itself")
        if not (kind or plain_too):
            return source
        found = look(path)
    except FileRefused as refused:
        return replace(source, known=Found("", 0, refused.reason, refused.message))
    if len(found) > 1 or found[0].path != source.path:
        return replace(source, useless="it is an archive in a folder: name it by itself")
    return replace(source, way=found[0].way, known=found[0].known)


def _files(path: Path, members: Members) -> Sequence[Source]:
    found: list[Path] = []
    for folder, folders, files in os.walk(path, onerror=_refuse_folder):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in (*files, *links)]
    names = {each: named(each.relative_to(path).as_posix()) for each in sorted(found)}
    return tuple(
        replace(file_at(each, name), useless=_no_file(each) or members.useless(name))
        for each, name in names.items()
        if members.speaks_of(name)
    )


def _no_file(path: Path) -> str:
    return "" if path.is_file() else "it is no file, or a link to a folder: name that by itself"


def _refuse_folder(error: OSError) -> None:
    raise unreadable(error.filename, error) from error


def look(path: Path, members: Members) -> Sequence[Source]:
    """The file at a path, or its members, each read to its end once: with hash and size, or why it is refused.

    FileRefused for all of them if it could do harm, is damaged, or has nothing to read.
    """
    kind = kind_at(path, folders=False)
    if kind in PACKINGS:
        return _packed(path, Step(kind), members)
    if kind == "zip":
        return _members(path, Way(path), zips.members_of(path), members)
    if kind == "tar":
        with regular(path) as stream:
            inside = tars.members_of(path, stream, is_packed=False)
        return _members(path, Way(path), inside, members)
    return (file_at(path).found(),)


def _packed(path: Path, step: Step, members: Members) -> Sequence[Source]:
    way = Way(path).further(step)
    inside = _kind(way)
    if inside == "tar":
        with way.open() as stream:
            found = tars.members_of(path, stream, is_packed=True)
        return _members(path, way, found, members)
    if inside:
        raise nested(path, f"which is a {inside} by itself")
    source = Source(named(path), named(path.name), way).found()
    source.sha256()  # it is refused as a whole
    return (source,)


def _members(path: Path, way: Way, inside: Sequence[Member], members: Members) -> Sequence[Source]:
    found: list[Source] = []
    whole = Gauge(named(path), taken=path.stat().st_size)
    for each in inside:
        if members.speaks_of(each.name):
            found.append(_member(path, way, each, members))
            whole.count(0, found[-1].size())
    return some(tuple(found), path, members)


def _member(path: Path, way: Way, member: Member, members: Members) -> Source:
    """A member of an archive, unpacked once more if it is compressed by itself."""
    source = Source(
        f"{named(path)}!{member.name}",
        f"{named(path.name)}!{member.name}",
        way.further(member.step),
        members.useless(member.name),
    )
    if source.useless:
        return source
    try:
        return _unpacked(path, source, member.name).found()
    except FileRefused as refused:
        if refused.reason != "damaged":
            raise
        return replace(source, known=Found("", 0, refused.reason, refused.message))


def _unpacked(path: Path, source: Source, name: str) -> Source:
    kind = _kind(source.way)
    if kind in PACKINGS:
        source = replace(source, way=source.way.further(Step(kind)))
        kind = _kind(source.way)
    if kind:
        raise nested(path, name)
    return source
