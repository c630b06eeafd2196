// The block table: the only thing that is kept of the audio. Rows of 100 ms, each of ten ticks.
#pragma once

#include <cstdint>
#include <vector>

namespace loudscope {

inline constexpr int kTicksPerBlock = 10;
inline constexpr int kTicksPerSecond = 100;

// First frame of tick k: round(k * rate / 100). 11 025 Hz or 22 050 Hz drift nowhere.
constexpr std::int64_t tick_start(std::int64_t tick, std::int64_t rate_hz) {
  return (2 * tick * rate_hz + kTicksPerSecond) / (2 * kTicksPerSecond);
}

// Tick that holds a frame.
constexpr std::int64_t tick_of(std::int64_t frame, std::int64_t rate_hz) {
  std::int64_t tick = frame * kTicksPerSecond / rate_hz;
  while (tick_start(tick + 1, rate_hz) <= frame) ++tick;
  while (tick_start(tick, rate_hz) > frame) --tick;
  return tick;
}

enum ClipColumn { kClipSamples, kClipLead, kClipTrail, kClipLongest, kClipRuns, kClipColumns };

// Columns, row-major. B blocks, C channels, E bands. Columns that were not asked for are empty.
struct Table {
  int channels = 0;
  int bands = 0;
  bool detail = false;  // whether the last two columns are kept

  std::vector<std::uint32_t> frames;       // B
  std::vector<std::uint8_t> ticks;         // B: complete ticks in the block
  std::vector<std::uint16_t> tick_frames;  // 10 B
  std::vector<double> tick_energy;         // 10 B x C: K-weighted, channels not yet weighted
  std::vector<double> energy;              // B x C
  std::vector<double> total;               // B x C: plain sum, for DC
  std::vector<double> cross;               // B: left * right
  std::vector<double> k_cross;             // B: the same after K-weighting
  std::vector<double> band_energy;         // B x E x C
  std::vector<double> band_cross;          // B x E
  std::vector<float> sample_peak;          // B x C
  std::vector<float> true_peak;            // B x C
  std::vector<std::uint16_t> sample_peak_at, true_peak_at;  // B x C: frame in the block
  std::vector<std::uint32_t> clips;                         // B x C x kClipColumns
  std::vector<float> band_tick_energy;                      // 10 B x E x C
  std::vector<float> band_peak;                             // B x E x C: largest magnitude

  std::size_t blocks() const { return frames.size(); }
};

// Every column with its values per block, in the order of the table's definition.
template <class TableType, class Visit>
void each_column(TableType& table, const Visit& visit) {
  const auto channels = static_cast<std::size_t>(table.channels);
  const auto bands = static_cast<std::size_t>(table.bands);
  const std::size_t ticks = kTicksPerBlock;
  visit(table.frames, std::size_t{1});
  visit(table.ticks, std::size_t{1});
  visit(table.tick_frames, ticks);
  visit(table.tick_energy, ticks * channels);
  visit(table.energy, channels);
  visit(table.total, channels);
  visit(table.cross, std::size_t{1});
  visit(table.k_cross, std::size_t{1});
  visit(table.band_energy, bands * channels);
  visit(table.band_cross, bands);
  visit(table.sample_peak, channels);
  visit(table.true_peak, channels);
  visit(table.sample_peak_at, channels);
  visit(table.true_peak_at, channels);
  visit(table.clips, channels * kClipColumns);
  visit(table.band_tick_energy, ticks * bands * channels);
  visit(table.band_peak, bands * channels);
}

}  // namespace loudscope
