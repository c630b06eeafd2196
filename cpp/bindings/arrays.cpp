#include "arrays.hpp"

#include <stdexcept>

namespace loudscope::bindings {
namespace {

SampleType type_of(const Audio& audio) {
  if (audio.dtype() == nb::dtype<float>()) return SampleType::f32;
  if (audio.dtype() == nb::dtype<double>()) return SampleType::f64;
  if (audio.dtype() == nb::dtype<std::int16_t>()) return SampleType::i16;
  if (audio.dtype() == nb::dtype<std::int32_t>()) return SampleType::i32;
  throw std::invalid_argument("audio must be float32, float64, int16 or int32");
}

}  // namespace

AudioView view_of(const Audio& audio) {
  const auto bytes = static_cast<std::ptrdiff_t>(audio.itemsize());
  return {static_cast<const std::byte*>(audio.data()),
          type_of(audio),
          static_cast<std::int64_t>(audio.shape(0)),
          static_cast<int>(audio.shape(1)),
          audio.stride(0) * bytes,
          audio.stride(1) * bytes};
}

nb::dict columns_of(Table&& table) {
  const std::size_t blocks = table.blocks(), ticks = blocks * kTicksPerBlock;
  const auto channels = static_cast<std::size_t>(table.channels);
  const auto bands = static_cast<std::size_t>(table.bands);
  nb::dict columns;
  const auto put = [&](const char* name, auto& column, std::vector<std::size_t> shape) {
    const bool absent = column.empty() && blocks > 0;
    columns[name] = absent ? nb::none() : to_numpy(std::move(column), std::move(shape));
  };
  put("tick_frames", table.tick_frames, {ticks});
  put("tick_energy", table.tick_energy, {ticks, channels});
  put("energy", table.energy, {blocks, channels});
  put("total", table.total, {blocks, channels});
  put("cross", table.cross, {blocks});
  put("k_cross", table.k_cross, {blocks});
  put("band_energy", table.band_energy, {blocks, bands, channels});
  put("band_cross", table.band_cross, {blocks, bands});
  put("sample_peak", table.sample_peak, {blocks, channels});
  put("true_peak", table.true_peak, {blocks, channels});
  put("sample_peak_at", table.sample_peak_at, {blocks, channels});
  put("true_peak_at", table.true_peak_at, {blocks, channels});
  put("clips", table.clips, {blocks, channels, kClipColumns});
  if (table.detail) {
    put("band_tick_energy", table.band_tick_energy, {ticks, bands, channels});
    put("band_peak", table.band_peak, {blocks, bands, channels});
  }
  put("ticks", table.ticks, {blocks});
  put("frames", table.frames, {blocks});
  return columns;
}

Plan ScanOptions::plan() const {
  const Want want{.weighting = weighting,
                  .bands = !edges_hz.empty(),
                  .peaks = peaks,
                  .exhaustive_peaks = exhaustive,
                  .detail = detail,
                  .levels = levels,
                  .largest_only = largest_only};
  return {rate_hz, channels, pair.first, pair.second, edges_hz, want, active_kernel()};
}

}  // namespace loudscope::bindings
