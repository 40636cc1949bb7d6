"""What validation finds: one record per mistake, ready for the editor to stand beside the node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nodegraph.errors import CODES, UserInputError

__all__ = ["InvalidWorkflow", "Problem"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake in a workflow; the fields are those of `NodegraphError`."""

    code: str
    message: str
    node: str | None = None
    port: str | None = None
    got: str | None = None
    expected: str | None = None
    remedy: str | None = None

    def __post_init__(self) -> None:
        assert self.code in CODES, f"undocumented error code {self.code!r}"

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form; fields without a value are left out."""
        fields = ("code", "message", "node", "port", "got", "expected", "remedy")
        return {name: value for name in fields if (value := getattr(self, name)) is not None}


class InvalidWorkflow(UserInputError):  # noqa: N818 - it names what it is about, like KeyboardInterrupt
    """A workflow that cannot run. It speaks with the first problem and carries them all in `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        assert problems, "an invalid workflow has a problem"
        first = problems[0]
        super().__init__(
            first.code,
            first.message,
            got=first.got,
            expected=first.expected,
            remedy=first.remedy,
            node=first.node,
            port=first.port,
        )
        self.problems = tuple(problems)
