"""Colours, themes and the axes that a chart is drawn on."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure, SubFigure
from matplotlib.transforms import Bbox

from .. import InvalidArgument

__all__ = [
    "DARK",
    "LIGHT",
    "OWN",
    "ChartAxes",
    "Palette",
    "Picture",
    "Theme",
    "axes_beside",
    "axes_for",
    "check_theme",
    "figure_of",
    "inches_wide",
    "is_wide",
]

Theme: TypeAlias = Literal["auto", "light", "dark"]
"""What lies behind a chart. "auto" takes it from the axes, or from Matplotlib's own settings."""

WIDE_INCHES = 4.0


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of the report's page, told apart by colour-blind eyes and by lightness in print.

    Attributes:
        page: Behind a figure.
        ink: Text and what must be seen first.
        soft: Text that explains.
        grid: Lines of a grid.
        strong: The main curve.
        faint: The curve behind it.
        other: The second curve of a kind.
        third: A reference.
        bad: What exceeds a limit.
        band: The range that is asked for or usual.
        edge: Its edge.
        shade: What is left out.
    """

    page: str
    ink: str
    soft: str
    grid: str
    strong: str
    faint: str
    other: str
    third: str
    bad: str
    band: str
    edge: str
    shade: str


LIGHT = Palette(
    page="#ffffff",
    ink="#14212b",
    soft="#4d5d69",
    grid="#e1e7ea",
    strong="#00696e",
    faint="#909395",
    other="#c27a20",
    third="#6a2a9c",
    bad="#b3261e",
    band="#c9dfe0",
    edge="#6ea9ac",
    shade="#e9edf0",
)
DARK = Palette(
    page="#151e24",
    ink="#e8eef1",
    soft="#a3b3bd",
    grid="#2a363e",
    strong="#5fd0cd",
    faint="#66737b",
    other="#f9bd53",
    third="#ac61d6",
    bad="#fc8c83",
    band="#24484c",
    edge="#4b8d90",
    shade="#243038",
)
OWN = {"light": LIGHT, "dark": DARK}


class Picture(Figure):
    """A figure that pyplot knows nothing of, and that shows itself in a notebook."""

    def _repr_png_(self) -> bytes:
        return png_of(self)


class ChartAxes(Axes):
    """The axes of a `Picture`: as the value of a cell they show it."""

    def _repr_png_(self) -> bytes | None:
        figure = figure_of(self)
        return png_of(figure) if isinstance(figure, Picture) else None


def png_of(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    return content.getvalue()


def axes_for(
    ax: Axes | None, theme: Theme, size_inches: tuple[float, float]
) -> tuple[Axes, Palette]:
    """The axes to draw on, new ones where none are given, and the colours that fit them.

    Raises:
        InvalidArgument: There is no such theme.
    """
    check_theme(theme)
    if ax is None:
        ax = Picture(figsize=size_inches, layout="constrained").add_subplot(axes_class=ChartAxes)
        if theme in OWN:
            figure_of(ax).set_facecolor(OWN[theme].page)
    palette = OWN.get(theme) or palette_behind(ax)
    if theme in OWN:
        dress(ax, palette)
    ax.set_axisbelow(True)
    ax.grid(True, color=palette.grid, linewidth=0.8)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize="small")
    return ax, palette


def figure_of(ax: Axes) -> Figure:
    """The figure that the axes are on, whatever part of it."""
    figure: object = ax.figure
    while isinstance(figure, SubFigure):
        figure = figure.figure
    assert isinstance(figure, Figure)  # axes that were removed cannot be drawn on
    return figure


def inches_wide(ax: Axes) -> float:
    """Width of the axes, as far as it is known before they are laid out."""
    return float(ax.bbox.width) / figure_of(ax).dpi


def is_wide(ax: Axes) -> bool:
    """Whether the axes have room for others beside them."""
    return inches_wide(ax) >= WIDE_INCHES


def axes_beside(ax: Axes, share: float) -> Axes:
    """Axes in the right part of the place of others, which make room; both on one scale."""
    gap = 0.035

    def locate(_axes: object, _renderer: object) -> Bbox:
        place = ax.get_position(original=True)
        return Bbox.from_bounds(place.x0, place.y0, place.width * (1.0 - share), place.height)

    ax.set_axes_locator(locate)
    main = 1.0 - share
    side = ax.inset_axes(((main + gap) / main, 0.0, (share - gap) / main, 1.0), sharey=ax)
    side.tick_params(labelleft=False)
    return side


def check_theme(theme: Theme) -> None:
    """Raises InvalidArgument if there is no such theme."""
    if theme not in get_args(Theme):
        raise InvalidArgument(f"theme={theme!r}: choose 'auto', 'light' or 'dark'")


def palette_behind(ax: Axes) -> Palette:
    """The colours for what lies behind the axes: theirs, or the figure's where they have none."""
    red, green, blue, alpha = to_rgba(ax.get_facecolor())
    if alpha < 0.5:
        red, green, blue, alpha = to_rgba(figure_of(ax).get_facecolor())
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return DARK if alpha >= 0.5 and light < 0.4 else LIGHT


def dress(ax: Axes, palette: Palette) -> None:
    ax.set_facecolor(palette.page)
    ax.tick_params(colors=palette.soft, labelcolor=palette.soft)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_color(palette.soft)
    ax.title.set_color(palette.ink)
    for side in ax.spines.values():
        side.set_edgecolor(palette.soft)
