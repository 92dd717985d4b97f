"""`models pull` against a hub on loopback: what comes is the file that was meant, or a sentence."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hub_server import COMMIT
from make_gguf import PLAIN, gguf

from cowrite import catalog
from cowrite.errors import CowriteError, ModelError, UsageError
from cowrite.hub import download, pulling
from cowrite.hub.source import read_source
from cowrite.paths import user_paths

NAME = "tiny-q4_k_m"
CARD = [f"{NAME}.toml"]
WHOLE = ["tiny-Q4_K_M.gguf", *CARD]
PART = [".tiny-Q4_K_M.gguf.part", ".tiny-Q4_K_M.gguf.part.json"]


def sentence(puller: Any, *words: str, source: str = "hf:owner/repo", **more: Any) -> CowriteError:
    """The error that a pull ends with; all words are in it."""
    with pytest.raises(CowriteError) as caught:
        puller(source, **more)
    said = f"{caught.value.message} {caught.value.hint}"
    for word in words:
        assert word in said
    return caught.value


def test_a_pulled_model_is_known_pinned_and_private(puller: Any, model: bytes) -> None:
    card = puller().card
    assert (card.name, card.commit, card.licence) == (NAME, COMMIT, "mit")
    assert card.sha256 == hashlib.sha256(model).hexdigest()
    assert f"/owner/repo/blob/{COMMIT}/tiny-Q4_K_M.gguf" in card.source
    found = catalog.resolve(NAME, puller.paths, default="")
    assert found.path.read_bytes() == model
    catalog.verify(card, puller.paths)
    assert puller.left() == WHOLE
    assert {path.stat().st_mode & 0o077 for path in puller.paths.data.rglob("*")} == {0}
    again = puller()
    assert not again.fresh
    _, gone = catalog.remove(NAME, puller.paths)
    assert gone == found.path
    assert puller.left() == []


def test_it_says_where_it_goes_before_it_does(puller: Any) -> None:
    heard: list[tuple[str, int]] = []

    class Told(list[str]):
        def append(self, text: str) -> None:
            heard.append((text, len(puller.hub.asked)))

    puller.told = Told()
    puller()
    assert heard[0] == ("Asking 127.0.0.1 about owner/repo.", 0)
    assert "tiny-Q4_K_M.gguf: 8 MB from 127.0.0.1" in heard[1][0]
    assert puller.cdn.ranges() == ["bytes=0-3", ""]


def test_the_token_goes_to_the_hub_alone(puller: Any) -> None:
    puller()
    assert set(puller.hub.authorizations()) == {"Bearer hf_secret"}
    assert set(puller.cdn.authorizations()) == {""}


def test_an_address_gets_no_token(puller: Any) -> None:
    puller("{cdn}/tiny-Q4_K_M.gguf")
    assert set(puller.cdn.authorizations()) == {""}
    assert not puller.hub.asked


def test_a_cut_connection_is_gone_on_with(puller: Any, model: bytes) -> None:
    puller.cdn.cuts = [1000, 2_000_000, 5]
    assert puller().fresh
    assert puller.cdn.ranges() == [
        "bytes=0-3",
        "",
        "bytes=1000-",
        "bytes=2001000-",
        "bytes=2001005-",
    ]
    assert "going on" in puller.told[-1]


@pytest.mark.parametrize("digests", [True, False])
def test_a_break_is_gone_on_with_in_the_next_run(puller: Any, digests: bool) -> None:
    puller.hub.digests = digests
    puller.cdn.cuts = [1000, 0, 0, 0, 0, 0]
    sentence(puller, "cut", "goes on")
    assert puller.left() == PART
    puller.cdn.asked.clear()
    assert puller().card.sha256
    assert puller.cdn.ranges() == ["bytes=0-3", "bytes=1000-"]
    assert puller.cdn.asked[-1][1]["If-Range"] == '"one"'
    assert puller.left() == WHOLE


def test_another_file_at_the_address_is_not_gone_on_with(puller: Any, model: bytes) -> None:
    puller.hub.digests = False
    puller.cdn.cuts = [1000, 0, 0, 0, 0, 0]
    sentence(puller, "cut")
    other = model[:-5] + b"other"
    puller.hub.files["tiny-Q4_K_M.gguf"] = puller.cdn.files["tiny-Q4_K_M.gguf"] = other
    puller.cdn.etag = '"two"'
    assert Path(puller().card.path).read_bytes() == other


def test_a_part_that_was_changed_is_found_by_its_sha256(puller: Any) -> None:
    puller.cdn.cuts = [1000, 0, 0, 0, 0, 0]
    sentence(puller, "cut")
    part = next(puller.paths.models.rglob("*.part"))
    part.write_bytes(b"x" * part.stat().st_size)
    sentence(puller, "another sha256")
    assert puller.left() == []
    assert puller().fresh


def test_a_server_without_ranges_is_read_from_the_start(puller: Any) -> None:
    puller.cdn.no_ranges = True
    puller.cdn.cuts = [1000, 2000]  # the first is the look at its beginning
    assert puller().fresh


def test_a_wrong_sha256_leaves_nothing(puller: Any) -> None:
    puller.hub.wrong_digest = "a" * 64
    sentence(puller, "another sha256", "a" * 64)
    assert puller.left() == []


def test_the_writers_sha256_is_held_against_the_hubs(puller: Any, model: bytes) -> None:
    sentence(puller, "another sha256 there", sha256="b" * 64)
    sentence(puller, "another sha256", source="{cdn}/tiny-Q4_K_M.gguf", sha256="b" * 64)
    right = hashlib.sha256(model).hexdigest()
    assert puller("{cdn}/tiny-Q4_K_M.gguf", sha256=right).compared


def test_a_wrong_length_is_told(puller: Any) -> None:
    puller.hub.wrong_linked_size = 5
    sentence(puller, "another length")
    assert puller.left() == []


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "RepoNotFound", "only for those with a token"),
        (401, "GatedRepo", "accepted its terms"),
        (401, "", "does not know the token"),
        (403, "GatedRepo", "accepted its terms"),
        (404, "RepoNotFound", "There is no owner/repo"),
        (404, "RevisionNotFound", "no revision 'main'"),
        (451, "", "refuses owner/repo (status 451)"),
    ],
)
def test_refusals_are_sentences(puller: Any, status: int, code: str, words: str) -> None:
    puller.hub.refuse = (status, code)
    sentence(puller, words)
    assert puller.left() == []


def test_a_busy_hub_is_waited_for_as_it_asks(puller: Any) -> None:
    puller.hub.busy = [(429, "7"), (503, "")]
    assert puller().fresh
    assert puller.slept == [7.0, 2.0]


def test_a_hub_that_stays_busy_is_a_sentence(puller: Any) -> None:
    puller.hub.busy = [(429, "3600")]
    sentence(puller, "too many questions", "3600 s")
    puller.hub.busy = [(500, "")] * 9
    sentence(puller, "in trouble itself (status 500)")


def test_a_server_that_says_nothing_is_given_up(puller: Any) -> None:
    puller.hub.stalls, puller.stall = True, 0.2
    sentence(puller, "does not answer")


def test_an_address_without_a_server_and_a_name_without_a_host(puller: Any) -> None:
    sentence(puller, "can't be reached", source="http://127.0.0.1:9/a.gguf")
    sentence(puller, "can't be found", source="https://no-such-host.invalid/a.gguf")


def test_more_than_was_said_is_not_taken(puller: Any, model: bytes) -> None:
    puller.cdn.endless = True
    assert Path(puller().card.path).read_bytes() == model


def test_a_body_that_has_no_end_is_not_begun(puller: Any) -> None:
    puller.cdn.no_length = puller.cdn.no_ranges = True
    sentence(puller, "does not say how long")
    assert puller.left() == []


def test_redirects_that_go_astray(puller: Any) -> None:
    puller.hub.redirect = "{hub}".replace("{hub}", puller.hub.url) + "/tiny-Q4_K_M.gguf"
    sentence(puller, "in circles")
    puller.hub.redirect = "file:///etc/passwd"
    sentence(puller, "not safe")


def test_a_page_is_no_model(puller: Any) -> None:
    puller.cdn.files["tiny-Q4_K_M.gguf"] = puller.hub.files["tiny-Q4_K_M.gguf"] = b"<html>" * 9
    sentence(puller, "no GGUF file")


def test_a_broken_header_leaves_nothing(puller: Any, model: bytes) -> None:
    puller.cdn.files["tiny-Q4_K_M.gguf"] = puller.hub.files["tiny-Q4_K_M.gguf"] = model[:5000]
    sentence(puller, "tiny-Q4_K_M.gguf", "Nothing of it was kept")
    assert puller.left() == []


def test_a_full_disk_is_told_before_and_while(puller: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(puller.paths.data.parent.parent)
    with monkeypatch.context() as patched:
        patched.setattr(pulling.shutil, "disk_usage", lambda _p: usage._replace(free=1000))
        sentence(puller, "too full")
    assert puller.cdn.ranges() == ["bytes=0-3"]

    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(download.os, "fsync", full)
        sentence(puller, "disk is full")
    assert puller().fresh


def test_what_this_machine_cannot_run_is_told_before(
    puller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    puller.hub.listing = {"gguf": {"architecture": "no-such-thing"}}
    sentence(puller, "no-such-thing", "--anyway")
    puller.hub.listing = {}
    monkeypatch.setattr(pulling, "free_memory", lambda: 1000)
    sentence(puller, "GB of memory", "--anyway")
    assert puller.left() == []
    assert puller(anyway=True).fresh


def test_several_files_have_to_be_chosen_from(puller: Any, model: bytes) -> None:
    for files in (puller.hub.files, puller.cdn.files):
        files["tiny-Q8_0.gguf"] = files["deep/tiny-F16.gguf"] = files["mmproj-tiny.gguf"] = model
    assert puller().card.name == NAME
    assert puller("hf:owner/repo:q8_0").card.name == "tiny-q8_0"
    assert puller(f"hf:owner/repo:deep/tiny-F16.gguf@{COMMIT}").card.file == "tiny-F16.gguf"
    sentence(puller, "no one file 'Q3'", "tiny-Q8_0.gguf", source="hf:owner/repo:Q3")
    puller.hub.files = {"README.md": b""}
    sentence(puller, "no GGUF file at main")


def test_a_model_in_parts_comes_whole(puller: Any) -> None:
    parts = {}
    for number in range(2):
        values = dict(PLAIN) if number == 0 else {}
        values |= {"split.no": ("u16", number), "split.count": ("u16", 2)}
        parts[f"big-0000{number + 1}-of-00002.gguf"] = gguf(values)
    puller.hub.files, puller.cdn.files = dict(parts), dict(parts)
    card = puller().card
    assert Path(card.path).name == "big-00001-of-00002.gguf"
    assert catalog.resolve(card.name, puller.paths, default="").facts.parts == 2
    catalog.remove(card.name, puller.paths)
    puller.hub.files.popitem()
    sentence(puller, "2 parts", "lacks")


@pytest.mark.parametrize(
    "source",
    [
        "", "x", "hf:", "hf:owner", "hf:../..", "hf:owner/repo:../x.gguf", "hf:owner/repo:/x.gguf",
        "hf:owner/repo:a\\b.gguf", "hf:owner/repo:\x1b[2J.gguf", "hf:owner/repo@../main", "ftp://h/a.gguf",
        "https://me:secret@host/a.gguf", "https://host/a b.gguf", "https://", "file:///etc/passwd",
        "http://[::1/a.gguf", "http://host:99999/a.gguf", "http://host:x/a.gguf",
    ],
)  # fmt: skip
def test_what_is_no_source_is_a_sentence(puller: Any, source: str) -> None:
    with pytest.raises(UsageError) as caught:
        puller(source)
    assert "secret" not in caught.value.message
    assert "\x1b" not in caught.value.message
    assert not puller.hub.asked


@pytest.mark.parametrize("name", ["..gguf", ".hidden.gguf", "a\x1bb.gguf", "x.bin", ".."])
def test_names_of_a_hub_stay_in_the_folder(puller: Any, name: str) -> None:
    from cowrite.hub.listing import local_name

    with pytest.raises(ModelError):
        local_name(name)
    assert local_name("a/../../b.gguf") == "b.gguf"


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("Ünï modèl Q8.gguf", "n- mod-l Q8.gguf"),
        ("模型.gguf", "model.gguf"),
        ("x.GGUF", "x.gguf"),
        ("-rf.gguf", "rf.gguf"),
        ("a b.gguf", "a b.gguf"),
        ("x" * 300 + ".gguf", "x" * 190 + ".gguf"),
    ],
)
def test_odd_names_get_a_plain_one_here(puller: Any, model: bytes, name: str, local: str) -> None:
    from cowrite.hub.listing import local_name

    assert local_name(name) == local
    puller.hub.files = puller.cdn.files = {name: model}
    assert puller(name="odd").card.file == local


def test_two_downloads_of_one_model_do_not_meet(puller: Any) -> None:
    folder = puller.paths.models / "files" / NAME
    folder.mkdir(parents=True)
    with FileLock(folder / ".lock"):
        sentence(puller, "another cowrite")
    assert puller().fresh


def test_a_folder_that_cannot_be_written_is_a_sentence(
    puller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(pulling.FileLock, "acquire", refuse)
    sentence(puller, "can't be written", "Read-only", "COWRITE_HOME")


def test_another_name_for_what_is_here_with_other_content(puller: Any, model: bytes) -> None:
    assert puller().fresh
    other = model[:-5] + b"other"
    puller.hub.files = puller.cdn.files = {"tiny-Q4_K_M.gguf": other}
    sentence(puller, "There is a model 'tiny-q4_k_m' already", "--name")
    assert Path(puller(name="second").card.path).read_bytes() == other


def test_a_proxy_that_is_asked_through_is_named(
    puller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://me:secret@127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    error = sentence(puller, "through the proxy 127.0.0.1", source="https://example.invalid/a.gguf")
    assert "secret" not in f"{error.message}{error.hint}"


def test_a_pasted_page_is_the_hubs_file(puller: Any) -> None:
    card = puller("{hub}/owner/repo/blob/main/tiny-Q4_K_M.gguf").card
    assert card.commit == COMMIT


def test_what_may_be_secret_in_an_address_is_not_kept(puller: Any) -> None:
    card = puller("{cdn}/tiny-Q4_K_M.gguf?signature=secret").card
    kept = [path.read_bytes() for path in puller.paths.data.rglob("*") if path.is_file()]
    assert not any(b"signature" in data for data in kept)
    assert card.source.endswith("/tiny-Q4_K_M.gguf")


def test_what_is_known_of_a_model_goes_onto_its_card(puller: Any) -> None:
    from cowrite.catalog.known import known_models

    values = {**PLAIN, "tokenizer.chat_template": ("text", "{{ messages }}")}
    puller.hub.files = puller.cdn.files = {"tiny.gguf": gguf(values)}
    base, instruct = known_models()["qwen3-0.6b-base"], known_models()["lfm2-350m"]
    card = puller(name="a", known=base).card
    assert (card.kind, card.licence, card.title) == ("base", "Apache-2.0", base.title)
    assert puller(name="b").card.kind == "instruct", "by its template"
    puller(name="c", known=instruct)
    found = catalog.resolve("c", puller.paths, default="")
    assert found.card is not None
    assert found.card.chat == instruct.chat
    assert found.card.terms == instruct.terms


def test_the_known_models_can_be_asked_for() -> None:
    from cowrite.catalog.known import known_models
    from cowrite.hub.source import HubFile

    models = known_models()
    assert len(models) > 5
    for model in models.values():
        found = read_source(f"hf:{model.repo}:{model.file}@{model.revision}")
        assert found == HubFile(model.repo, model.file, model.revision)
        assert model.name not in catalog.cards(user_paths())
