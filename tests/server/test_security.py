"""Who may talk to the server, decided without a socket; test_app.py checks the same over real ones."""

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.server.config import ServerConfig
from nodegraph.server.security import check_host, check_origin

LOCAL = ServerConfig()
OPEN = ServerConfig(host="0.0.0.0", token="secret")


@pytest.mark.parametrize("host", ["127.0.0.1:8188", "localhost:8188", "LOCALHOST", "[::1]:8188", "127.8.8.8"])
def test_names_of_this_machine_are_known(host: str) -> None:
    check_host(LOCAL, host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:8188", "127.0.0.1.evil.example", "192.168.1.5", "[", "0", "localhost."]
)
def test_a_foreign_name_is_refused_so_dns_rebinding_fails(host: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        check_host(LOCAL, host)
    assert caught.value.code == "forbidden"


def test_an_open_server_answers_to_addresses_but_not_to_foreign_names() -> None:
    check_host(OPEN, "192.168.1.5:8188")
    with pytest.raises(NodegraphError):
        check_host(OPEN, "evil.example")
    check_host(ServerConfig(host="0.0.0.0", token="x", allowed_hosts=("Studio.example",)), "studio.example:8188")


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://evil.example", "http://localhost:9999", "file://localhost:8188", "http://[", "localhost:8188"],
)
def test_a_foreign_origin_is_refused(origin: str) -> None:
    with pytest.raises(NodegraphError):
        check_origin(LOCAL, origin, "localhost:8188")


def test_the_servers_own_page_and_plain_programs_are_allowed() -> None:
    check_origin(LOCAL, "http://localhost:8188", "localhost:8188")
    check_origin(LOCAL, "https://LOCALHOST:8188", "localhost:8188")
    check_origin(LOCAL, None, "localhost:8188")
    check_origin(LOCAL, None, "localhost:8188", "same-origin")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_without_origin_that_another_site_caused_is_refused(site: str) -> None:
    with pytest.raises(NodegraphError):
        check_origin(LOCAL, None, "localhost:8188", site)


def test_a_named_origin_is_allowed() -> None:
    config = ServerConfig(allowed_origins=("http://localhost:5173",))
    check_origin(config, "http://localhost:5173", "127.0.0.1:8188")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "studio.example"])
def test_an_open_address_needs_a_token(host: str) -> None:
    with pytest.raises(NodegraphError, match="without a token"):
        ServerConfig(host=host)
    assert ServerConfig(host=host, token="secret").token == "secret"
