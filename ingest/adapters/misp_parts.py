"""The parts of events, attributes and objects of MISP that have the same marking, as flat as a mapping wants them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.adapters.json_objects import own_name
from ingest.shapes import BadUnit

_TAGGED = ("tlp:", "pap:")
_FOR_ALL, _INHERITED, _SHARED = "3", "5", "4"
# What a part has here beside what it says.
_OWN = frozenset(
    {"kind", "marks", "refs", "of", "mentions", "documented", "event", "tags", "shared", "changed", "file"}
)
# What is said elsewhere, or holds only on the server that the file is from.
_ASIDE = frozenset(
    {
        *(
            "Attribute",
            "Object",
            "ObjectReference",
            "Tag",
            "Galaxy",
            "Event",
            "RelatedEvent",
            "SharingGroup",
            "EventReport",
        ),
        *(
            "Org",
            "Orgc",
            "id",
            "event_id",
            "object_id",
            "org_id",
            "orgc_id",
            "distribution",
            "sharing_group_id",
            "data",
        ),
        *(
            "template_uuid",
            "template_version",
            "disable_correlation",
            "proposal_email_lock",
            "locked",
            "attribute_count",
        ),
        *(
            "ShadowAttribute",
            "RelatedAttribute",
            "deleted",
            "timestamp",
            "publish_timestamp",
            "value1",
            "value2",
            "batch_import",
        ),
    }
)


def event_parts(event: Mapping[str, Any], info: Any) -> Iterator[dict[str, Any]]:
    """An event, and what its head tells of: who wrote it, clusters, reports, events that are related to it."""
    source_id, marks = _uuid(event, "an event"), _marks(event)
    clusters = [each for galaxy in _dicts(event, "Galaxy") for each in _dicts(galaxy, "GalaxyCluster")]
    writer = event.get("Orgc") if isinstance(event.get("Orgc"), Mapping) else {}
    related = [each.get("Event", each) for each in _dicts(event, "RelatedEvent")]
    refs = [("related event", each.get("uuid")) for each in related if isinstance(each, Mapping)]
    refs += [("extends", event.get("extends_uuid")), ("written by", writer.get("uuid") if writer else None)]
    yield {
        **_plain(event),
        "info": info,
        "kind": "event",
        "uuid": source_id,
        "marks": marks,
        "mentions": [_id_of(each) for each in clusters],
        "refs": [{"name": name, "id": ref} for name, ref in refs if isinstance(ref, str) and ref],
    }
    if writer and writer.get("uuid"):
        yield {"kind": "organisation", "uuid": writer["uuid"], "name": writer.get("name"), "marks": marks}
    for each in clusters:
        yield {**_cluster(each), "marks": [*marks, *_distributed(each)]}
    for each in _dicts(event, "EventReport"):
        yield {
            **_plain(each),
            "kind": "report",
            "uuid": _uuid(each, "a report"),
            "documented": source_id,
            "marks": [*marks, *_marks(each)],
        }


def attribute_parts(attribute: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An attribute of an event."""
    yield {
        **_plain(attribute),
        "kind": f"attribute {attribute.get('type')}",
        "uuid": _uuid(attribute, "an attribute"),
        "documented": _text(event.get("uuid")),
        "marks": [*_marks(event), *_marks(attribute)],
    }


