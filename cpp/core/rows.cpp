#include "loudscope/rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace loudscope {
namespace {

double value_at(const AudioView& view, std::int64_t frame, int channel) {
  const std::byte* from = view.at(frame, channel);
  if (view.type == SampleType::f32) {
    float x;
    std::memcpy(&x, from, sizeof x);
    return x;
  }
  double x = 0.0;
  if (view.type == SampleType::f64) std::memcpy(&x, from, sizeof x);
  return x;  // integers are always finite and in range
}

// Whether every sample can be measured; frames lie packed.
template <class T>
bool within_limit(const AudioView& view) {
  const std::byte* from = view.data;
  int beyond = 0;
  for (std::int64_t i = 0; i < view.frames * view.channels; ++i, from += sizeof(T)) {
    T x;
    std::memcpy(&x, from, sizeof x);
    beyond |= static_cast<int>(!(std::fabs(x) <= static_cast<T>(kSampleLimit)));
  }
  return beyond == 0;
}

bool within_limit(const AudioView& view) {
  if (view.type == SampleType::f32) return within_limit<float>(view);
  return view.type != SampleType::f64 || within_limit<double>(view);
}

}  // namespace

Table last_rows(const Table& table, std::size_t blocks) {
  blocks = std::min(blocks, table.blocks());
  const auto channels = static_cast<std::size_t>(table.channels);
  const auto bands = static_cast<std::size_t>(table.bands);
  const auto last = [blocks](const auto& column, std::size_t width) {
    const std::size_t values = std::min(blocks * width, column.size());  // 0: not asked for
    return std::vector(column.end() - static_cast<std::ptrdiff_t>(values), column.end());
  };
  Table rows;
  rows.channels = table.channels;
  rows.bands = table.bands;
  rows.frames = last(table.frames, 1);
  rows.ticks = last(table.ticks, 1);
  rows.tick_frames = last(table.tick_frames, kTicksPerBlock);
  rows.tick_energy = last(table.tick_energy, kTicksPerBlock * channels);
  rows.energy = last(table.energy, channels);
  rows.total = last(table.total, channels);
  rows.cross = last(table.cross, 1);
  rows.k_cross = last(table.k_cross, 1);
  rows.band_energy = last(table.band_energy, bands * channels);
  rows.band_cross = last(table.band_cross, bands);
  return rows;
}

void Rows::resize(std::size_t rows) {
  const auto channels = static_cast<std::size_t>(table_.channels);
  const auto bands = static_cast<std::size_t>(table_.bands);
  table_.frames.resize(rows);
  table_.ticks.resize(rows);
  table_.tick_frames.resize(rows * kTicksPerBlock);
  if (plan_.want.levels && (plan_.want.weighting || plan_.want.bands)) {
    table_.energy.resize(rows * channels);
    table_.total.resize(rows * channels);
    table_.cross.resize(rows);
    table_.k_cross.resize(rows);
  }
  if (plan_.want.weighting) table_.tick_energy.resize(rows * kTicksPerBlock * channels);
  table_.band_energy.resize(rows * bands * channels);
  table_.band_cross.resize(rows * bands);
  if (plan_.want.peaks) {
    table_.sample_peak.resize(rows * channels);
    table_.true_peak.resize(rows * channels);
    table_.sample_peak_at.resize(rows * channels);
    table_.true_peak_at.resize(rows * channels);
    table_.clips.resize(rows * channels * kClipColumns);
  }
  if (table_.detail) {
    table_.band_tick_energy.resize(rows * kTicksPerBlock * bands * channels);
    table_.band_peak.resize(rows * bands * channels);
  }
}

void Rows::extend(std::int64_t last_row, std::int64_t end_frame) {
  const auto begin = static_cast<std::int64_t>(table_.blocks()) + first_row_;
  if (last_row <= begin) return;
  resize(static_cast<std::size_t>(last_row - first_row_));
  for (std::int64_t tick = begin * kTicksPerBlock; tick < last_row * kTicksPerBlock; ++tick) {
    const std::int64_t start = tick_start(tick, plan_.rate_hz);
    const std::int64_t end = tick_start(tick + 1, plan_.rate_hz);
    const std::int64_t held = std::clamp<std::int64_t>(end_frame - start, 0, end - start);
    const std::size_t row = at(tick / kTicksPerBlock);
    table_.tick_frames[static_cast<std::size_t>(tick - first_row_ * kTicksPerBlock)] =
        static_cast<std::uint16_t>(held);
    table_.frames[row] += static_cast<std::uint32_t>(held);
    if (held == end - start) ++table_.ticks[row];
  }
}

void Rows::store_band_tick(std::int64_t tick, int channel, std::span<const double> energy) {
  if (!holds(tick / kTicksPerBlock)) return;
  const auto channels = static_cast<std::size_t>(table_.channels);
  const auto first = static_cast<std::size_t>(tick - first_row_ * kTicksPerBlock) * energy.size();
  for (std::size_t b = 0; b < energy.size(); ++b) {
    table_.band_tick_energy[(first + b) * channels + static_cast<std::size_t>(channel)] =
        static_cast<float>(energy[b]);
  }
}

void Rows::store_peaks(std::int64_t row, int channel, const BlockPeaks& peaks,
                       const std::uint32_t (&clips)[kClipColumns]) {
  if (!holds(row)) return;
  const std::size_t index =
      at(row) * static_cast<std::size_t>(table_.channels) + static_cast<std::size_t>(channel);
  const int last = static_cast<int>(table_.frames[at(row)]) - 1;
  table_.sample_peak[index] = peaks.sample_peak;
  table_.true_peak[index] = peaks.true_peak;
  table_.sample_peak_at[index] = static_cast<std::uint16_t>(std::clamp(peaks.sample_at, 0, last));
  table_.true_peak_at[index] = static_cast<std::uint16_t>(std::clamp(peaks.true_at, 0, last));
  std::copy(clips, clips + kClipColumns,
            table_.clips.begin() + static_cast<std::ptrdiff_t>(index * kClipColumns));
}

BadSample first_bad(const PlacedAudio& audio, int channel, std::int64_t begin, std::int64_t end) {
  begin = std::max(begin, audio.first);
  end = std::min(end, audio.end());
  for (std::int64_t frame = begin; frame < end; ++frame) {
    const double value = value_at(audio.view, frame - audio.first, channel);
    if (!(std::fabs(value) <= kSampleLimit)) return {frame, channel, value};
  }
  return {};
}

BadSample first_bad(const PlacedAudio& packed) {
  BadSample worst;
  if (within_limit(packed.view)) return worst;
  for (int channel = 0; channel < packed.view.channels; ++channel) {
    const BadSample bad = first_bad(packed, channel, packed.first, packed.end());
    if (bad.before(worst)) worst = bad;
  }
  return worst;
}

}  // namespace loudscope
