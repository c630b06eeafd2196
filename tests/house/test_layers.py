"""The walls: what each room of the library may import or include."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import loudscope

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "loudscope"
CPP = ROOT / "cpp"

FOUNDATION = {"_core", "_errors", "_grid", "_layouts", "_notes", "_version", "typing"}
FILES = {
    *("_decoder", "_files", "_integrity", "_mpeg", "_ogg", "_pcm", "_pyav", "_riff"),
    *("_soundfile", "_stream"),
}
TABLE = {"_audio", "_columns", "_engine", "_exchange", "_table", "_table_io"}
FIGURES = {
    *("_bands", "_dynamics", "_gate_spans", "_levels", "_loudness", "_peak_figures", "_stereo"),
}
RESULTS = {"_analysis", "_export", "_frames", "_remarks", "_rows"}
SHOWN = {"_buckets", "_repr_charts", "_repr_html", "_svg", "_text_chart"}  # without a guest
MEASURING = {
    *(
        "_api",
        "_batch",
        "_info",
        "_itu",
        "_measure",
        "_meter",
        "_prefetch",
        "_progress",
        "_request",
    ),
}
COMPLIANCE = {"_compliance", "_signals"}
WINGS = {"__main__", "_cli", "_selftest"}  # these see the public names, as a stranger would
# So do these; each may use those before it.
ROOMS = ("targets", "tags", "genres", "compare", "plot", "feedback", "report", "service")

PUBLIC = {"qc", "typing", ""}

# Each room and those below it. A module may import its own room and these.
FLOORS = (
    (FOUNDATION, ()),
    (FILES, (FOUNDATION,)),
    (TABLE, (FOUNDATION,)),
    (FIGURES, (FOUNDATION, TABLE)),
    # An analysis shows itself; it names its room for pictures and asks for it when it is to draw.
    (RESULTS | SHOWN, (FOUNDATION, TABLE, FIGURES, {"plot", "qc"})),
    (MEASURING, (FOUNDATION, FILES, TABLE, FIGURES, RESULTS)),
    (COMPLIANCE, (FOUNDATION,)),
    *(({room}, (set(ROOMS[:place]), PUBLIC)) for place, room in enumerate(ROOMS)),
    (WINGS, (COMPLIANCE, set(ROOMS), PUBLIC)),
    # The public list names the rooms, too, and imports them when they are asked for.
    ({""}, (FOUNDATION, TABLE, FIGURES, RESULTS, MEASURING, {"qc", *ROOMS})),
    # It taps the one decode.
    ({"qc"}, (FOUNDATION, FILES, TABLE, FIGURES, RESULTS, SHOWN, MEASURING)),
    ({"reference"}, ()),
)

# Packages from elsewhere and the only modules that may import each; NumPy and the standard library
# may be had anywhere.
SERVICE = (  # tests/service/test_packages.py says which part of it needs which
    *("boto3", "botocore", "bson", "celery", "fastapi", "gridfs", "kombu", "prometheus_client"),
    *("pydantic_settings", "pymongo", "python_multipart", "redis", "starlette", "structlog"),
    *("h11", "uvicorn", "websockets"),
)
GUESTS = {
    **dict.fromkeys(SERVICE, ("service",)),
    "av": ("_pyav",),
    "httpx": ("feedback", "service"),
    "matplotlib": ("plot", "_analysis"),  # the analysis names a type only
    "mutagen": ("tags",),
    "pandas": ("_frames",),
    "polars": ("_frames",),
    "pyarrow": ("_frames",),
    "pydantic": ("feedback", "service"),
    "scipy": ("reference",),
    "soundfile": ("_soundfile", "_info"),
    "xarray": ("_frames",),
}


def sources() -> list[Path]:
    return sorted([*PACKAGE.rglob("*.py"), PACKAGE / "_core.pyi"])


def module_of(path: Path) -> str:
    """The first name below the package: "" for loudscope itself, "_cli" for all that is in it."""
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else Path(first).stem


def absolute(path: Path, node: ast.ImportFrom) -> str:
    """The dotted name that `from … import` names."""
    package = ["loudscope", *path.relative_to(PACKAGE).parent.parts]
    base = package[: len(package) - node.level + 1] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def imports(path: Path) -> Iterator[str]:
    """Dotted names of every module that a source imports, wherever in the source."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(path, node)
            names = [f"{base}.{alias.name}" for alias in node.names]
            inner = [name for name in names if is_module(name)]
            yield from inner
            if len(inner) < len(names):
                yield base


def is_module(name: str) -> bool:
    if not name.startswith("loudscope."):
        return False
    place = PACKAGE.joinpath(*name.split(".")[1:])
    return place.is_dir() or any(place.with_suffix(end).exists() for end in (".py", ".pyi"))


def own(name: str) -> str | None:
    """The module of loudscope that a dotted name means, or None for another package."""
    parts = name.split(".")
    if parts[0] != "loudscope":
        return None
    return parts[1] if len(parts) > 1 else ""


def allowed(module: str) -> set[str]:
    for room, below in FLOORS:
        if module in room:
            return room.union(*below)
    pytest.fail(f"{module} stands on no floor: give it one in {Path(__file__).name}")