def object_parts(whole: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An object of an event: its attributes by what they are in it, those with markings of their own apart."""
    source_id, marks = _uuid(whole, "an object"), [*_marks(event), *_marks(whole)]
    parts: dict[tuple[str, ...], dict[str, list[Any]]] = {(): {}}
    for each in _dicts(whole, "Attribute"):
        if not _is_deleted(each):
            said = parts.setdefault(tuple(_marks(each)), {})
            for name, value in _of_object(each):
                said.setdefault(name, []).append(value)
    head = {"kind": f"object {whole.get('name')}", "uuid": source_id, "event": _text(event.get("uuid"))}
    first, *more = parts.items()
    refs = list(_references(whole))
    yield {**_plain(whole), **head, "documented": head["event"], "marks": marks, "of": first[1], "refs": refs}
    for own, said in more:
        yield {**head, "deleted": _deleted(whole), "marks": [*marks, *own], "of": said}


def _of_object(attribute: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    name = _text(attribute.get("object_relation")) or _text(attribute.get("type")) or "other"
    yield name, attribute.get("value")
    if comment := _text(attribute.get("comment")):
        yield f"{name} (comment)", comment
    if attribute.get("data"):
        yield f"{name} (file)", "there was one in the file"
    for tag in _tags(attribute):
        yield f"{name} (tag)", tag


def _references(whole: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in _dicts(whole, "ObjectReference"):
        yield {
            "uuid": _uuid(each, "a reference"),
            "id": each.get("referenced_uuid"),
            "type": each.get("relationship_type"),
            "comment": each.get("comment"),
            "deleted": _deleted(each),
            "ended": _moment(each) if _is_deleted(each) else None,
        }


def _plain(tree: Mapping[str, Any]) -> dict[str, Any]:
    """What is said in so many words, with tags, and moments that are known."""
    made = {own_name(name, _OWN): branch for name, branch in tree.items() if name not in _ASIDE}
    if tree.get("data"):
        made["file"] = "there was one in the file"
    groups = [tree.get("SharingGroup")] if isinstance(tree.get("SharingGroup"), Mapping) else []
    said = {"tags": _tags(tree), "deleted": _deleted(tree), "changed": _moment(tree)}
    return {**made, **said, "shared": [each.get("name") for each in groups if isinstance(each, Mapping)]}


def _moment(tree: Mapping[str, Any]) -> str | None:
    found = _text(tree.get("timestamp"))
    return found if found != "0" else None


def _cluster(tree: Mapping[str, Any]) -> dict[str, Any]:
    meta = tree.get("meta") if isinstance(tree.get("meta"), Mapping) else {}
    made = {name: tree.get(name) for name in ("value", "description", "type", "source", "authors", "tag_name")}
    return {**made, "kind": f"cluster {tree.get('type')}", "uuid": _id_of(tree), "meta": meta}


def _id_of(tree: Mapping[str, Any]) -> str:
    found = _text(tree.get("uuid")) or _text(tree.get("tag_name"))
    if not found:
        raise BadUnit("no uuid", "a cluster has no uuid and no tag_name: every one needs one of them")
    return found


def _marks(tree: Mapping[str, Any]) -> list[str]:
    """The codes of what tags and distribution demand."""
    tags = [tag.upper() for tag in _tags(tree) if tag.lower().startswith(_TAGGED)]
    broken = ["a tag that can't be read"] if len(_tags(tree)) < len(list(_dicts(tree, "Tag"))) else []
    return [*tags, *broken, *_distributed(tree)]


def _distributed(tree: Mapping[str, Any]) -> list[str]:
    said = tree.get("distribution")
    found = _text(said) if isinstance(said, str) or said is None else "that can't be read"
    return [f"distribution {found}"] if found and found not in (_FOR_ALL, _INHERITED) else []


def _tags(tree: Mapping[str, Any]) -> list[str]:
    return [tag for each in _dicts(tree, "Tag") if (tag := _text(each.get("name")))]


def _deleted(tree: Mapping[str, Any]) -> str:
    return "deleted" if _is_deleted(tree) else ""


def _is_deleted(tree: Mapping[str, Any]) -> bool:
    return tree.get("deleted") in (True, "1", "true")


def _dicts(tree: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    """The objects under a name; BadUnit for anything else there."""
    found = tree.get(name)
    every = found if isinstance(found, list) else [] if not found else [found]
    if not all(isinstance(each, Mapping) for each in every):
        raise BadUnit(f"no objects: {name}", f"{name} has something that is no object: leave it out")
    return every


def _uuid(tree: Mapping[str, Any], what: str) -> str:
    if not (found := _text(tree.get("uuid"))):
        raise BadUnit("no uuid", f"{what} has no uuid: every one needs one")
    return found


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
