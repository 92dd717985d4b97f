"""The status line fills its width exactly, whatever it has to say."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cowrite.tui.draft.modes import _LEGEND
from cowrite.tui.widgets.status import StatusFacts, compose, goal_bar, shortened

facts = st.builds(
    StatusFacts,
    name=st.text(min_size=1, max_size=60),
    dirty=st.booleans(),
    read_only=st.booleans(),
    note=st.sampled_from(["", "saved", (("yours ", ""), ("model's", "bold"))]),
    words=st.none() | st.integers(0, 2_000_000),
    selected=st.none() | st.integers(0, 999),
    goal=st.sampled_from([0, 500]),
    written=st.integers(-50, 900),
    share=st.none() | st.floats(0, 1),
    auto=st.booleans(),
    resting=st.booleans(),
    state=st.sampled_from(["loading", "ready", "writing", "restarting", "no model"]),
    reason=st.sampled_from(["", "The model process was ended by SIGKILL. Perhaps memory ran out."]),
    model=st.sampled_from(["", "gemma-3-270m", "模型" * 20]),
    progress=st.none() | st.floats(0, 1),
    remote=st.sampled_from(["", "this machine", "llm.example.org", "主机.example"]),
)


@given(facts, st.integers(0, 200))
def test_it_is_as_wide_as_the_screen_and_safe(said: StatusFacts, width: int) -> None:
    text = "".join(text for text, _ in compose(said, width))
    assert cell_len(text) == width
    assert all(ord(character) >= 32 and character != "\x9b" for character in text)


@given(facts)
def test_the_engine_s_state_is_said_where_there_is_room(said: StatusFacts) -> None:
    text = "".join(text for text, _ in compose(said, 60))
    assert said.state in text
    assert ("●" in text) == said.dirty or "●" in said.name


def line(width: int, **said: object) -> str:
    return "".join(text for text, _ in compose(StatusFacts(**said), width))  # type: ignore[arg-type]


def test_state_and_model_stand_still_while_the_state_changes() -> None:
    columns = {
        state: line(100, name="a.md", words=12, state=state, model="gemma").index("gemma")
        for state in ("loading", "ready", "writing", "restarting")
    }
    assert len(set(columns.values())) == 1


def test_the_name_stands_still_when_the_draft_becomes_dirty() -> None:
    clean = line(80, name="a.md", words=12, state="ready")
    dirty = line(80, name="a.md", words=12, state="ready", dirty=True)
    assert clean.index("12 words") == dirty.index("12 words")


def test_a_narrow_line_keeps_name_and_state() -> None:
    text = line(
        30, name="a-very-long-name-of-a-draft.md", words=1200, state="ready", model="gemma-3-270m"
    )
    assert "ready" in text
    assert text.strip().startswith("a-very")
    assert "gemma" not in text


def test_the_reason_is_said() -> None:
    text = line(100, name="a.md", state="no model", reason="The file is cut short.", model="x")
    assert "no model: The file is cut short." in text


def test_a_reason_is_never_cut_in_the_middle() -> None:
    killed = "The model process was ended by SIGKILL. Perhaps memory ran out."
    coded = "The model process ended with code 3; /home/writer/.cowrite/engine.log may say why."
    for width in range(60, 140):
        said = {"name": "a-draft-with-a-long-name.md", "words": 1234, "dirty": True}
        text = line(width, state="restarting", reason=killed, **said)
        assert "restarting: " in text
        assert "ended by SIGKILL." in text
        assert ("The model process was ended by SIGKILL." in text) == (width >= 71)
        text = line(width, state="restarting", reason=coded, **said).rstrip()
        assert text.endswith(("restarting", " code 3.", "why."))
        text = line(width, state="no model", reason="x" * 90, **said).rstrip()
        assert text.endswith(("no model: ask, to hear why", "x" * 90))


def test_a_shortened_name_keeps_its_end() -> None:
    assert shortened("chapter-one-of-many.md", 14) == "chapter-o…y.md"[:14] or shortened(
        "chapter-one-of-many.md", 14
    ).endswith(".md")
    assert shortened("short.md", 14) == "short.md"


def test_the_goal_fills_and_stays_full() -> None:
    assert goal_bar(-5, 500).startswith("╌" * 8)
    assert goal_bar(250, 500).startswith("━━━━╌╌╌╌")
    assert goal_bar(900, 500).startswith("━" * 8)


def test_a_narrow_line_says_as_much_of_the_reason_as_fits() -> None:
    text = line(
        60,
        name="a.md",
        words=46,
        state="no model",
        reason="The file is no GGUF model. Choose another.",
    )
    assert "no model: The file is" in text
    assert text.strip().startswith("a.md")
    assert "no model" in line(
        24, name="a.md", state="no model", reason="The file is no GGUF model."
    )


def test_a_legend_is_said_whole_at_60_columns() -> None:
    name = "a-draft-with-a-long-name.md"
    for width in range(60, 120):
        text = line(width, name=name, dirty=True, note=_LEGEND, state="ready", model="gemma-3-270m")
        assert " yours  model's  changed  pasted " in text
        assert "ready" in text


@given(facts, st.sampled_from([60, 80, 200]))
def test_where_the_draft_is_sent_is_said_always(said: StatusFacts, width: int) -> None:
    sent = replace(said, remote="a-very-long-name.of-a-server.example.org")
    text = "".join(text for text, _ in compose(sent, width))
    assert "remote: a-very-long-nam" in text
    assert "remote: " not in "".join(
        text for text, _ in compose(replace(said, remote="", name="x"), width)
    )


def test_a_server_s_model_is_named_without_its_place_which_is_said_before() -> None:
    text = line(120, name="a.md", state="ready", model="qwen @ 10.0.0.1:80", remote="10.0.0.1")
    assert "remote: 10.0.0.1       ready" in text
    assert "qwen" in text
    assert "@" not in text
