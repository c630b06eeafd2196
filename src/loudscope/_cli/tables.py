"""Tables for people: aligned columns, bold headings, and no frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .styled import Styled, cells

__all__ = ["Cell", "Table"]

Cell = str | Styled

_NARROWEST = 12  # cells that a column which folds keeps


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    right: bool
    folds: bool
    style: str


class Table:
    """Rows under headings.

    Where lines would be wider than the terminal, the columns that fold give way; figures do not,
    so a line may be too wide all the same.

    Args:
        gap: Spaces between columns.
        heading: Style of the headings.
        line: Whether a line stands below the headings; there is none where all are empty.
    """

    def __init__(self, gap: int = 3, heading: str = "bold", *, line: bool = True) -> None:
        self._gap, self._heading, self._line = gap, heading, line
        self._columns: list[_Column] = []
        self._rows: list[tuple[Styled, ...]] = []

    def add_column(
        self, heading: str = "", *, right: bool = False, folds: bool = False, style: str = ""
    ) -> None:
        """Add a column.

        Args:
            heading: It may have several lines.
            right: Whether it ends at the right, as figures do.
            folds: Whether it may be broken into lines.
            style: Of cells that have none of their own.
        """
        self._columns.append(_Column(heading, right, folds, style))

    def add_row(self, *row: Cell) -> None:
        """Add a row; cells that are left out are empty."""
        missing = ("",) * (len(self._columns) - len(row))
        self._rows.append(
            tuple(
                Styled.of(cell, column.style)
                for cell, column in zip((*row, *missing), self._columns, strict=True)
            )
        )

    def lines(self, width: int, rule: str) -> Iterator[Styled]:
        """The lines of the table.

        Args:
            width: Cells of the terminal.
            rule: The letter of the line below the headings.
        """
        widths = self._widths(width)
        if any(column.heading for column in self._columns):
            yield from self._headings(widths)
            if self._line:
                yield Styled.of(rule * (sum(widths) + self._gap * (len(widths) - 1)))
        for row in self._rows:
            yield from self._row(row, widths)

    def _widths(self, most: int) -> list[int]:
        widths = []
        for place, column in enumerate(self._columns):
            texts = [*column.heading.split("\n"), *(row[place].plain for row in self._rows)]
            widths.append(max(1, *map(cells, texts)))
        over = sum(widths) + self._gap * (len(widths) - 1) - most
        while over > 0:
            places = [i for i, column in enumerate(self._columns) if column.folds]
            widest = max(places, key=lambda i: widths[i], default=None)
            if widest is None or widths[widest] <= _NARROWEST:
                break
            widths[widest] -= 1
            over -= 1
        return widths

    def _headings(self, widths: Sequence[int]) -> Iterator[Styled]:
        split = [column.heading.split("\n") for column in self._columns]
        for row in zip(*split, strict=True):
            yield self._joined([Styled.of(text, self._heading) for text in row], widths)

    def _row(self, row: Sequence[Styled], widths: Sequence[int]) -> Iterator[Styled]:
        """A row, in as many lines as its longest cell takes."""
        folded = [
            cell.folded(width) if cells(cell.plain) > width else [cell]
            for cell, width in zip(row, widths, strict=True)
        ]
        for number in range(max(map(len, folded))):
            yield self._joined(
                [cell[number] if number < len(cell) else Styled(()) for cell in folded], widths
            )

    def _joined(self, row: Sequence[Styled], widths: Sequence[int]) -> Styled:
        line, owed = Styled(()), ""  # spaces are written before text only: no line ends in them
        for cell, width, column in zip(row, widths, self._columns, strict=True):
            room = " " * (width - cells(cell.plain))
            if cell.plain:
                before = owed + room if column.right else owed
                line, owed = line + Styled.of(before) + cell, "" if column.right else room
            else:
                owed += room
            owed += " " * self._gap
        return line
