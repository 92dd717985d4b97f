"""The laws of the house: who may inherit from whom, who may write what, and who may import whom.

Each failure prints what breaks the law. What is left to mend is named in a list that only gets shorter.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

MOST_NAMES = 45
"""Names on one object's `self`: methods and attributes, inherited ones of ours with them."""

COUNTED = ("cowrite.session", "cowrite.tui.draft")
"""Where objects are held to MOST_NAMES."""

LAYERED = {"Page", "Editor"}
"""The editor widget, whose handlers Textual looks for on the widget itself; it is one chain of layers, and its
replay twin a part of it."""

CLIENT = {"client", "child", "outbox", "ladder", "process"}
"""The modules of the engine that run in the window's process; `protocol` and `hardware` are both sides'."""

HOST = ("host", "generation", "llama", "remote")
"""The rooms of the engine that run in the model's process."""


@cache
def trees() -> dict[str, ast.Module]:
    """The package's modules by their dotted names."""
    out = {}
    for path in sorted((ROOT / "cowrite").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        out[name] = ast.parse(path.read_text(encoding="utf-8"))
    return out


@cache
def imports() -> dict[str, set[str]]:
    """The modules of ours that each module imports, wherever in it; under TYPE_CHECKING too."""
    found: dict[str, set[str]] = {}
    for name, tree in trees().items():
        used = found[name] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                used |= {alias.name for alias in node.names if alias.name in trees()}
            elif isinstance(node, ast.ImportFrom) and node.module in trees() and not node.level:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                used |= inner & set(trees())
                if inner - set(trees()):
                    used.add(str(node.module))
    return found


@cache
def classes() -> dict[str, list[tuple[str, ast.ClassDef]]]:
    """The package's classes by name, with their modules."""
    out: dict[str, list[tuple[str, ast.ClassDef]]] = defaultdict(list)
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                out[node.name].append((module, node))
    return out


def find(module: str, name: str) -> tuple[str, ast.ClassDef] | None:
    """The class that a name means in a module: its own or one that it imports; None for others' classes."""
    for where, node in classes().get(name, ()):
        if where == module:
            return where, node
    for where, node in classes().get(name, ()):
        if where in imports()[module] or any(where.startswith(f"{m}.") for m in imports()[module]):
            return where, node
    return None


def bases(module: str, node: ast.ClassDef) -> list[tuple[str, ast.ClassDef]]:
    """Its bases that are classes of ours and no protocols."""
    out = []
    for base in node.bases:
        plain = base.value if isinstance(base, ast.Subscript) else base
        name = plain.id if isinstance(plain, ast.Name) else getattr(plain, "attr", "")
        found = find(module, name)
        if found is not None and found[1] is not node and not is_protocol(found[1]):
            out.append(found)
    return out


def is_protocol(node: ast.ClassDef) -> bool:
    return any("Protocol" in ast.dump(base) for base in node.bases)


def chain(module: str, node: ast.ClassDef) -> list[tuple[str, ast.ClassDef]]:
    """The class and those of ours above it."""
    out = [(module, node)]
    for where, base in bases(module, node):
        out += chain(where, base)
    return out


def assigned(node: ast.ClassDef) -> set[str]:
    """The attributes that a class's methods give to `self`."""
    out = set()
    for inner in ast.walk(node):
        targets: list[ast.expr] = []
        if isinstance(inner, ast.Assign):
            targets = inner.targets
        elif isinstance(inner, ast.AnnAssign | ast.AugAssign):
            targets = [inner.target]
        for target in targets:
            for part in ast.walk(target):
                stored = isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
                if stored and isinstance(part.value, ast.Name) and part.value.id == "self":
                    out.add(part.attr)
    return out


def names(node: ast.ClassDef) -> set[str]:
    """All names that a class puts on `self`."""
    out = assigned(node)
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            out.add(inner.name)
    return out


def every() -> Iterator[tuple[str, ast.ClassDef]]:
    for found in classes().values():
        yield from found


def test_the_classes_are_there() -> None:
    assert len(classes()) > 300
    (session,) = [node for module, node in every() if node.name == "DraftSession"]
    assert {"paste", "close"} <= names(session)


def test_a_class_inherits_from_one_class_of_ours_at_most() -> None:
    several = {
        f"{module}.{node.name}": [base.name for _, base in bases(module, node)]
        for module, node in every()
        if len(bases(module, node)) > 1
    }
    assert several == {}


def test_an_attribute_is_assigned_by_one_class() -> None:
    shared = {}
    for module, node in every():
        owners = defaultdict(set)
        for where, link in chain(module, node):
            for attribute in assigned(link):
                owners[attribute].add(f"{where}.{link.name}")
        two = {attribute: sorted(who) for attribute, who in owners.items() if len(who) > 1}
        if two:
            shared[f"{module}.{node.name}"] = two
    assert shared == {}


def test_objects_have_few_names() -> None:
    many = {}
    for module, node in every():
        if module.startswith(COUNTED) and node.name not in LAYERED:
            count = len(set().union(*(names(link) for _, link in chain(module, node))))
            if count > MOST_NAMES:
                many[f"{module}.{node.name}"] = count
    assert many == {}


def test_no_imports_go_in_a_circle() -> None:
    assert circles(imports()) == []


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that reach one another (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = []
            while not group or group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def test_circles_are_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert circles(graph) == [["a", "b", "c"]]


def test_the_two_sides_of_the_pipe_do_not_import_each_other() -> None:
    wrong = [
        f"{module} -> {other}"
        for module, used in imports().items()
        for other in sorted(used)
        if side(module) and side(other) and side(module) != side(other)
    ]
    assert wrong == []


def side(module: str) -> str:
    parts = module.split(".")
    if parts[:2] != ["cowrite", "engine"] or len(parts) < 3:
        return ""
    if parts[2] in CLIENT:
        return "client"
    return "host" if parts[2] in HOST else ""
