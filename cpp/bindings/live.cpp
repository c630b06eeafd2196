#include "loudscope/live.hpp"

#include <nanobind/stl/vector.h>

#include <mutex>

#include "arrays.hpp"

namespace loudscope::bindings {
namespace {

// Two threads may hold one meter: every call takes its turn.
struct SharedLive {
  Live live;
  std::mutex guard;
};

nb::object loudness_or_none(const LiveReading::Window& window) {
  return window.full && window.power > 0 ? nb::cast(loudness(window.power)) : nb::none();
}

nb::dict describe(LiveReading now) {
  nb::dict out;
  out["frames"] = now.frames;
  out["momentary"] = loudness_or_none(now.momentary);
  out["short_term"] = loudness_or_none(now.short_term);
  out["momentary_max"] = loudness_or_none(now.momentary_max);
  out["short_term_max"] = loudness_or_none(now.short_term_max);
  out["integrated"] = now.gated.kept > 0 ? nb::cast(now.gated.integrated) : nb::none();
  out["loudness_range"] =
      now.range.kept > 0 ? nb::cast(now.range.high - now.range.low) : nb::none();
  out["sample_peak"] = nb::cast(now.sample_peak);
  out["true_peak"] = nb::cast(now.true_peak);
  out["latest"] = columns_of(std::move(now.latest));
  return out;
}

}  // namespace

void bind_live(nb::module_& m) {
  nb::class_<SharedLive>(m, "Live")
      .def(
          "__init__",
          [](SharedLive* self, const ScanOptions& options, std::vector<double> weights,
             bool keep_table) {
            new (self) SharedLive{Live(options.plan(), std::move(weights), keep_table), {}};
          },
          nb::arg("options"), nb::arg("weights"), nb::arg("keep_table"))
      .def(
          "push",
          [](SharedLive& self, const Audio& chunk) {
            const AudioView view = view_of(chunk);
            without_gil([&] {
              const std::lock_guard lock(self.guard);
              return self.live.push(view), 0;
            });
          },
          nb::arg("chunk"),
          nb::sig("def push(self, chunk: numpy.typing.NDArray[typing.Any]) -> None"))
      .def(
          "reading",
          [](SharedLive& self) {
            return describe(without_gil([&] {
              const std::lock_guard lock(self.guard);
              return self.live.reading();
            }));
          },
          nb::sig("def reading(self) -> dict[str, typing.Any]"))
      .def(
          "table",
          [](SharedLive& self) {
            return columns_of(without_gil([&] {
              const std::lock_guard lock(self.guard);
              return self.live.table();
            }));
          },
          nb::sig("def table(self) -> dict[str, numpy.typing.NDArray[typing.Any] | None]"));
}

}  // namespace loudscope::bindings
