"""The house has floors and imports point down only. Read with `ast`, so it takes milliseconds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ADDON = Path(__file__).parents[2]

MAY_IMPORT = {
    "core": {"core"},
    "providers": {"core", "providers"},
    "sync": {"core", "sync"},
    "booking": {"core", "booking"},
    "models": {"core", "providers", "sync", "booking", "models"},
    "wizards": {"core", "models", "wizards"},
    "controllers": {"core", "models", "controllers"},
}
PURE = ("core", "providers", "sync", "booking")
HTTP = {
    "requests",
    "urllib3",
    "httplib2",
    "http",
    "socket",
    "urllib",
    "googleapiclient",
    "google",
    "msal",
    "caldav",
    "dns",
}
SENDS = {"requests", "urllib3", "http", "socket", "httplib2", "dns"}
SENDERS = {"http.py", "sockets.py", "guard.py", "service_records.py"}
"""The sender, the connections under it, what decides where they may go, and questions to the
DNS."""


def files(floor):
    """The Python files of one floor."""
    return sorted((ADDON / floor).rglob("*.py"))


def imports(path):
    """All modules that a file imports: ('core.when', True) is one of ours, relative or absolute."""
    here = path.relative_to(ADDON).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module, False
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1]
            module = [*base, *(node.module.split(".") if node.module else [])]
            names = [alias.name for alias in node.names] if not module else [""]
            yield from ((".".join(filter(None, (*module, name))), True) for name in names)


def breaches(floor, is_breach):
    """`file: module` for every import of a floor that breaks a rule."""
    return [
        f"{path.relative_to(ADDON)}: {module}"
        for path in files(floor)
        for module, is_ours in imports(path)
        if is_breach(path, module, is_ours)
    ]


@pytest.mark.parametrize("floor", MAY_IMPORT)
def test_imports_point_down_only(floor):
    """S4-01: one direction is what makes a second provider one adapter."""
    allowed = MAY_IMPORT[floor]
    assert not breaches(floor, lambda _p, m, ours: ours and m.split(".")[0] not in allowed)


@pytest.mark.parametrize("floor", PURE)
def test_pure_floors_know_no_odoo_and_import_each_other_relatively(floor):
    """S4-01: they must be importable with no Odoo on the path."""
    foreign = {"odoo", "calendar_sync_pro", "psycopg2", "sandbox"}
    assert not breaches(floor, lambda _p, m, ours: not ours and m.split(".")[0] in foreign)


@pytest.mark.parametrize("floor", ["core", "sync", "booking"])
def test_deciding_never_sends(floor):
    """S4-01: no HTTP library below and beside the adapters; to write an address is none."""
    assert not breaches(
        floor,
        lambda _p, m, ours: not ours and m != "urllib.parse" and m.split(".")[0] in HTTP,
    )


def test_only_one_place_sends():
    """S4-05: time-outs, TLS and redaction are in one place."""
    assert not breaches(
        "providers",
        lambda p, m, ours: not ours and p.name not in SENDERS and m.split(".")[0] in SENDS,
    )


def test_nothing_above_the_adapters_names_a_provider():
    """S4-01: the rest asks for capabilities, never for a name."""
    adapters = {p.name for p in (ADDON / "providers").iterdir() if (p / "__init__.py").exists()}
    floors = [floor for floor in MAY_IMPORT if floor != "providers"]
    found = [
        breach
        for floor in floors
        for breach in breaches(
            floor, lambda _p, m, ours: ours and bool(adapters & set(m.split(".")[1:]))
        )
    ]
    assert not found


def test_one_adapter_does_not_know_another():
    """S4-01: each is a package of its own."""
    adapters = {p.name for p in (ADDON / "providers").iterdir() if (p / "__init__.py").exists()}
    for name in adapters:
        others = {f"providers.{other}" for other in adapters - {name}}
        assert not breaches(
            f"providers/{name}",
            lambda _p, m, ours, others=others: ours and ".".join(m.split(".")[:2]) in others,
        )


def test_tests_alone_use_the_memory_provider():
    """S4-01: the product never opens it."""
    for floor in MAY_IMPORT:
        assert not breaches(
            floor,
            lambda p, m, ours: ours and "memory" in m and not p.name.startswith("memory"),
        )
