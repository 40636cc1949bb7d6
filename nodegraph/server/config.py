"""Settings of one server. The command line fills them in; tests build them directly."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from nodegraph.errors import UserInputError

MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one client may ask for; beyond it a request is refused with code too_large or busy."""

    upload_bytes: int = 512 * MIB
    body_bytes: int = 32 * MIB
    message_bytes: int = 1 * MIB
    graph_nodes: int = 20_000
    live_runs: int = 4
    queued_jobs: int = 10_000
    sockets: int = 64
    outbox_messages: int = 4096
    """Control messages waiting for one client; a client further behind is cut off and reads the state anew."""
    state_bytes: int = 256 * MIB
    """Memory for the snapshots of one live run, which it can be rewound to; the one it goes on from is always held."""
    all_state_bytes: int = 512 * MIB
    """The same for all live runs together: where there are many, each gets its part."""
    ended_state_bytes: int = 64 * MIB
    """For all runs that have ended together: the last ones can still be branched from."""
    live_idle_s: float = 60.0
    """A live run that nobody has watched for this long is stopped."""


@dataclass(frozen=True, kw_only=True)
class ServerConfig:
    """One server.

    Args:
        host: address to listen on. Anything but a loopback address needs a `token`.
        port: 0 takes a free one.
        data_dir: uploads, results and the database.
        token: secret every client must send: `Authorization: Bearer`, `?token=`, or the cookie that this one sets.
        open_browser: open the editor when the server listens.
        preset: model that is loaded in the background after the start; None loads none.
        record: every live run is kept as a take, unless its request says otherwise.
        takes_bytes: what all takes together may hold; beyond it the films and latents of the oldest ones that are not
            pinned are deleted. None = 20 GB, at most a fifth of the disk's free space.
        reserve_bytes: a recording ends, and its stream goes on, where less than this is free on the disk.
        allowed_hosts: more names that the server may be called by, such as that of a proxy.
        allowed_origins: pages of other origins that may use the API, such as "http://localhost:5173".
        limits: see `Limits`.

    Raises:
        UserInputError: forbidden, when the address is open to others and there is no token; out_of_range for a share
            of the disk that is none.
    """

    host: str = "127.0.0.1"
    port: int = 8188
    data_dir: Path = Path("data")
    token: str | None = None
    open_browser: bool = True
    preset: str | None = "tiny"
    record: bool = True
    takes_bytes: int | None = None
    reserve_bytes: int = 256 * MIB
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not is_loopback(self.host) and not self.token:
            raise UserInputError(
                "forbidden",
                "Other machines could use this server without a token",
                got=f"host {self.host}",
                expected="a token",
                remedy="Pass --token SECRET, or listen on 127.0.0.1",
            )

        if self.takes_bytes is not None and self.takes_bytes <= 0:
            raise UserInputError(
                "out_of_range",
                "Takes need some room on the disk",
                got=f"{self.takes_bytes} bytes",
                expected="more than 0",
                remedy="Start with a larger --takes-gb, or run without recording",
            )

    @property
    def takes_dir(self) -> Path:
        """One folder per take."""
        return self.data_dir / "takes"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "nodegraph.sqlite3"


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach `host`, a name or an address without port."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
