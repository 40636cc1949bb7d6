"""Typed keys under which the application carries its parts."""

from __future__ import annotations

from aiohttp import web

from nodegraph.engine import Engine
from nodegraph.graph import Registry
from nodegraph.server.clients import Clients
from nodegraph.server.config import ServerConfig
from nodegraph.server.hub import PreviewHub
from nodegraph.server.queue import RenderQueue
from nodegraph.server.runs import Runs
from nodegraph.server.store import AssetStore, Database, JobStore, WorkflowStore
from nodegraph.server.takes import Takes
from nodegraph.server.warm import Warmth

ASSETS = web.AppKey("assets", AssetStore)
CLIENTS = web.AppKey("clients", Clients)
CONFIG = web.AppKey("config", ServerConfig)
DATABASE = web.AppKey("database", Database)
ENGINE = web.AppKey("engine", Engine)
HUB = web.AppKey("hub", PreviewHub)
JOBS = web.AppKey("jobs", JobStore)
QUEUE = web.AppKey("queue", RenderQueue)
REGISTRY = web.AppKey("registry", Registry)
RUNS = web.AppKey("runs", Runs)
TAKES = web.AppKey("takes", Takes)
WARMTH = web.AppKey("warmth", Warmth)
WORKFLOWS = web.AppKey("workflows", WorkflowStore)
