"""Declare nodes, read workflows, find their mistakes, plan their runs. Pure data in and out; never imports torch."""

from nodegraph.graph.context import Context
from nodegraph.graph.declare import node, spec_of
from nodegraph.graph.document import Document, Edge, NodeEntry, read_document
from nodegraph.graph.migrate import MIGRATIONS, migrate_document
from nodegraph.graph.problem import InvalidWorkflow, Problem
from nodegraph.graph.registry import Registry, load_registry
from nodegraph.graph.schema import SCHEMA_VERSION, structure_problems, workflow_schema
from nodegraph.graph.spec import InputSpec, Live, NodeSpec, OutputSpec
from nodegraph.graph.widgets import Choice, File, Json, Number, Seed, Text, Toggle

__all__ = [
    "MIGRATIONS",
    "SCHEMA_VERSION",
    "Choice",
    "Context",
    "Document",
    "Edge",
    "File",
    "InputSpec",
    "InvalidWorkflow",
    "Json",
    "Live",
    "NodeEntry",
    "NodeSpec",
    "Number",
    "OutputSpec",
    "Problem",
    "Registry",
    "Seed",
    "Text",
    "Toggle",
    "load_registry",
    "migrate_document",
    "node",
    "read_document",
    "spec_of",
    "structure_problems",
    "workflow_schema",
]
