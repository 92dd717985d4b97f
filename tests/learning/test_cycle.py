"""A round of learning: nothing is in use before the gate says so, and all of it can be taken back."""

import hashlib
import multiprocessing
import random

import pytest

from cowrite.engine.protocol import ModelFile
from cowrite.errors import CowriteError
from cowrite.learning import cycle
from cowrite.learning.corpus import add
from cowrite.learning.library import Library
from cowrite.learning.registry import Registry
from cowrite.paths import Paths
from cowrite.store import LogReader

MODEL = ModelFile("gemma", "/models/gemma.gguf", "a1" * 32)


class Steps:
    """Takes the place of what is long: its own tests have the real ones."""

    def __init__(self, folder, *, promote=True, fails=None):
        self.folder, self.promote, self.fails = folder, promote, fails
        self.trained, self.judged = [], []

    def train(self, fresh, earlier, start):
        self.trained.append((fresh, earlier, start))
        if self.fails is not None:
            raise self.fails
        path = self.folder / f"adapter-{len(self.trained)}.gguf"
        path.write_bytes(b"GGUF" + bytes([len(self.trained)]))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return cycle.TrainedAdapter(
            path, digest, 900, 1.0, {p.document_id: len(p.paragraphs) for p in fresh}
        )

    def judge(self, held_out, before, after):
        self.judged.append((held_out, before, after))
        return cycle.Judged(self.promote, "because", {"nats": -0.05})


@pytest.fixture
def paths(tmp_path):
    return Paths(*[tmp_path / name for name in ("config", "data", "cache", "state")])


def prose(seed, size):
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghijklmnop", k=draw.randint(2, 9))) for _ in range(4000)]
    out = []
    while sum(map(len, out)) < size:
        out.append(" ".join(draw.choices(words, k=60)) + ".")
    return "\n\n".join(out)


@pytest.fixture
def library(paths):
    with Library.open(paths.learning) as opened:
        yield opened


def take_in(library, paths, tmp_path, name, size, seed=1):
    (tmp_path / name).write_text(prose(seed, size))
    add(library, [tmp_path / name], paths)


def promotions(paths):
    with LogReader.open(paths.log_file) as log:
        return [(one.version, one.was, one.why) for one in log.promotions()]


def test_too_little_text_is_told_with_what_is_wanted(library, paths, tmp_path):
    take_in(library, paths, tmp_path, "2020-01-01.md", 3000)
    with pytest.raises(CowriteError, match=r"new characters to learn from, and at least 8,000"):
        cycle.train_and_judge(MODEL, library, paths, Steps(tmp_path))


def test_what_passes_is_in_use_and_the_next_round_goes_on_from_it(library, paths, tmp_path):
    steps = Steps(tmp_path)
    take_in(library, paths, tmp_path, "2020-01-01.md", 60_000)
    first = cycle.train_and_judge(MODEL, library, paths, steps)
    registry = Registry(paths.learning / "adapters")
    assert registry.in_use(MODEL.sha256).version.number == first.number
    assert promotions(paths) == [(1, 0, "gate")]
    with pytest.raises(CowriteError, match="new characters"):
        cycle.train_and_judge(MODEL, library, paths, steps)
    take_in(library, paths, tmp_path, "2021-01-01.md", 60_000, seed=2)
    second = cycle.train_and_judge(MODEL, library, paths, steps)
    fresh, earlier, start = steps.trained[1]
    assert start is not None
    assert second.parent == first.number
    trained_before = {text for piece in steps.trained[0][0] for text in piece.paragraphs}
    trained_now = {text for piece in fresh for text in piece.paragraphs}
    assert not trained_before & trained_now, "each text is seen once"
    assert {text for piece in earlier for text in piece.paragraphs} == trained_before
    for number, (held_out, _, _) in enumerate(steps.judged):
        judging = {text for piece in held_out for text in piece.paragraphs}
        seen = {
            text
            for fresh, _, _ in steps.trained[: number + 1]
            for piece in fresh
            for text in piece.paragraphs
        }
        assert not judging & seen


def test_what_does_not_pass_is_kept_and_not_used_and_not_tried_again_by_itself(
    library, paths, tmp_path
):
    take_in(library, paths, tmp_path, "2020-01-01.md", 60_000)
    version = cycle.train_and_judge(MODEL, library, paths, Steps(tmp_path, promote=False))
    registry = Registry(paths.learning / "adapters")
    assert not version.promoted
    assert registry.in_use(MODEL.sha256) is None
    need = cycle.need_of(cycle.corpus_of(library.works()), registry, MODEL.sha256)
    assert need.enough
    assert not need.due


def test_a_training_that_fails_leaves_everything_as_it_was(library, paths, tmp_path):
    take_in(library, paths, tmp_path, "2020-01-01.md", 60_000)
    with pytest.raises(CowriteError, match="full"):
        cycle.train_and_judge(
            MODEL, library, paths, Steps(tmp_path, fails=CowriteError("The disk is full."))
        )
    assert Registry(paths.learning / "adapters").versions(MODEL.sha256) == []


def test_back_and_forgetting_are_lines_in_the_log(library, paths, tmp_path):
    steps = Steps(tmp_path)
    take_in(library, paths, tmp_path, "2020-01-01.md", 60_000)
    cycle.train_and_judge(MODEL, library, paths, steps)
    take_in(library, paths, tmp_path, "2021-01-01.md", 60_000, seed=2)
    cycle.train_and_judge(MODEL, library, paths, steps)
    assert cycle.roll_back(paths, MODEL.sha256) == (2, 1)
    assert cycle.roll_back(paths, MODEL.sha256, 2) == (1, 2)
    work = paths.learning / "work"
    work.mkdir(exist_ok=True)
    (work / "checkpoint").write_bytes(b"weights")
    newest = max(library.works(), key=lambda work: work.when_ms)
    assert [version.number for version in cycle.forget(paths, library, newest.document_id)] == [2]
    assert not list(work.iterdir()), "a training that was cut off may have seen it"
    assert [version.number for version in cycle.forget(paths, library, None)] == [1]
    assert library.works() == []
    assert promotions(paths) == [
        (1, 0, "gate"),
        (2, 1, "gate"),
        (1, 2, "rollback"),
        (2, 1, "rollback"),
        (1, 2, "forgotten"),
        (0, 1, "forgotten"),
    ]


def _hold(paths, held, go):
    with cycle.only_one(paths):
        held.set()
        go.wait(30)


def test_two_windows_do_not_learn_at_once(paths):
    held, go = multiprocessing.Event(), multiprocessing.Event()
    other = multiprocessing.get_context("fork").Process(target=_hold, args=(paths, held, go))
    other.start()
    try:
        assert held.wait(30)
        with pytest.raises(CowriteError, match="Another"), cycle.only_one(paths):
            pass
    finally:
        go.set()
        other.join()
    with cycle.only_one(paths):
        pass
