#include "loudscope/design.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <array>

#include "arrays.hpp"

namespace loudscope::bindings {
namespace {

std::vector<std::vector<double>> weighting_rows(int rate_hz) {
  const KWeighting k = k_weighting(rate_hz);
  const auto row = [](const Biquad& f) { return std::vector{f.b0, f.b1, f.b2, f.a1, f.a2}; };
  return {row(k.shelf), row(k.highpass)};
}

std::vector<std::string> kernel_names() {
  std::array<const Kernel*, 4> known{};
  const std::size_t count = available_kernels(known.data(), known.size());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.emplace_back(known[i]->name);
  return names;
}

}  // namespace

void bind_design(nb::module_& m) {
  m.def("k_weighting", &weighting_rows, nb::arg("rate_hz"), "[b0 b1 b2 a1 a2] of shelf and RLB.");
  m.def(
      "band_edges",
      [](const std::vector<double>& edges_hz, int rate_hz) {
        return band_tree(edges_hz, rate_hz).edges_hz;
      },
      nb::arg("edges_hz"), nb::arg("rate_hz"), "The edges in use at that rate.");
  m.def("kernel", [] { return std::string(active_kernel().name); }, "Name of the kernel in use.");
  m.def("kernels", &kernel_names, "Kernels that this machine can run, best first.");
}

}  // namespace loudscope::bindings
