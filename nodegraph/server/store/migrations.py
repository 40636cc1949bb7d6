"""The database's shape, as numbered steps that only go forward. Never change a step that was released: add one."""

from __future__ import annotations

import sqlite3

from nodegraph.errors import UserInputError

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE jobs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        prompt_id TEXT NOT NULL UNIQUE,
        number REAL NOT NULL,                 -- place in the queue, lowest first
        client_id TEXT,
        name TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
        request TEXT NOT NULL,                -- JSON: what the engine is given, see JobRow
        document TEXT NOT NULL,               -- JSON: the workflow
        attempts INTEGER NOT NULL DEFAULT 0,  -- how often it was started
        outputs TEXT NOT NULL DEFAULT '{}',   -- JSON: node id -> files
        error TEXT,                           -- JSON: code, message, ...
        messages TEXT NOT NULL DEFAULT '[]',  -- JSON: [type, data] as clients were told
        created_ms INTEGER NOT NULL,
        started_ms INTEGER,
        finished_ms INTEGER
    );
    CREATE INDEX jobs_by_place ON jobs (status, number, seq);
    CREATE TABLE workflows (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        document TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL
    );
    CREATE TABLE assets (
        value TEXT PRIMARY KEY,               -- path below data/input, as file widgets store it
        kind TEXT NOT NULL CHECK (kind IN ('image', 'pose', 'video')),
        sha256 TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        created_ms INTEGER NOT NULL
    );
    CREATE INDEX assets_by_content ON assets (sha256);
    """,
    """
    CREATE TABLE takes (                      -- an index of the folders below takes/, which can always be read again
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        take_id TEXT NOT NULL UNIQUE,
        root TEXT NOT NULL,                   -- the first take of the tree
        parent TEXT,
        parent_tick INTEGER,
        name TEXT NOT NULL,
        workflow_name TEXT NOT NULL,
        seed INTEGER,
        status TEXT NOT NULL CHECK (status IN ('live', 'done', 'torn')),
        ticks INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0,
        thumb INTEGER NOT NULL DEFAULT 0,     -- 1 where there is a first picture
        created_ms INTEGER NOT NULL
    );
    CREATE INDEX takes_by_root ON takes (root, seq);
    """,
    """
    ALTER TABLE takes ADD COLUMN approximate INTEGER NOT NULL DEFAULT 0;  -- 1: a state was rebuilt from latents
    ALTER TABLE takes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;       -- 1: never thinned
    ALTER TABLE takes ADD COLUMN thinned TEXT NOT NULL DEFAULT '';        -- film,latents: what was deleted
    """,
)
"""Step n (from 1) takes a database from version n - 1 to n."""


def migrate(connection: sqlite3.Connection, steps: tuple[str, ...] = STEPS) -> None:
    """Bring a database to the newest version, each step in a transaction of its own.

    Raises:
        UserInputError: newer_schema when a newer program wrote the file.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(steps):
        raise UserInputError(
            "newer_schema",
            "The database was written by a newer version of nodegraph",
            got=f"version {version}",
            expected=f"version {len(steps)} or older",
            remedy="Update nodegraph, or choose another data directory",
        )
    for number, step in enumerate(steps[version:], start=version + 1):
        try:
            connection.executescript(f"BEGIN IMMEDIATE; {step}; PRAGMA user_version = {number}; COMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
