"""What `cowrite serve` refuses before it serves, and where it listens."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from cowrite.serve.openai.running import bound, is_loopback

GOOD = "a-token-of-mine"


def test_a_port_in_use_is_a_sentence(call):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, err = call("serve", "--port", str(port))
    assert (code, out) == (1, "")
    assert err.startswith(
        f"cowrite: Port {port} of 127.0.0.1 can't be had: Address already in use."
    )
    assert "--port" in err


@pytest.mark.parametrize("host", ["no such host", "256.1.1.1", "", "x" * 300, "\u2603.invalid."])
def test_a_place_that_is_none_is_a_sentence(host, call):
    code, _, err = call("serve", "--port", "0", "--host", host, "--token", GOOD)
    assert code == 1
    assert "can't be had" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("words", [(), ("--no-token",)])
@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_elsewhere_needs_a_token(host, words, call, monkeypatch):
    monkeypatch.delenv("COWRITE_TOKEN", raising=False)
    code, _, err = call("serve", "--port", "0", "--host", host, *words)
    if "can't be had" in err:
        pytest.skip("this machine has no such addresses")
    assert code == 2
    assert "a token of yours is needed" in err


@pytest.mark.parametrize(
    "token", ["", "short", "with a space", "t\u00f6ken-of-mine", "a-token\nof-mine", "x" * 5000]
)
@pytest.mark.parametrize("way", ["option", "file", "environment"])
def test_a_token_that_is_none_is_refused(token, way, call, monkeypatch, tmp_path):
    words: tuple[str, ...] = ("--token", token)
    if way == "file":
        file = tmp_path / "token"
        file.touch(0o600)
        file.write_text(token)
        words = ("--token-file", str(file))
    elif way == "environment":
        if not token:
            return  # as if it were not set
        monkeypatch.setenv("COWRITE_TOKEN", token)
        words = ()
    code, _, err = call("serve", "--port", "0", *words)
    assert code == 2, err
    assert "COWRITE_TOKEN" not in os.environ


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(mode, call, tmp_path):
    file = tmp_path / "token"
    file.write_text(GOOD)
    file.chmod(mode)
    code, _, err = call("serve", "--port", "0", "--token-file", str(file))
    assert code == 2
    assert f"chmod 600 {file}" in err


def test_what_is_no_file_is_refused(call, tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        assert call("serve", "--port", "0", "--token-file", str(path))[0] == 2


def test_one_way_is_enough(call):
    assert call("serve", "--port", "0", "--token", GOOD, "--no-token")[0] == 2


def test_without_the_extra_it_says_how_to_have_it(call, monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "starlette" else found(name)
    )
    code, _, err = call("serve")
    assert code == 1
    assert "pip install 'cowrite[serve]'" in err


def test_it_listens_on_this_machine_by_both_kinds_of_addresses():
    for host in ("127.0.0.1", "::1", "localhost", "127.0.0.2"):
        try:
            at = bound(host, 0)
        except Exception:
            if Path("/proc/net/if_inet6").exists():
                raise
            continue
        with at:
            assert is_loopback(at), host
            assert at.getsockname()[1] > 0
    with bound("0.0.0.0", 0) as at:
        assert not is_loopback(at)
