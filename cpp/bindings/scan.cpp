#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <mutex>

#include "arrays.hpp"
#include "loudscope/packed.hpp"
#include "loudscope/rows.hpp"

namespace loudscope::bindings {
namespace {

// A stream that two threads push to takes the chunks one after the other.
struct SharedStream {
  Stream stream;
  std::mutex guard;
};

// Largest outputs from input `skip` on; `flush` follows the input by the filter's memory in zeros.
std::vector<float> itu_peaks(const Audio& audio, std::int64_t skip, bool flush) {
  const AudioView view = view_of(audio);
  return without_gil([&] {
    constexpr std::int64_t step = 4096, memory = 11;
    const std::int64_t last = view.frames + (flush ? memory : 0);
    std::vector<float> best(static_cast<std::size_t>(view.channels)), x(step + memory);
    BadSample worst;  // the first of any channel
    for (int c = 0; c < view.channels; ++c) {
      for (std::int64_t at = skip; at < last; at += step) {
        const std::int64_t count = std::min(step, last - at);
        const std::int64_t from = std::max<std::int64_t>(0, at - memory);
        const std::int64_t held =
            std::max<std::int64_t>(0, std::min(view.frames, at + count) - from);
        std::fill(x.begin(), x.end(), 0.0F);
        const LaneSource source = {view.at(from, c), view.frame_stride};
        active_kernel().gather(x.data() + (from - (at - memory)), source, view.type,
                               static_cast<int>(held));
        if (const BadSample bad = first_bad({view, 0}, c, from, from + held); bad.found()) {
          if (bad.frame < worst.frame) worst = bad;
          break;
        }
        auto& peak = best[static_cast<std::size_t>(c)];
        peak = std::max(peak, active_kernel().itu_peak(x.data() + memory, static_cast<int>(count)));
      }
    }
    if (worst.found()) throw worst;
    return best;
  });
}

void bind_options(nb::module_& m) {
  nb::class_<ScanOptions>(m, "Options")
      .def(
          "__init__",
          [](ScanOptions* self, int rate_hz, int channels, std::pair<int, int> pair,
             std::vector<double> edges_hz, bool weighting, bool peaks, bool exhaustive, bool detail,
             bool levels, bool largest_only) {
            new (self)
                ScanOptions{rate_hz,    channels, pair,   std::move(edges_hz), weighting, peaks,
                            exhaustive, detail,   levels, largest_only};
          },
          nb::arg("rate_hz"), nb::arg("channels"), nb::arg("pair"), nb::arg("edges_hz"),
          nb::arg("weighting") = true, nb::arg("peaks") = true, nb::arg("exhaustive") = false,
          nb::arg("detail") = false, nb::arg("levels") = true, nb::arg("largest_only") = false);
}

void bind_whole(nb::module_& m) {
  nb::class_<Scan>(m, "Scan")
      .def(
          "__init__",
          [](Scan* self, const ScanOptions& options, std::int64_t first_row,
             std::optional<std::int64_t> stop_row) {
            new (self) Scan(options.plan(), first_row, stop_row.value_or(kOpenEnd));
          },
          nb::arg("options"), nb::arg("first_row"), nb::arg("stop_row").none())
      .def(
          "run",
          [](Scan& self, const Audio& audio, std::int64_t begin, std::int64_t end, int threads) {
            const PlacedAudio placed{view_of(audio), 0};
            without_gil([&] { return self.run(placed, begin, end, placed.end(), threads), 0; });
          },
          nb::arg("audio"), nb::arg("begin"), nb::arg("end"), nb::arg("threads"),
          nb::sig("def run(self, audio: numpy.typing.NDArray[typing.Any], begin: int, end: int, "
                  "threads: int)"
                  " -> None"),
          "Measures the segments [begin, end) of a whole programme.")
      .def(
          "take", [](Scan& self) { return columns_of(self.take()); },
          nb::sig("def take(self) -> dict[str, numpy.typing.NDArray[typing.Any] | None]"));
}

void bind_stream(nb::module_& m) {
  nb::class_<SharedStream>(m, "Stream")
      .def(
          "__init__",
          [](SharedStream* self, const ScanOptions& options, std::int64_t first_row,
             std::optional<std::int64_t> stop_row, int threads) {
            new (self) SharedStream{
                Stream(options.plan(), first_row, stop_row.value_or(kOpenEnd), threads), {}};
          },
          nb::arg("options"), nb::arg("first_row"), nb::arg("stop_row").none(), nb::arg("threads"))
      .def_prop_ro("origin", [](const SharedStream& self) { return self.stream.origin(); })
      .def(
          "push",
          [](SharedStream& self, const Audio& chunk) {
            const AudioView view = view_of(chunk);
            without_gil([&] {
              const std::lock_guard lock(self.guard);
              return self.stream.push(view), 0;
            });
          },
          nb::arg("chunk"),
          nb::sig("def push(self, chunk: numpy.typing.NDArray[typing.Any]) -> None"))
      .def(
          "finish",
          [](SharedStream& self) {
            return columns_of(without_gil([&] {
              const std::lock_guard lock(self.guard);
              return self.stream.finish();
            }));
          },
          nb::sig("def finish(self) -> dict[str, numpy.typing.NDArray[typing.Any] | None]"));
}

nb::object unpack(const nb::bytes& data) {
  std::vector<std::int32_t> samples(data.size() / 3);
  unpack24(static_cast<const std::byte*>(data.data()), samples.size(), samples.data());
  const std::size_t count = samples.size();
  return to_numpy(std::move(samples), {count});
}

}  // namespace

void bind_scan(nb::module_& m) {
  bind_options(m);
  bind_whole(m);
  bind_stream(m);
  m.def("itu_peaks", &itu_peaks, nb::arg("audio"), nb::arg("skip"), nb::arg("flush"),
        nb::sig("def itu_peaks(audio: numpy.typing.NDArray[typing.Any], skip: int, flush: bool) -> "
                "list[float]"),
        "BS.1770-5 Annex 2: the 48-tap table's own reading of each channel.");
  m.def("unpack24", &unpack, nb::arg("data"),
        nb::sig("def unpack24(data: bytes) -> numpy.typing.NDArray[numpy.int32]"),
        "Little-endian samples of three bytes, left-justified in int32.");
}

}  // namespace loudscope::bindings
