"""The editor's protocol types are the server's."""

from nodegraph.server.typescript import TARGET, render


def test_the_generated_file_is_current() -> None:
    """Run `python -m nodegraph.server.typescript --write` after changing a message."""
    assert TARGET.read_text(encoding="utf-8") == render()


def test_optional_fields_are_marked_and_unions_are_named() -> None:
    text = render()
    assert "  remedy?: string;" in text
    assert "  code: string;" in text
    assert "export type ClientMessage =\n  | ClientFeatureFlags\n" in text
    assert "  animated?: boolean[];" in text
    assert "export const PROTOCOL = 1;" in text
