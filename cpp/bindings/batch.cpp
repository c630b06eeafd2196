#include "loudscope/batch.hpp"

#include <nanobind/stl/vector.h>

#include "arrays.hpp"

namespace loudscope::bindings {
namespace {

nb::tuple measure(const ScanOptions& options, const std::vector<Audio>& clips,
                  const std::vector<double>& weights, int threads) {
  std::vector<AudioView> views;
  views.reserve(clips.size());
  for (const Audio& clip : clips) views.push_back(view_of(clip));
  const auto figures =
      without_gil([&] { return measure_clips(options.plan(), views, weights, threads); });
  std::vector<double> integrated;
  std::vector<float> true_peak;
  for (const ClipFigures& clip : figures) {
    integrated.push_back(clip.integrated);
    true_peak.push_back(clip.true_peak);
  }
  return nb::make_tuple(to_numpy(std::move(integrated), {figures.size()}),
                        to_numpy(std::move(true_peak), {figures.size()}));
}

}  // namespace

void bind_batch(nb::module_& m) {
  m.def("measure_clips", &measure, nb::arg("options"), nb::arg("clips"), nb::arg("weights"),
        nb::arg("threads"),
        nb::sig("def measure_clips(options: Options, clips: "
                "Sequence[numpy.typing.NDArray[typing.Any]], weights: Sequence[float], threads: "
                "int) -> tuple[numpy.typing.NDArray[numpy.float64], "
                "numpy.typing.NDArray[numpy.float32]]"),
        "(integrated, true_peak) of clips of one dtype: LUFS or -inf, and linear. BadSample names "
        "the clip too.");
}

}  // namespace loudscope::bindings