def by_name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", sources(), ids=by_name)
def test_nothing_imports_upwards(path: Path) -> None:
    module = module_of(path)
    found = {own(name) for name in imports(path)} - {None}
    assert found <= allowed(module)


def test_every_floor_names_modules_that_are_there() -> None:
    there = {module_of(path) for path in sources()}
    assert set[str]().union(*(room for room, _ in FLOORS)) == there


def test_imports_at_the_top_of_modules_form_no_circle() -> None:
    graph = {
        module_of(path): {own(name) for name in imports(path)} - {None, module_of(path)}
        for path in sources()
        if module_of(path) not in (*RESULTS, *SHOWN, "__main__")
    }  # of the results, two are imported where they are used
    graph["_table_io"].discard("_table")  # `BlockTable.save` imports it when it is called
    graph["_selftest"].discard("")
    graph[""] -= {"qc", *ROOMS}
    graph["_cli"].discard("")
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", sources(), ids=by_name)
def test_guests_are_imported_by_their_hosts_alone(path: Path) -> None:
    for name in imports(path):
        guest = name.split(".")[0]
        home = guest in sys.stdlib_module_names or guest in ("loudscope", "numpy")
        assert home or module_of(path) in GUESTS.get(guest, ()), name


def test_the_reference_knows_nothing_of_the_library() -> None:
    for path in (PACKAGE / "reference").rglob("*.py"):
        assert all(
            name.split(".")[:2] == ["loudscope", "reference"]
            for name in imports(path)
            if own(name) is not None
        ), path


@pytest.mark.parametrize(
    "path",
    [path for path in sources() if module_of(path) in ("_cli", "_selftest", *ROOMS)],
    ids=by_name,
)
def test_wings_use_public_names(path: Path) -> None:
    """An attribute of loudscope that a wing reads is on the public list."""
    used = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "loudscope"
    }
    assert used <= set(loudscope.__all__)


STANDARD = re.compile(r"<[a-z_]+>")
INCLUDE = re.compile(r"^\s*#\s*include\s+([<\"][^>\"]+[>\"])", re.MULTILINE)


def cpp_sources(*folders: str) -> list[Path]:
    endings = {".cpp", ".hpp", ".inl"}
    return sorted(
        path for folder in folders for path in (CPP / folder).rglob("*") if path.suffix in endings
    )


def includes(path: Path) -> list[str]:
    return INCLUDE.findall(path.read_text("utf-8"))


def beside(path: Path, include: str) -> bool:
    return (path.parent / include.strip('"')).is_file()


@pytest.mark.parametrize("path", cpp_sources("include"), ids=lambda path: path.name)
def test_the_promises_need_the_standard_library_only(path: Path) -> None:
    for include in includes(path):
        assert STANDARD.fullmatch(include) or include.startswith('"loudscope/'), include


@pytest.mark.parametrize("path", cpp_sources("kernel"), ids=lambda path: path.name)
def test_kernels_instantiate_nothing_of_the_standard_library(path: Path) -> None:
    """A weak copy of an inline function, compiled for a new CPU, could be linked in for all."""
    allowed = {"<cstddef>", "<cstdint>", "<cstring>", '"loudscope/kernel.hpp"'}
    if path.name == "lanes.hpp":
        allowed.add("<immintrin.h>")  # intrinsics are always inlined
    if path.suffix == ".cpp":
        assert includes(path) == ['"kernel.inl"']
        assert len(path.read_text("utf-8").splitlines()) < 10
    for include in includes(path):
        assert include in allowed or beside(path, include), include


@pytest.mark.parametrize("path", cpp_sources("core"), ids=lambda path: path.name)
def test_the_core_needs_promises_and_its_own(path: Path) -> None:
    for include in includes(path):
        standard = STANDARD.fullmatch(include) or include == "<intrin.h>"
        assert standard or include.startswith('"loudscope/') or beside(path, include), include


@pytest.mark.parametrize(
    "path", cpp_sources("include", "core", "kernel", "tests"), ids=lambda path: path.name
)
def test_only_bindings_know_python(path: Path) -> None:
    assert not re.search(r"nanobind|Python\.h|PyObject", path.read_text("utf-8"))


@pytest.mark.parametrize(
    "path", cpp_sources("include", "core", "bindings"), ids=lambda path: path.name
)
def test_only_kernels_know_a_cpu(path: Path) -> None:
    """Intrinsics, vector types and instruction-set macros; dispatch alone asks which CPU it is."""
    text = path.read_text("utf-8")
    assert not re.search(r"__AVX|__SSE|__ARM_NEON|immintrin|arm_neon|vector_size|_mm\d*_", text)
    assert path.name == "dispatch.cpp" or not re.search(r"cpu_supports|cpuid|LOUDSCOPE_X86", text)


def test_only_the_scan_knows_threads() -> None:
    starting = [
        path.name
        for path in cpp_sources("include", "core", "kernel", "bindings")
        if "<thread>" in includes(path) or '"parallel.hpp"' in includes(path)
    ]
    assert starting == ["parallel.hpp", "strip.cpp"]
