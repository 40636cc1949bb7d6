"""What the server is and which nodes it has, in our form and in ComfyUI's."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from aiohttp import web

from nodegraph.generator.presets import PRESETS
from nodegraph.graph import InputSpec, NodeSpec
from nodegraph.graph.widgets import MAX_SEED, Choice, File, Number, Seed, Text
from nodegraph.server.answers import ok
from nodegraph.server.keys import ASSETS, CONFIG, REGISTRY, WARMTH
from nodegraph.server.messages import PROTOCOL
from nodegraph.server.payloads import ServerStatus


async def get_status(request: web.Request) -> web.Response:
    """GET /api/status"""
    warmth = request.app[WARMTH]
    status = ServerStatus(
        version=_version("nodegraph"),
        protocol=PROTOCOL,
        torch=warmth.state,
        device=warmth.device,
        presets=list(PRESETS),
    )
    return ok(status)


async def get_nodes(request: web.Request) -> web.Response:
    """GET /api/nodes: every node type, and the packs that could not be loaded."""
    registry = request.app[REGISTRY]
    faults = {pack: error.as_dict() for pack, error in registry.faults.items()}
    return ok({"nodes": [spec.as_dict() for spec in registry], "faults": faults})


async def get_object_info(request: web.Request) -> web.Response:
    """GET /object_info"""
    uploads = await _uploads(request)
    return ok({spec.id: object_info(spec, uploads) for spec in request.app[REGISTRY]})


async def get_object_info_of(request: web.Request) -> web.Response:
    """GET /object_info/{class}: an empty object for an unknown one, as in ComfyUI."""
    spec = request.app[REGISTRY].get(request.match_info["node_type"])
    return ok({} if spec is None else {spec.id: object_info(spec, await _uploads(request))})


async def get_system_stats(_request: web.Request) -> web.Response:
    """GET /system_stats. Sizes in bytes; paths and arguments stay private."""
    total = _memory("SC_PHYS_PAGES")
    torch_version = _version("torch")
    device = {"name": "cpu", "type": "cpu", "index": 0, "vram_total": total, "vram_free": _memory("SC_AVPHYS_PAGES")}
    system = {
        "os": platform.system().lower(),
        "ram_total": total,
        "ram_free": _memory("SC_AVPHYS_PAGES"),
        "nodegraph_version": _version("nodegraph"),
        "python_version": platform.python_version(),
        "pytorch_version": torch_version,
        "embedded_python": False,
        "argv": [],
    }
    return ok({"system": system, "devices": [device | {"torch_vram_total": total, "torch_vram_free": 0}]})


async def get_features(request: web.Request) -> web.Response:
    """GET /features"""
    return ok(
        {
            "supports_preview_metadata": True,
            "max_upload_size": request.app[CONFIG].limits.upload_bytes,
            "nodegraph": PROTOCOL,
        }
    )


def object_info(spec: NodeSpec, uploads: dict[str, list[str]]) -> dict[str, Any]:
    """Return a node type as ComfyUI describes one; `uploads` are the values of file widgets by kind."""
    shown = [port for port in spec.inputs if not port.hidden]
    required = {port.name: _comfy_input(port, uploads) for port in shown if port.required}
    optional = {port.name: _comfy_input(port, uploads) for port in shown if not port.required}
    return {
        "input": {"required": required, "optional": optional, "hidden": {}},
        "input_order": {"required": [*required], "optional": [*optional], "hidden": []},
        "output": [port.type for port in spec.outputs],
        "output_is_list": [False] * len(spec.outputs),
        "output_name": [port.name for port in spec.outputs],
        "output_tooltips": [""] * len(spec.outputs),
        "name": spec.id,
        "display_name": spec.name,
        "description": spec.description,
        "python_module": spec.pack,
        "category": spec.category,
        "output_node": spec.output_node,
    }


def _comfy_input(port: InputSpec, uploads: dict[str, list[str]]) -> list[Any]:
    options: dict[str, Any] = {}
    if port.doc:
        options["tooltip"] = port.doc
    if not port.required and port.default is not None:
        options["default"] = port.default
    widget = port.widget
    if isinstance(widget, Choice):
        return [list(widget.listed()), options]
    if isinstance(widget, File):
        return [uploads.get(widget.kind, []), options | {"image_upload": widget.kind == "image"}]
    if isinstance(widget, Seed):
        options |= {"min": 0, "max": MAX_SEED, "control_after_generate": True}
    if isinstance(widget, Number):
        limits = {"min": widget.ge, "max": widget.le, "step": widget.step}
        options |= {name: value for name, value in limits.items() if value is not None}
    if isinstance(widget, Text):
        options |= {"multiline": widget.multiline, "placeholder": widget.placeholder}
    if widget is None:
        options["forceInput"] = True
    return [port.type, options]


async def _uploads(request: web.Request) -> dict[str, list[str]]:
    uploads: dict[str, list[str]] = {}
    for row in await request.app[ASSETS].newest(None):
        uploads.setdefault(row["kind"], []).append(row["value"])
    return uploads


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"


def _memory(pages: str) -> int:
    try:
        return os.sysconf(pages) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0


COMFY_ROUTES = [
    web.get("/object_info", get_object_info),
    web.get("/object_info/{node_type}", get_object_info_of),
    web.get("/system_stats", get_system_stats),
    web.get("/features", get_features),
]
ROUTES = [web.get("/api/status", get_status), web.get("/api/nodes", get_nodes)]
