"""The server: editor, ComfyUI's API and ours, the websocket with live frames, the render queue.

serve(ServerConfig())            # until Ctrl+C
app = create_app(ServerConfig()) # an aiohttp application, for tests and for other runners
"""

from nodegraph.server.app import create_app
from nodegraph.server.config import Limits, ServerConfig
from nodegraph.server.serve import serve

__all__ = ["Limits", "ServerConfig", "create_app", "serve"]
