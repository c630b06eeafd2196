// Cut, pre-roll, run, join. Audio is cut into segments of three seconds at fixed frames; each is
// filtered from rest after a pre-roll, so a segment's rows do not depend on which lane, thread,
// window or stream computed them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "loudscope/audio.hpp"
#include "loudscope/design.hpp"
#include "loudscope/held.hpp"
#include "loudscope/kernel.hpp"
#include "loudscope/table.hpp"

namespace loudscope {

inline constexpr int kSegmentBlocks = 30;
inline constexpr int kSegmentTicks = kSegmentBlocks * kTicksPerBlock;
inline constexpr int kWeightingPreroll = 20;  // ticks: error of a block's energy below 1e-13 dB
inline constexpr std::int64_t kOpenEnd = INT64_MAX;
inline constexpr int kMinRate = 8000, kMaxRate = 384000;

struct Want {
  bool weighting = true;  // tick_energy
  bool bands = true;
  bool peaks = true;
  bool exhaustive_peaks = false;  // interpolate everywhere: the twin of bound and refine
  bool detail = false;            // band_tick_energy, band_peak
  bool levels = true;             // with weighting or bands: energy, total, cross, k_cross
  bool largest_only = false;      // no true peak is too large, and the programme's largest is exact
};

struct Plan {
  int rate_hz;
  int channels;
  int pair_left, pair_right;  // channels whose products are kept; -1: none
  Want want;
  WeightingSteps weighting;
  BandTree tree;
  int preroll_ticks;  // of the slowest filter in use
  const Kernel* kernel;

  // Throws std::invalid_argument if an argument does not fit.
  Plan(int rate_hz, int channels, int pair_left, int pair_right,
       const std::vector<double>& edges_hz, Want want, const Kernel& kernel);

  std::int64_t segment_start(std::int64_t segment) const {
    return tick_start(segment * kSegmentTicks, rate_hz);
  }
  void expect(const AudioView& view) const;  // throws if the channel count is another
  // First frame that a scan from `row` on has to read.
  std::int64_t first_needed(std::int64_t row) const;
};

struct BadSample {  // the first sample that is NaN, infinite, or beyond kSampleLimit
  std::int64_t frame = INT64_MAX;
  int channel = 0;
  double value = 0;
  std::int64_t clip = 0;  // of a batch

  bool found() const { return frame != INT64_MAX; }
  bool before(const BadSample& other) const {
    if (!found() || !other.found()) return found();
    return std::tie(clip, frame, channel) < std::tie(other.clip, other.frame, other.channel);
  }
};

// Rows [first_row, first_row + table.blocks()) of a programme, filled segment by segment.
class Scan {
 public:
  // Rows from `first_row` on; `end_frame` is the programme's end, kOpenEnd while it is not known.
  // `stop_row` bounds the rows kept (kOpenEnd: none); audio after it still counts as look-ahead.
  Scan(Plan plan, std::int64_t first_row, std::int64_t stop_row);

  // Measures the segments [begin, end) from `audio`, which must hold their pre-roll and
  // kPeakContext frames after them, or reach the programme's ends. Throws BadSample.
  void run(const PlacedAudio& audio, std::int64_t begin, std::int64_t end, std::int64_t end_frame,
           int threads);

  const Plan& plan() const { return plan_; }
  std::int64_t first_segment() const { return first_row_ / kSegmentBlocks; }
  std::int64_t stop_row() const { return stop_row_; }
  Table take() { return std::move(table_); }

 private:
  Plan plan_;
  std::int64_t first_row_, stop_row_;
  Table table_;
  std::atomic<float> largest_ = 0.0F;  // true peak so far
};

// Audio that arrives in pieces; keeps as much as the next segments need and no more.
class Stream {
 public:
  Stream(Plan plan, std::int64_t first_row, std::int64_t stop_row, int threads);

  std::int64_t origin() const { return origin_; }  // frame of the programme to begin pushing from

  void push(const AudioView& chunk);  // throws BadSample
  Table finish();                     // the end has come; throws BadSample

 private:
  void drain(std::int64_t end_frame);

  Scan scan_;
  int threads_;
  std::int64_t next_segment_;
  std::int64_t window_segments_ = 1;
  std::int64_t origin_;  // first frame ever
  SampleType type_ = SampleType::f32;
  bool typed_ = false;
  HeldAudio held_;
};

}  // namespace loudscope
