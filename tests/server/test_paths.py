"""Names from outside stay inside the data directory."""

from pathlib import Path

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.server.paths import clean_name, existing_file, inside, media_type, view_url


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data" / "output" / "sub").mkdir(parents=True)
    (tmp_path / "data" / "output" / "sub" / "a.png").write_bytes(b"x")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "data"


def test_a_file_in_a_subfolder_is_found(data: Path) -> None:
    assert existing_file(data, "output", "sub", "a.png").read_bytes() == b"x"
    assert existing_file(data, "output", "", "sub/a.png").read_bytes() == b"x"


@pytest.mark.parametrize(
    "name", ["../../secret.txt", "/etc/passwd", "sub/../../../secret.txt", "..\\..\\secret.txt", "a\0.png", ".."]
)
def test_leaving_the_folder_is_refused(data: Path, name: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        existing_file(data, "output", "", name)
    assert caught.value.code == "path_outside"


def test_a_symbolic_link_out_of_the_folder_is_refused(data: Path) -> None:
    (data / "output" / "link.txt").symlink_to(data.parent / "secret.txt")
    (data / "output" / "up").symlink_to(data.parent)
    for name in ("link.txt", "up/secret.txt"):
        with pytest.raises(NodegraphError) as caught:
            existing_file(data, "output", "", name)
        assert caught.value.code == "path_outside"


def test_a_loop_of_links_is_refused(data: Path) -> None:
    (data / "output" / "loop").symlink_to("loop")
    with pytest.raises(NodegraphError):
        existing_file(data, "output", "", "loop")


@pytest.mark.parametrize("name", ["nothing.png", "sub", "x" * 5000, ""])
def test_what_is_no_file_is_not_found(data: Path, name: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        existing_file(data, "output", "", name)
    assert caught.value.code == "not_found"


def test_other_folders_do_not_exist(data: Path) -> None:
    with pytest.raises(NodegraphError):
        existing_file(data, "..", "", "secret.txt")


def test_a_linked_data_directory_works(data: Path) -> None:
    (data.parent / "alias").symlink_to(data)
    assert inside(data.parent / "alias" / "output", "sub/a.png").is_file()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.png", "a.png"),
        ("../../a.png", "a.png"),
        ("C:\\pictures\\a.png", "a.png"),
        (".htaccess", "htaccess"),
        ('a<b>:"|?*.png', "a_b______.png"),
        ("x" * 500 + ".png", "x" * 180 + ".png"),
        ("bild\u00e4.png", "bild\u00e4.png"),
    ],
)
def test_an_upload_gets_a_harmless_name(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize("name", ["", "..", "/", "...", " . "])
def test_a_name_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(NodegraphError):
        clean_name(name)


def test_only_harmless_types_are_shown_by_a_browser() -> None:
    assert media_type("a.webm") == "video/webm"
    assert media_type("a.PNG") == "image/png"
    assert {media_type(name) for name in ("a.html", "a.svg", "a.js", "a")} == {"application/octet-stream"}


def test_an_address_is_escaped() -> None:
    assert view_url({"filename": "a b&c.png", "subfolder": "x/y", "type": "output"}) == (
        "/view?filename=a+b%26c.png&subfolder=x%2Fy&type=output"
    )
