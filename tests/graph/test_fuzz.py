"""Broken documents: validation never raises, and what it lets pass can be planned."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nodegraph.errors import NodegraphError
from nodegraph.graph import from_api, make_plan, to_api, validate, with_seed
from tests.fakes import registry

REGISTRY = registry()
TYPES = [spec.id for spec in REGISTRY]
NAMES = sorted({port.name for spec in REGISTRY for port in (*spec.inputs, *spec.outputs)})

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ids = st.sampled_from(["1", "2", "3", "4"])
ends = st.tuples(ids, st.sampled_from(NAMES)).map(list) | junk
nodes = st.fixed_dictionaries(
    {"id": ids, "type": st.sampled_from(TYPES)},
    optional={
        "inputs": st.dictionaries(st.sampled_from(NAMES), junk, max_size=3),
        "mode": st.sampled_from(["active", "muted", "bypassed"]),
        "version": st.integers(0, 2),
    },
)
edges = st.fixed_dictionaries({"from": ends, "to": ends})
documents = st.fixed_dictionaries(
    {"schema": st.sampled_from([1, 1, 1, 1, 2, "1", None])},
    optional={
        "nodes": st.lists(nodes | junk, max_size=5) | junk,
        "edges": st.lists(edges | junk, max_size=6) | junk,
        "run": st.fixed_dictionaries({"mode": st.sampled_from(["live", "render"])}) | junk,
        "meta": junk,
        "surprise": junk,
    },
)


@settings(max_examples=300, deadline=None)
@given(documents | junk)
def test_validation_never_raises_and_a_plan_refuses_what_it_lists(data: Any) -> None:
    if isinstance(data, dict):
        with_seed(data, REGISTRY, 1)
    found = validate(data, REGISTRY)
    json.dumps([problem.as_dict() for problem in found])
    if not found:
        make_plan(data, REGISTRY)
        return
    try:
        make_plan(data, REGISTRY)
    except NodegraphError as error:
        json.dumps(error.as_dict())


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        ids,
        st.fixed_dictionaries(
            {"class_type": st.sampled_from(TYPES) | junk},
            optional={
                "inputs": junk
                | st.dictionaries(st.sampled_from(NAMES), st.tuples(ids, st.integers(-1, 3)).map(list) | junk)
            },
        ),
    )
    | junk
)
def test_broken_prompts_are_refused_or_become_documents(prompt: Any) -> None:
    try:
        made = from_api(prompt, REGISTRY)
    except NodegraphError as error:
        assert error.code == "bad_document"
        return
    validate(made, REGISTRY)
    to_api(made, REGISTRY)
