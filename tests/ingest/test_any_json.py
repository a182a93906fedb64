"""Whatever stands in the place of whatever: JSON of phones and threats gives units or rejects, all of them counted."""

import io
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.manifest import ManifestSpec, settle
from ingest.mapping import read
from ingest.units import units
from tests.ingest.test_adapters import Memory
from tests.stores import examples
from workbench.errors import FileRefused

ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "x", "1", "kb:1", "_:b", "2026-13-01"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["@id", "@value", "@list", "id", "uuid", "name", "x_ref", "a.b"]), inner, max_size=2
        )
    ),
    max_leaves=5,
)
KEYS = st.sampled_from(["@id", "@type", "id", "type", "kind", "marks", "to", "refs", "of", "uuid", "x_refs", "a.b", ""])
SAMPLES: dict[str, Any] = {
    "case-uco": {
        "@context": [{"kb": "urn:kb/"}, "x"],
        "@graph": [
            {
                "@id": "kb:1",
                "@type": ["o:Call", "x"],
                "c:hasFacet": [
                    {
                        "@type": "o:CallFacet",
                        "o:from": {"@id": "kb:2"},
                        "o:to": [{"@id": "kb:3", "@type": "o:PhoneAccount"}],
                    }
                ],
                "o:startTime": {"@type": "x", "@value": "2026-03-01T10:00:00Z"},
            },
            {"@id": "kb:r", "@type": "Relationship", "source": {"@id": "kb:1"}, "target": {"@list": [{"@id": "kb:2"}]}},
        ],
    },
    "stix": {
        "type": "bundle",
        "objects": [
            {
                "type": "observed-data",
                "id": "o--1",
                "modified": "2026-03-01T10:00:00Z",
                "objects": {
                    "0": {"type": "file", "parent_directory_ref": "1"},
                    "1": {"type": "directory", "path": "x"},
                },
                "object_marking_refs": ["marking-definition--1"],
            },
            {
                "type": "tool",
                "id": "tool--1",
                "aliases": ["A", "B"],
                "created_by_ref": "identity--1",
                "granular_markings": [{"marking_ref": "marking-definition--1", "selectors": ["aliases.[0]"]}],
            },
            {
                "type": "marking-definition",
                "id": "marking-definition--1",
                "definition_type": "statement",
                "definition": {"statement": "x"},
                "extensions": {"extension-definition--1": {"tlp_2_0": "red"}},
            },
        ],
    },
    "misp": {
        "response": [
            {
                "Event": {
                    "uuid": "e",
                    "info": "x",
                    "Orgc": {"uuid": "o", "name": "y"},
                    "Galaxy": [
                        {"GalaxyCluster": [{"uuid": "c", "type": "tool", "value": "X", "meta": {"synonyms": ["Y"]}}]}
                    ],
                    "Tag": [{"name": "tlp:red"}],
                    "RelatedEvent": [{"Event": {"uuid": "f"}}],
                    "Attribute": [{"uuid": "a", "type": "url", "value": "u", "Tag": [{"name": "t"}]}],
                    "Object": [
                        {
                            "uuid": "b",
                            "name": "person",
                            "Attribute": [{"object_relation": "alias", "value": "z", "distribution": "0"}],
                            "ObjectReference": [{"uuid": "r", "referenced_uuid": "a", "relationship_type": "is"}],
                        }
                    ],
                }
            }
        ]
    },
}


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each object or list in a document, with each of its keys or places."""
    inner = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    for key, each in inner:
        yield tree, key
        yield from places(each)


@settings(max_examples=examples(150))
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_any_json_is_units_or_rejects(adapter: str, data: st.DataObject) -> None:
    document = json.loads(json.dumps(SAMPLES[adapter]))
    for _ in range(data.draw(st.integers(1, 3))):
        tree, key = data.draw(st.sampled_from(list(places(document)) or [([None], 0)]))
        if isinstance(tree, dict) and data.draw(st.booleans()):
            tree[data.draw(KEYS)] = tree.pop(key)
        else:
            tree[key] = data.draw(ANY)
    content = json.dumps(document).encode()
    manifest = settle(ManifestSpec(dataset="d"), "m.toml", defaults=ADAPTERS[adapter].defaults)
    try:
        found = list(units(read(ADAPTERS[adapter], Memory("d.json", content), manifest, Account())))
    except FileRefused:
        return
    assert ADAPTERS[adapter].count(io.BytesIO(content), manifest.written("d.json")).units == len(found)
