// Rows of a table being filled: where a segment's or a channel's figures go.
#pragma once

#include <algorithm>
#include <atomic>

#include "loudscope/scan.hpp"

namespace loudscope {

// Blocks of a programme that ends at `end_frame`; the last may be incomplete.
inline std::int64_t blocks_until(std::int64_t end_frame, int rate_hz) {
  if (end_frame <= 0) return 0;
  return tick_of(end_frame - 1, rate_hz) / kTicksPerBlock + 1;
}

// A copy of the last `blocks` rows of a table, or of all, without peaks and detail.
Table last_rows(const Table& table, std::size_t blocks);

class Rows {
 public:
  Rows(Table& table, const Plan& plan, std::int64_t first_row)
      : table_(table), plan_(plan), first_row_(first_row) {}

  // Makes rows up to `last_row` and writes what the grid alone decides.
  void extend(std::int64_t last_row, std::int64_t end_frame);

  bool holds(std::int64_t row) const {
    return row >= first_row_ && row < first_row_ + static_cast<std::int64_t>(table_.blocks());
  }

  void store_tick(std::int64_t tick, int channel, double energy);
  void store_band_tick(std::int64_t tick, int channel, std::span<const double> energy);
  template <int W>
  void store_block(std::int64_t row, int channel, const LaneState<W>& state, int lane);
  template <int W>
  void store_products(std::int64_t row, const LaneState<W>& state, int lane);

  void store_peaks(std::int64_t row, int channel, const BlockPeaks& peaks,
                   const std::uint32_t (&clips)[kClipColumns]);

 private:
  void resize(std::size_t rows);
  std::size_t at(std::int64_t row) const { return static_cast<std::size_t>(row - first_row_); }

  Table& table_;
  const Plan& plan_;
  std::int64_t first_row_;
};

inline void Rows::store_tick(std::int64_t tick, int channel, double energy) {
  const std::int64_t row = tick / kTicksPerBlock;
  if (!holds(row)) return;
  const std::size_t index =
      at(row) * kTicksPerBlock + static_cast<std::size_t>(tick % kTicksPerBlock);
  table_.tick_energy[index * static_cast<std::size_t>(table_.channels) +
                     static_cast<std::size_t>(channel)] = energy;
}

template <int W>
void Rows::store_block(std::int64_t row, int channel, const LaneState<W>& state, int lane) {
  if (!holds(row)) return;
  const auto c = static_cast<std::size_t>(channel);
  const auto channels = static_cast<std::size_t>(table_.channels);
  const auto bands = static_cast<std::size_t>(table_.bands);
  if (plan_.want.levels) {
    table_.energy[at(row) * channels + c] = state.energy[lane];
    table_.total[at(row) * channels + c] = state.total[lane];
  }
  for (std::size_t b = 0; b < bands; ++b) {
    const std::size_t index = (at(row) * bands + b) * channels + c;
    const double gain = plan_.tree.gains[b];
    table_.band_energy[index] = state.band_energy[b][lane] * (gain * gain);
    if (table_.detail) {
      table_.band_peak[index] = static_cast<float>(state.band_peak[b][lane] * gain);
    }
  }
}

template <int W>
void Rows::store_products(std::int64_t row, const LaneState<W>& state, int lane) {
  if (!holds(row)) return;
  const auto bands = static_cast<std::size_t>(table_.bands);
  if (plan_.want.levels) {
    table_.cross[at(row)] = state.cross[lane];
    table_.k_cross[at(row)] = state.k_cross[lane] * plan_.weighting.power;
  }
  for (std::size_t b = 0; b < bands; ++b) {
    const double gain = plan_.tree.gains[b];
    table_.band_cross[at(row) * bands + b] = state.band_cross[b][lane] * (gain * gain);
  }
}

// The sums of one lane start anew; products belong to the lower lane of a pair.
template <int W>
void clear_block(LaneState<W>& state, int lane) {
  state.energy[lane] = state.total[lane] = 0.0;
  for (auto& energy : state.band_energy) energy[lane] = 0.0;
  for (auto& peak : state.band_peak) peak[lane] = 0.0;
  if (lane >= W / 2) return;
  state.cross[lane] = state.k_cross[lane] = 0.0;
  for (auto& cross : state.band_cross) cross[lane] = 0.0;
}

// What a lane reads, and where its figures go.
struct Programme {
  PlacedAudio audio;
  std::int64_t end_frame;   // kOpenEnd while it is not known
  std::int64_t stop_frame;  // of the rows that are wanted
  Rows rows;
  std::int64_t clip = 0;                  // its place in a batch
  std::atomic<float>* largest = nullptr;  // true peak so far, if only the largest is wanted

  std::int64_t last_frame() const { return std::min({end_frame, stop_frame, audio.end()}); }
};

// The first sample of a channel in [begin, end) that cannot be measured.
BadSample first_bad(const PlacedAudio& audio, int channel, std::int64_t begin, std::int64_t end);
// The first of any channel; the frames lie packed.
BadSample first_bad(const PlacedAudio& packed);

}  // namespace loudscope
