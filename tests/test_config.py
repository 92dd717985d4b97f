"""Settings: precedence, what is refused and how, and saving."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cowrite.config import SettingInfo, Settings, describe, load, load_explained, save_user
from cowrite.config.loading import anchored, stays_here
from cowrite.core.suggestion import PRESETS, Sampling, StopAt
from cowrite.errors import UsageError
from cowrite.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config", tmp_path / "data", tmp_path / "cache", tmp_path / "state")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def refused(paths: Paths, **how: Any) -> UsageError:
    with pytest.raises(UsageError) as caught:
        load(paths, **{"environ": {}, **how})
    return caught.value


def test_nothing_set_gives_the_defaults(paths: Paths, tmp_path: Path) -> None:
    assert load(paths, tmp_path / "a.md", environ={}) == Settings()


def test_each_source_gives_way_to_the_one_above(paths: Paths, tmp_path: Path) -> None:
    draft = tmp_path / "book" / "part" / "one.md"
    draft.parent.mkdir(parents=True)
    key = "suggestions.count"
    write(paths.config_file, "[suggestions]\ncount = 2\nmax_tokens = 20\n[editor]\ncolumn = 70\n")
    project = write(tmp_path / "book" / "cowrite.toml", "[suggestions]\ncount = 4\nmax_tokens = 40")
    environ = {"COWRITE_SUGGESTIONS_COUNT": "5"}

    loaded = load_explained(paths, draft, environ, {key: 6})
    assert loaded.settings.suggestions.count == 6
    assert loaded.settings.suggestions.max_tokens == 40
    assert loaded.settings.editor.column == 70
    assert loaded.sources == {
        key: "command line",
        "suggestions.max_tokens": str(project),
        "editor.column": str(paths.config_file),
    }
    assert load(paths, draft, environ, {key: None}).suggestions.count == 5
    assert load(paths, draft, {}).suggestions.count == 4
    assert load(paths, tmp_path / "elsewhere.md", {}).suggestions.count == 2


def test_the_nearest_project_file_counts_alone(paths: Paths, tmp_path: Path) -> None:
    write(tmp_path / "cowrite.toml", "[editor]\ncolumn = 61\ntypewriter = true")
    write(tmp_path / "a" / ".cowrite.toml", "[editor]\ncolumn = 62")
    editor = load(paths, tmp_path / "a" / "b" / "new.md", {}).editor
    assert (editor.column, editor.typewriter) == (62, False)


@pytest.mark.parametrize("name", ["cowrite.toml", ".cowrite.toml"])
@pytest.mark.parametrize("said", ["true", "false", '"yes"'])
def test_no_project_has_a_program_of_its_model_run(
    paths: Paths, tmp_path: Path, name: str, said: str
) -> None:
    project = write(tmp_path / "book" / name, f"[models]\nown_template = {said}\n")
    error = refused(paths, draft=tmp_path / "book" / "one.md")
    assert error.message == (f"{project}, line 2: models.own_template can't be set by a project.")
    assert "cowrite config set models.own_template" in error.hint
    project.unlink()
    write(paths.config_file, "[models]\nown_template = true\n")
    draft = tmp_path / "book" / "one.md"
    assert load(paths, draft, environ={}).models.own_template
    assert not load(paths, draft, {"COWRITE_MODELS_OWN_TEMPLATE": "no"}).models.own_template


@pytest.mark.parametrize("name", ["cowrite.toml", ".cowrite.toml"])
def test_no_project_sends_its_drafts_anywhere(paths: Paths, tmp_path: Path, name: str) -> None:
    draft = tmp_path / "book" / "one.md"
    for said in (
        'remote = "https://evil.example"',
        'remote = ""',
        'remote = "NEVER"',
        'remote_model = "x"',
        'remote_key_file = "/etc/passwd"',
        "remote_plain_http = true",
        "remote_suffix = true",
        'remote_adapter = "x"',
    ):
        project = write(tmp_path / "book" / name, f"[engine]\n{said}\n")
        assert "can't be set by a project" in refused(paths, draft=draft).message, said
        assert stays_here(draft)
    project.unlink()
    assert not stays_here(draft)


def test_never_goes_before_everything(paths: Paths, tmp_path: Path) -> None:
    write(paths.config_file, '[engine]\nremote = "http://127.0.0.1:8080"\n')
    draft = tmp_path / "book" / "one.md"
    assert load(paths, draft, {}).engine.remote == "http://127.0.0.1:8080"
    write(tmp_path / "book" / "cowrite.toml", '[engine]\nremote = "never"\n')
    environ = {"COWRITE_ENGINE_REMOTE": "http://127.0.0.1:9"}
    flags = {"engine.remote": "http://127.0.0.1:9"}
    assert load(paths, draft, environ, flags).engine.remote == "never"
    assert stays_here(draft)
    assert not stays_here(tmp_path / "letter.md")


def test_a_project_file_of_another_user_is_passed_over(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "cowrite.toml", "[editor]\ncolumn = 61")
    assert load(paths, tmp_path / "a.md", {}).editor.column == 61
    monkeypatch.setattr("os.getuid", lambda: 4242)
    (tmp_path / "cowrite.toml").chmod(0o644)
    own = (tmp_path / "cowrite.toml").stat().st_uid
    assert load(paths, tmp_path / "a.md", {}).editor.column == (61 if own == 0 else 80)


def test_the_environment_reads_words_for_switches_and_lists(paths: Paths) -> None:
    environ = {
        "COWRITE_UI_MOUSE": "off",
        "COWRITE_EDITOR_TYPEWRITER": "Yes",
        "COWRITE_SUGGESTIONS_STOP": "none",
        "COWRITE_SAMPLING_BANNED": "very, rather nice ,",
        "COWRITE_SAMPLING_TEMPERATURE": "0.5",
        "COWRITE_KEYS_ACCEPT_WORD": "f5,alt+w",
        "COWRITE_MODEL": "tiny",
        "COWRITE_HOME": "/nowhere",
        "COWRITE_EDITOR_COLUMN": "",
        "OTHER": "x",
    }
    got = load(paths, environ=environ)
    assert not got.ui.mouse
    assert got.editor.typewriter
    assert got.suggestions.stop is StopAt.NONE
    assert got.sampling.banned == ("very", "rather nice")
    assert got.sampling.temperature == 0.5
    assert got.keys == {"accept-word": "f5,alt+w"}
    assert got.model.name == "tiny"
    assert got.editor.column == 80


def test_unknown_names_are_refused_with_the_nearest(paths: Paths) -> None:
    write(paths.config_file, "[sugestions]\ncount = 2")
    error = refused(paths)
    assert str(paths.config_file) in error.message
    assert "[sugestions]" in error.message
    assert "suggestions" in error.hint

    write(paths.config_file, "[suggestions]\ncuont = 2")
    error = refused(paths)
    assert "suggestions.cuont" in error.message
    assert "suggestions.count" in error.hint

    write(paths.config_file, "column = 70")
    assert "editor.column" in refused(paths).hint
    write(paths.config_file, "editor = 70")
    assert "[editor]" in refused(paths).hint


def test_slips_in_our_variables_are_refused_and_others_left_alone(paths: Paths) -> None:
    assert (
        "COWRITE_SUGGESTIONS_COUNT"
        in refused(paths, environ={"COWRITE_SUGGESTIONS_CUONT": "1"}).hint
    )
    assert "COWRITE_MODEL" in refused(paths, environ={"COWRITE_MODLE": "x"}).hint
    assert load(paths, environ={"COWRITE_PLUGIN_OF_OTHERS": "x"}) == Settings()


@pytest.mark.parametrize(
    ("text", "key", "allowed"),
    [
        ("[suggestions]\ncount = 99", "suggestions.count", "from 1 to 8"),
        ("[suggestions]\ncount = true", "suggestions.count", "whole number"),
        ("[suggestions]\ncount = 2.5", "suggestions.count", "whole number"),
        ("[suggestions]\nstop = 'word'", "suggestions.stop", "sentence, paragraph or none"),
        ("[suggestions]\nauto = 'maybe'", "suggestions.auto", "true or false"),
        ("[sampling]\ntemperature = nan", "sampling.temperature", "from 0 to 5"),
        ("[sampling]\ntemperature = inf", "sampling.temperature", "from 0 to 5"),
        ("[sampling]\nbanned = [1]", "sampling.banned", "list of texts"),
        ("[model]\nname = ''", "model.name", "a text"),
        ("[keys]\naccept = 3", "keys.accept", "a text"),
    ],
)
def test_wrong_values_name_file_and_key_and_say_what_is_allowed(
    paths: Paths, text: str, key: str, allowed: str
) -> None:
    write(paths.config_file, text)
    error = refused(paths)
    assert str(paths.config_file) in error.message
    assert key in error.message
    assert allowed in error.hint


def test_files_that_are_no_settings_are_refused_in_one_sentence(paths: Paths) -> None:
    write(paths.config_file, "[editor\n")
    assert "not valid TOML" in refused(paths).message
    paths.config_file.write_bytes(b"# one\r\n# \xff\xfe")
    assert "line 2 is not text in UTF-8 (byte 0xff)" in refused(paths).message
    paths.config_file.write_text("# " + "x" * 1_100_000)
    assert "too large" in refused(paths).message
    write(paths.config_file, "a = " + "[" * 5000)
    assert "not valid TOML" in refused(paths).message


def test_a_models_path_in_a_file_is_meant_from_its_folder(paths: Paths, tmp_path: Path) -> None:
    write(tmp_path / "cowrite.toml", "[model]\nname = 'models/own.gguf'")
    assert load(paths, tmp_path / "a.md", {}).model.name == str(tmp_path / "models" / "own.gguf")
    write(tmp_path / "cowrite.toml", "[model]\nname = 'smollm2'")
    assert load(paths, tmp_path / "a.md", {}).model.name == "smollm2"


def test_saving_keeps_comments_and_is_private(paths: Paths) -> None:
    write(paths.config_file, "# mine\n[editor]\ncolumn = 70  # narrow\n\n[ui]\nmouse = false\n")
    save_user(paths, "editor.column", "72")
    save_user(paths, "suggestions.auto", True)
    save_user(paths, "keys.accept", "tab,f3")
    save_user(paths, "ui.mouse", None)
    text = paths.config_file.read_text()
    assert text.startswith("# mine\n[editor]\ncolumn = 72  # narrow\n")
    got = load(paths, environ={})
    assert (got.editor.column, got.suggestions.auto, got.ui.mouse) == (72, True, True)
    assert got.keys == {"accept": "tab,f3"}
    assert stat.S_IMODE(paths.config_file.stat().st_mode) == 0o600
    assert [path.name for path in paths.config.iterdir()] == ["config.toml"]


def test_saving_can_mend_a_wrong_value_but_not_a_broken_file(paths: Paths) -> None:
    write(paths.config_file, "[suggestions]\ncount = 99\n")
    save_user(paths, "suggestions.count", 4)
    assert load(paths, environ={}).suggestions.count == 4
    write(paths.config_file, "[suggestions\n")
    with pytest.raises(UsageError):
        save_user(paths, "suggestions.count", 4)
    assert paths.config_file.read_text() == "[suggestions\n"
    write(paths.config_file, "suggestions = 4\n")
    with pytest.raises(UsageError, match="section"):
        save_user(paths, "suggestions.count", 4)


def test_saving_writes_through_a_link(paths: Paths, tmp_path: Path) -> None:
    real = write(tmp_path / "dotfiles" / "cowrite.toml", "[editor]\ncolumn = 70\n")
    paths.config.mkdir()
    paths.config_file.symlink_to(real)
    real.parent.chmod(0o755)
    save_user(paths, "editor.column", 71)
    assert paths.config_file.is_symlink()
    assert real.parent.stat().st_mode & 0o777 == 0o755, "others' folders are left as they are"
    assert tomllib.loads(real.read_text()) == {"editor": {"column": 71}}


def allowed_values(info: SettingInfo) -> st.SearchStrategy[Any]:
    words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
    low, high = info.minimum, info.maximum
    match info.type:
        case "switch":
            return st.booleans()
        case "choice":
            return st.sampled_from(info.choices)
        case "whole number":
            return st.integers(int(low or 0), int(high or 0))
        case "number":
            return st.floats(low, high, exclude_min=info.key == "sampling.top_p")
        case "list":
            return st.lists(words, max_size=4)
        case _:
            return words.filter(lambda text: "/" not in text and not text.endswith(".gguf"))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_whatever_is_allowed_can_be_saved_and_read_again(paths: Paths, data: st.DataObject) -> None:
    info = data.draw(st.sampled_from(describe()))
    value = data.draw(allowed_values(info))
    save_user(paths, info.key, value)
    got = getattr(getattr(load(paths, environ={}), info.section), info.name)
    if info.key == "engine.remote_key_file":  # a path, from where it was set
        value = anchored(info.key, value, Path.cwd())
    assert got == (tuple(value) if isinstance(value, list) else value)


def test_every_setting_is_described_and_its_default_allowed(paths: Paths) -> None:
    infos = describe()
    assert len({info.key for info in infos}) == len(infos) > 30
    assert len({info.variable for info in infos}) == len(infos)
    for info in infos:
        assert info.doc.endswith((".", "?")), info.key
        if info.default is not None and info.key != "model.head":
            save_user(paths, info.key, info.default)
    assert load(paths, environ={}) == Settings()


def test_presets_and_knobs_are_those_of_the_domain() -> None:
    by_key = {info.key: info for info in describe()}
    assert set(by_key["suggestions.preset"].choices) == set(PRESETS)
    knobs = {info.name for info in describe() if info.section == "sampling"}
    assert knobs == set(Sampling.__dataclass_fields__)


def test_a_models_path_is_saved_whole(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save_user(paths, "model.name", "own.gguf")
    assert load(paths, environ={}).model.name == str(tmp_path / "own.gguf")


def test_no_setting_is_declared_that_nobody_reads() -> None:
    root = Path(__file__).parents[1] / "cowrite"
    code = "\n".join(
        path.read_text("utf-8")
        for path in root.rglob("*.py")
        if root / "config" not in path.parents
    )
    for info in describe():
        if info.section != "sampling":  # read all at once
            assert re.search(rf"\.{info.name}\b", code), info.key
