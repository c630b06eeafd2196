#include "loudscope/spectra.hpp"

#include <nanobind/stl/vector.h>

#include <complex>
#include <stdexcept>
#include <utility>

#include "arrays.hpp"
#include "loudscope/kernel.hpp"
#include "loudscope/level_counts.hpp"

namespace loudscope::bindings {
namespace {

template <class T, class... Shape>
using Plain = nb::ndarray<T, nb::numpy, nb::device::cpu, Shape...>;
using Channels = Plain<const float, nb::ndim<2>, nb::c_contig>;
using Rows = Plain<float, nb::ndim<2>, nb::c_contig>;
using Loudness = Plain<float, nb::ndim<1>, nb::c_contig>;
using Cross = Plain<std::complex<double>, nb::ndim<1>, nb::c_contig>;

void take(Spectra& self, const Channels& channels, int windows, const std::vector<float>& weights,
          bool front, const Rows& rows, const Loudness& loudness, const Cross& cross) {
  const auto held = static_cast<std::size_t>(windows);
  const bool fits = windows >= 1 && windows <= kSpectraWindows &&
                    channels.shape(0) == weights.size() && !(front && weights.size() < 2) &&
                    channels.shape(1) >= static_cast<std::size_t>(self.frames(windows)) &&
                    rows.shape(0) == held && loudness.shape(0) == held &&
                    rows.shape(1) == static_cast<std::size_t>(self.columns()) &&
                    cross.shape(0) == static_cast<std::size_t>(self.plan().bins());
  if (!fits) throw std::invalid_argument("spectra: the arrays do not fit");
  SpectraWork work;
  work.windows = windows;
  work.rows = rows.data();
  work.row_stride = self.columns();
  work.loudness = loudness.data();
  work.cross = reinterpret_cast<double*>(cross.data());
  const nb::gil_scoped_release released;
  self.take(channels.data(), static_cast<std::ptrdiff_t>(channels.shape(1)), weights, front, work);
}

using Counts = Plain<std::int32_t, nb::ndim<2>, nb::c_contig>;
using StridedRows = Plain<const float, nb::ndim<2>>;

void count(const LevelSteps& self, const StridedRows& rows, std::size_t width,
           const Counts& counts) {
  const std::size_t groups = counts.shape(0);
  const bool fits = counts.shape(1) == self.size() && rows.shape(1) == groups * width &&
                    (rows.shape(0) == 0 || rows.shape(1) < 2 || rows.stride(1) == 1);
  if (!fits) throw std::invalid_argument("counts: the arrays do not fit");
  const nb::gil_scoped_release released;
  self.count(rows.data(), rows.shape(0), rows.stride(0), groups, width, counts.data());
}

using Bounds = Plain<const std::int64_t, nb::ndim<1>, nb::c_contig>;
using ChannelRows = Plain<const float, nb::ndim<2>>;
using Energies = Plain<double, nb::ndim<2>, nb::c_contig>;

void levels(const ChannelRows& channels, const Bounds& bounds, const Rows& high, const Rows& low,
            const Energies& energy) {
  const std::size_t count = channels.shape(0), spans = high.shape(1);
  bool fits = bounds.shape(0) == spans + 1 && (channels.shape(1) < 2 || channels.stride(1) == 1);
  for (const auto& out : {std::pair{high.shape(0), high.shape(1)},
                          {low.shape(0), low.shape(1)},
                          {energy.shape(0), energy.shape(1)}}) {
    fits = fits && out == std::pair{count, spans};
  }
  for (std::size_t i = 0; fits && i <= spans; ++i) {
    fits = (i == 0 ? 0 : bounds(i - 1)) <= bounds(i) &&
           bounds(i) <= static_cast<std::int64_t>(channels.shape(1));
  }
  if (!fits) throw std::invalid_argument("levels: the arrays do not fit");
  const nb::gil_scoped_release released;
  const auto levels_of = active_kernel().span_levels;
  for (std::size_t c = 0; c < count; ++c) {
    const float* samples = channels.data() + static_cast<std::ptrdiff_t>(c) * channels.stride(0);
    for (std::size_t i = 0; i < spans; ++i) {
      const SpanLevels found = levels_of(samples + bounds(i), bounds(i + 1) - bounds(i));
      high(c, i) = found.high;
      low(c, i) = found.low;
      energy(c, i) = found.energy;
    }
  }
}

}  // namespace

void bind_spectra(nb::module_& m) {
  nb::class_<Spectra>(m, "Spectra")
      .def(
          "__init__",
          [](Spectra* self, std::vector<float> window, std::vector<float> weighting,
             std::vector<float> turns, int bass_begin, int bass_end) {
            new (self) Spectra(std::move(window), std::move(weighting), std::move(turns),
                               bass_begin, bass_end, active_kernel());
          },
          nb::arg("window"), nb::arg("weighting"), nb::arg("turns"), nb::arg("bass_begin"),
          nb::arg("bass_end"))
      .def("take", &take, nb::arg("channels"), nb::arg("windows"), nb::arg("weights"),
           nb::arg("front"), nb::arg("rows"), nb::arg("loudness"), nb::arg("cross"),
           nb::sig("def take(self, channels: numpy.typing.NDArray[numpy.float32], windows: int, "
                   "weights: Sequence[float], front: bool, rows: "
                   "numpy.typing.NDArray[numpy.float32], loudness: "
                   "numpy.typing.NDArray[numpy.float32], cross: "
                   "numpy.typing.NDArray[numpy.complex128]) -> None"),
           "Adds spectra of half-overlapped windows to rows, loudness and cross; "
           "loudscope/spectra.hpp has the columns.");
  nb::class_<LevelSteps>(m, "LevelSteps")
      .def(nb::init<std::vector<float>>(), nb::arg("steps"))
      .def("count", &count, nb::arg("rows"), nb::arg("width"), nb::arg("counts"),
           nb::sig("def count(self, rows: numpy.typing.NDArray[numpy.float32], width: int, "
                   "counts: numpy.typing.NDArray[numpy.int32]) -> None"),
           "Counts the step that the sum of each group of `width` values reaches.");
  m.def("span_levels", &levels, nb::arg("channels"), nb::arg("bounds"), nb::arg("high"),
        nb::arg("low"), nb::arg("energy"),
        nb::sig("def span_levels(channels: numpy.typing.NDArray[numpy.float32], bounds: "
                "numpy.typing.NDArray[numpy.int64], high: numpy.typing.NDArray[numpy.float32], "
                "low: numpy.typing.NDArray[numpy.float32], energy: "
                "numpy.typing.NDArray[numpy.float64]) -> None"),
        "Writes the highest and lowest sample and the energy between bounds, of each channel.");
}

}  // namespace loudscope::bindings
