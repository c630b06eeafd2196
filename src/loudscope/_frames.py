"""Analyses and tables handed to pandas, Polars, Arrow and xarray."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import numpy as np

from ._analysis import Analysis
from ._bands import column_names
from ._columns import CLIP_FIELDS, COLUMNS
from ._errors import InvalidArgument, MissingExtra, UnsupportedType
from ._rows import KINDS, to_rows
from ._table import BlockTable

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow
    import xarray

__all__ = ["to_frame", "to_xarray"]

Library = Literal["pandas", "polars", "pyarrow"]
Columns = dict[str, list[Any]]
Frame: TypeAlias = "pandas.DataFrame | polars.DataFrame | pyarrow.Table"


@overload
def to_frame(
    analyses: Iterable[Analysis], library: Literal["pandas"] = "pandas"
) -> pandas.DataFrame: ...
@overload
def to_frame(analyses: Iterable[Analysis], library: Literal["polars"]) -> polars.DataFrame: ...
@overload
def to_frame(analyses: Iterable[Analysis], library: Literal["pyarrow"]) -> pyarrow.Table: ...


def to_frame(analyses: Iterable[Analysis], library: Library = "pandas") -> Frame:
    """Many analyses as one frame: a row for each, a column for each figure.

    The columns are those of `to_rows`, and have the same types however many rows there are, also
    none: text, 64-bit integers and floats. A figure that does not exist is missing, as the library
    has it: NaN or ``<NA>`` in pandas, null in the others.

    Args:
        analyses: The analyses, in the order of the rows.
        library: "pandas", "polars" or "pyarrow"; it has to be installed.

    Returns:
        A `pandas.DataFrame`, a `polars.DataFrame` or a `pyarrow.Table`.

    Raises:
        InvalidArgument: Another library.
        MissingExtra: The library is not installed.
        UnsupportedType: There is something else than an `Analysis` among them.
    """
    makers: dict[str, Callable[[Columns], Frame]]
    makers = {"pandas": _to_pandas, "polars": _to_polars, "pyarrow": _to_arrow}
    if library not in makers:
        raise InvalidArgument(f"library={library!r}: choose {', '.join(map(repr, makers))}")
    rows = to_rows(analyses)
    columns = {name: [row[name] for row in rows] for name in KINDS}
    return makers[library](columns)


def to_xarray(table: BlockTable) -> xarray.Dataset:
    """The columns of a block table with named dimensions and their coordinates, not copied.

    Dimensions are `block` and `tick` (seconds at which each begins, programmes one after the
    other), `channel` (labels), `band` (names, with "below" and "above") and `clip` (fields of
    `clips`). `attrs` hold `rate_hz`, `layout`, `edges_hz`, `seams` (rows), `zeroed` and `partial`.

    Args:
        table: The table; the variables are those columns that it holds.

    Raises:
        MissingExtra: xarray is not installed.
        UnsupportedType: `table` is no `BlockTable`.
    """
    if not isinstance(table, BlockTable):
        raise UnsupportedType(f"table: cannot read {type(table).__name__}; give a BlockTable")
    dimensions = {"B": "block", "T": "tick", "C": "channel", "E": "band", "K": "clip"}
    variables = {
        name: ([dimensions[letter] for letter in COLUMNS[name][1]], column)
        for name, column in table.columns()
    }
    used = {dimension for names, _ in variables.values() for dimension in names}
    made: xarray.Dataset = _library("xarray").Dataset(
        variables,
        {name: values for name, values in _coordinates(table).items() if name in used},
        {
            "rate_hz": table.rate_hz,
            "layout": str(table.layout),
            "edges_hz": list(table.edges_hz),
            "seams": table.seams.tolist(),
            "zeroed": table.zeroed,
            "partial": int(table.partial),  # netCDF has no booleans
        },
    )
    return made


def _coordinates(table: BlockTable) -> dict[str, Any]:
    ticks = np.cumsum(table.tick_frames, dtype=np.int64) - table.tick_frames
    return {
        "block": table.starts[:-1] / table.rate_hz,
        "tick": ticks / table.rate_hz,
        "channel": list(table.layout.labels),
        "band": list(column_names(table)),
        "clip": list(CLIP_FIELDS),
    }


def _library(name: str) -> Any:  # noqa: ANN401
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtra(f"{name} is not installed: pip install {name}") from error


def _to_pandas(columns: Columns) -> pandas.DataFrame:
    library = _library("pandas")
    kinds = {float: "float64", int: "Int64", str: "string"}
    made: pandas.DataFrame = library.DataFrame(
        {name: library.Series(values, dtype=kinds[KINDS[name]]) for name, values in columns.items()}
    )
    return made


def _to_polars(columns: Columns) -> polars.DataFrame:
    library = _library("polars")
    kinds = {float: library.Float64, int: library.Int64, str: library.String}
    made: polars.DataFrame = library.DataFrame(
        columns, schema={name: kinds[KINDS[name]] for name in columns}
    )
    return made


def _to_arrow(columns: Columns) -> pyarrow.Table:
    library = _library("pyarrow")
    kinds = {float: library.float64(), int: library.int64(), str: library.string()}
    made: pyarrow.Table = library.table(
        columns, schema=library.schema([(name, kinds[KINDS[name]]) for name in columns])
    )
    return made
