#include "loudscope/gating.hpp"

#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <tuple>

#include "arrays.hpp"

namespace loudscope::bindings {
namespace {

using Energies = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

nb::object weighted(const Energies& energy, const std::vector<double>& weights) {
  auto power = without_gil([&] { return weighted_power({energy.data(), energy.size()}, weights); });
  const std::size_t count = power.size();
  return to_numpy(std::move(power), {count});
}

nb::tuple find_windows(const Column<double>& power, const Column<std::uint16_t>& frames,
                       const Column<std::uint8_t>& complete, const Column<std::int64_t>& seams,
                       int length, int hop) {
  const Ticks ticks{span_of(power), span_of(frames), span_of(complete), span_of(seams)};
  Windows found = without_gil([&] { return windows(ticks, length, hop); });
  const std::size_t count = found.power.size();
  return nb::make_tuple(to_numpy(std::move(found.power), {count}),
                        to_numpy(std::move(found.end_tick), {count}));
}

}  // namespace

void bind_gating(nb::module_& m) {
  m.def("weighted_power", &weighted, nb::arg("energy"), nb::arg("weights"),
        nb::sig("def weighted_power(energy: numpy.typing.NDArray[numpy.float64], weights: "
                "Sequence[float])"
                " -> numpy.typing.NDArray[numpy.float64]"));
  m.def("windows", &find_windows, nb::arg("power"), nb::arg("frames"), nb::arg("complete"),
        nb::arg("seams"), nb::arg("length"), nb::arg("hop"),
        nb::sig("def windows(power: numpy.typing.NDArray[numpy.float64], frames: "
                "numpy.typing.NDArray[numpy.uint16],"
                " complete: numpy.typing.NDArray[numpy.uint8], seams: "
                "numpy.typing.NDArray[numpy.int64], length: int,"
                " hop: int) -> tuple[numpy.typing.NDArray[numpy.float64], "
                "numpy.typing.NDArray[numpy.int64]]"));
  m.def(
      "gate",
      [](const Column<double>& power) {
        const Gated g = without_gil([&] { return gate(span_of(power)); });
        return std::tuple(g.blocks, g.below_absolute, g.below_relative, g.kept,
                          g.relative_threshold, g.integrated);
      },
      nb::arg("power"),
      nb::sig("def gate(power: numpy.typing.NDArray[numpy.float64]) -> tuple[int, int, int, int, "
              "float, float]"),
      "(blocks, below_absolute, below_relative, kept, relative_threshold, integrated)");
  m.def(
      "loudness_range",
      [](const Column<double>& power) {
        const Range range = without_gil([&] { return loudness_range(span_of(power)); });
        return std::tuple(range.kept, range.low, range.high);
      },
      nb::arg("power"),
      nb::sig("def loudness_range(power: numpy.typing.NDArray[numpy.float64]) -> tuple[int, float, "
              "float]"),
      "(kept, low, high)");
}

}  // namespace loudscope::bindings
