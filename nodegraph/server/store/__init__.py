"""What outlives the process, in one SQLite file: jobs (queue and history), workflows, uploaded assets, takes."""

from nodegraph.server.store.assets import AssetStore
from nodegraph.server.store.database import Database
from nodegraph.server.store.jobs import JobRow, JobStore
from nodegraph.server.store.takes import TakeRow, TakeStore
from nodegraph.server.store.workflows import WorkflowStore

__all__ = ["AssetStore", "Database", "JobRow", "JobStore", "TakeRow", "TakeStore", "WorkflowStore"]
