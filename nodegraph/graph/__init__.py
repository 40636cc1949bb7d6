"""Declare nodes, read workflows, find their mistakes, plan their runs. Pure data in and out; never imports torch."""

from nodegraph.graph.api_format import from_api, to_api
from nodegraph.graph.context import Context
from nodegraph.graph.declare import node, spec_of
from nodegraph.graph.document import Document, Edge, NodeEntry, read_document
from nodegraph.graph.literals import coerced, value_problem
from nodegraph.graph.migrate import MIGRATIONS, migrate_document
from nodegraph.graph.plan import Plan, PlannedNode, make_plan, with_seed
from nodegraph.graph.problem import InvalidWorkflow, Problem
from nodegraph.graph.registry import Registry, load_registry
from nodegraph.graph.schema import SCHEMA_VERSION, structure_problems, workflow_schema
from nodegraph.graph.spec import InputSpec, Live, NodeSpec, OutputSpec
from nodegraph.graph.subgraphs import Flat, flatten
from nodegraph.graph.validate import parse_document, validate
from nodegraph.graph.widgets import Choice, Color, File, Hidden, Json, Number, Seed, Text, Toggle
from nodegraph.graph.wiring import Wire

__all__ = [
    "MIGRATIONS",
    "SCHEMA_VERSION",
    "Choice",
    "Color",
    "Context",
    "Document",
    "Edge",
    "File",
    "Flat",
    "Hidden",
    "InputSpec",
    "InvalidWorkflow",
    "Json",
    "Live",
    "NodeEntry",
    "NodeSpec",
    "Number",
    "OutputSpec",
    "Plan",
    "PlannedNode",
    "Problem",
    "Registry",
    "Seed",
    "Text",
    "Toggle",
    "Wire",
    "coerced",
    "flatten",
    "from_api",
    "load_registry",
    "make_plan",
    "migrate_document",
    "node",
    "parse_document",
    "read_document",
    "spec_of",
    "structure_problems",
    "to_api",
    "validate",
    "value_problem",
    "with_seed",
    "workflow_schema",
]
