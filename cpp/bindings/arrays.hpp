// Between NumPy and the core: arrays in without a copy, columns out without a copy.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <span>
#include <string>
#include <vector>

#include "loudscope/scan.hpp"

namespace loudscope::bindings {

namespace nb = nanobind;

using Audio = nb::ndarray<nb::ro, nb::ndim<2>, nb::device::cpu>;  // (frames, channels)
template <class T>
using Column = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

AudioView view_of(const Audio& audio);

template <class T>
std::span<const T> span_of(const Column<T>& column) {
  return {column.data(), column.size()};
}

// Hands a vector's memory to NumPy; the array frees it.
template <class T>
nb::object to_numpy(std::vector<T>&& values, std::vector<std::size_t> shape) {
  auto* held = new std::vector<T>(std::move(values));
  nb::capsule owner(held, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::cast(nb::ndarray<nb::numpy, T>(held->data(), shape.size(), shape.data(), owner));
}

nb::dict columns_of(Table&& table);

struct ScanOptions {
  int rate_hz, channels;
  std::pair<int, int> pair;
  std::vector<double> edges_hz;
  bool weighting, peaks, exhaustive, detail, levels, largest_only;

  Plan plan() const;
};

// Raises the module's BadSample(frame, channel, value, clip). Needs the GIL.
[[noreturn]] void raise_bad_sample(const BadSample& bad);

// Runs `work` without the GIL; a BadSample becomes a Python exception.
template <class Work>
auto without_gil(const Work& work) {
  BadSample bad;
  {
    const nb::gil_scoped_release released;
    try {
      return work();
    } catch (const BadSample& caught) {
      bad = caught;
    }
  }
  raise_bad_sample(bad);
}

void bind_batch(nb::module_& m);
void bind_gating(nb::module_& m);
void bind_scan(nb::module_& m);
void bind_spectra(nb::module_& m);
void bind_live(nb::module_& m);
void bind_design(nb::module_& m);

}  // namespace loudscope::bindings
