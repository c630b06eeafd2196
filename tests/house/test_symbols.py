"""Kernel objects: no symbol that a linker may choose for another CPU, no instruction too new."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Command

Tool = Callable[[str], str]
Objects = dict[str, Path]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads ELF objects")

# Registers that only come with an instruction set, in AT&T notation.
WIDE = {"baseline": r"%[yz]mm|%k[1-7]|\bv\w+\s.*%xmm", "avx2": r"%zmm|%k[1-7]", "avx512": "(?!)"}
OWN = {"avx2": "%ymm", "avx512": "%zmm"}
FUSED = r"\bvfn?m(add|sub)|\bfn?m(add|sub|la|ls)\b"
CALLS = {"memcpy", "memmove", "memset", "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail"}


@pytest.fixture(scope="module")
def objects(commands: tuple[Command, ...], tmp_path_factory: pytest.TempPathFactory) -> Objects:
    """Each kernel source, compiled as CMake compiles it."""
    folder = tmp_path_factory.mktemp("objects")
    made: Objects = {}
    for command in commands:
        if command.source.parent.name != "kernel":
            continue
        path = made[command.source.stem] = folder / f"{command.source.stem}.o"
        words = list(command.words)
        words[words.index("-o") + 1] = str(path)
        subprocess.run(words, check=True, cwd=command.directory)
    return made


def listing(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_kernels_have_no_weak_symbol(objects: Objects, tool: Tool) -> None:
    for name, path in objects.items():
        symbols = listing(tool("nm"), str(path))
        kinds = re.findall(r"^\S*\s+([A-Za-z])\s+(\S+)$", symbols, re.MULTILINE)
        assert [symbol for kind, symbol in kinds if kind in "VvWwui"] == []
        exported = [symbol for kind, symbol in kinds if kind.isupper() and kind != "U"]
        assert len(exported) == 1, exported
        assert f"kernel_{name}" in exported[0]


def test_kernels_call_nothing_but_memory_copies(objects: Objects, tool: Tool) -> None:
    for path in objects.values():
        assert set(listing(tool("nm"), "-u", str(path)).split()) - {"U"} <= CALLS


def test_no_kernel_fuses_a_multiplication_and_an_addition(objects: Objects, tool: Tool) -> None:
    """Fused arithmetic rounds once where the other kernels round twice."""
    for path in objects.values():
        assert not re.search(FUSED, listing(tool("objdump"), "-d", "--no-show-raw-insn", str(path)))


@pytest.mark.skipif(platform.machine() != "x86_64", reason="one kernel there")
def test_kernels_use_their_own_instruction_set_and_no_newer(objects: Objects, tool: Tool) -> None:
    assert set(objects) == set(WIDE)
    for name, path in objects.items():
        code = listing(tool("objdump"), "-d", "--no-show-raw-insn", str(path))
        assert not re.search(WIDE[name], code), name
        assert re.search(OWN.get(name, "%xmm"), code), name
