// True peak of a block: 32 interpolation phases, by bound and refine. A finer phase is a fixed
// combination of coarser ones, sum c_j y_j, so it cannot exceed sum |c_j| times their local maximum;
// the smallest such sums are in true_peak_table.hpp. Where that bound does not beat the best found
// so far, nothing finer is computed, and the answer is the same as if it had been.
#pragma once

#include "lanes.hpp"
#include "true_peak_table.hpp"

namespace {

using loudscope::BlockPeaks;
using loudscope::kPeakTaps;

constexpr int kGroup = 16;       // samples judged together
constexpr int kReach = 2;        // groups on either side that a bound draws on
constexpr int kHalfTaps = kPeakTaps / 2;
constexpr int kMaxGroups = loudscope::kMaxBlockFrames / kGroup + 2 * kReach + 3;
constexpr int kHalfPhase = kPeakPhases / 2;

struct Group {  // sixteen values in as many vectors as they take
  static constexpr int lanes = vector_lanes(kGroup, sizeof(float));
  static constexpr int count = kGroup / lanes;
  using V = typename VectorOf<float, lanes>::type;
  V v[count];

  static LOUDSCOPE_INLINE Group at(const float* x) {
    Group g;
    for (int i = 0; i < count; ++i) g.v[i] = load<V>(x + i * lanes);
    return g;
  }
  LOUDSCOPE_INLINE void put(float* to) const {
    for (int i = 0; i < count; ++i) store(to + i * lanes, v[i]);
  }
};

// Largest magnitude of the first `valid` values and its index.
struct Largest {
  float value;
  int at;
};

LOUDSCOPE_INLINE Largest largest(const float* x, int valid) {
  Largest best{0.0F, 0};
  for (int i = 0; i < valid; ++i) {
    const float m = magnitude(x[i]);
    if (m > best.value) best = {m, i};
  }
  return best;
}

LOUDSCOPE_INLINE float largest_value(const Group& g) {
  Group m = g;
  for (int i = 0; i < Group::count; ++i) m.v[i] = vector_magnitude(m.v[i]);
  for (int i = 1; i < Group::count; ++i) m.v[0] = larger(m.v[0], m.v[i]);
  float lane[Group::lanes];
  store(lane, m.v[0]);
  for (int step = Group::lanes / 2; step > 0; step /= 2) {
    for (int i = 0; i < step; ++i) lane[i] = lane[i] > lane[i + step] ? lane[i] : lane[i + step];
  }
  return lane[0];
}

// The half-sample phase is symmetric: fold, then half the products.
LOUDSCOPE_INLINE Group half_phase(const float* x) {
  Group sum;
  const float* taps = kPeakTable[kHalfPhase] + kHalfTaps;
  for (int i = 0; i < Group::count; ++i) {
    const float* at = x + i * Group::lanes;
    typename Group::V y = taps[0] * (load<typename Group::V>(at) + load<typename Group::V>(at + 1));
    for (int k = 1; k < kHalfTaps; ++k) {
      y += taps[k] *
           (load<typename Group::V>(at - k) + load<typename Group::V>(at + k + 1));
    }
    sum.v[i] = y;
  }
  return sum;
}

LOUDSCOPE_INLINE Group any_phase(const float* x, const float* taps) {
  Group sum;
  for (int i = 0; i < Group::count; ++i) {
    const float* from = x + i * Group::lanes - (kHalfTaps - 1);
    typename Group::V y = taps[0] * load<typename Group::V>(from);
    for (int k = 1; k < kPeakTaps; ++k) y += taps[k] * load<typename Group::V>(from + k);
    sum.v[i] = y;
  }
  return sum;
}

class PeakSearch {
 public:
  PeakSearch(const float* x, int frames)
      : x_(x), frames_(frames), groups_((frames + kGroup - 1) / kGroup) {}

  BlockPeaks run(bool exhaustive) {
    coarse();
    peaks_.true_peak = peaks_.sample_peak;
    peaks_.true_at = peaks_.sample_at;
    consider_half(top_);
    for (int g = 0; g < groups_; ++g) {
      if (exhaustive || reach(half_, g) * kBoundFromHalves > peaks_.true_peak) consider_half(g);
    }
    for (int g = 0; g < groups_; ++g) {
      if (exhaustive || bound_from_quarters(g) > peaks_.true_peak) consider_all(g);
    }
    return peaks_;
  }

 private:
  int valid(int g) const { return frames_ - g * kGroup < kGroup ? frames_ - g * kGroup : kGroup; }
  const float* group(int g) const { return x_ + g * kGroup; }

  // Samples and half-sample values of every group and of those that bounds reach into.
  void coarse() {
    float top = -1.0F;
    for (int g = -kReach; g < groups_ + kReach; ++g) {
      const float samples = largest_value(Group::at(group(g)));
      const float halves = largest_value(half_phase(group(g)));
      half_[g + kReach] = samples > halves ? samples : halves;
      quarter_[g + kReach] = -1.0F;
      if (g < 0 || g >= groups_) continue;
      if (samples > peaks_.sample_peak) note_sample(g);
      if (half_[g + kReach] > top) top = half_[g + kReach], top_ = g;
    }
  }

  void note_sample(int g) {  // the last group may reach over the block's end
    const Largest in = largest(group(g), valid(g));
    if (in.value > peaks_.sample_peak) {
      peaks_.sample_peak = in.value;
      peaks_.sample_at = g * kGroup + in.at;
    }
  }

  float reach(const float* of, int g) const {
    float most = 0.0F;
    for (int i = g; i <= g + 2 * kReach; ++i) most = of[i] > most ? of[i] : most;
    return most;
  }

  // The largest of the half-sample and quarter-sample values near g; computed where first needed.
  float bound_from_quarters(int g) {
    if (reach(half_, g) * kBoundFromHalves <= peaks_.true_peak) return 0.0F;
    for (int i = g - kReach; i <= g + kReach; ++i) {
      if (quarter_[i + kReach] >= 0.0F) continue;
      const float q1 = largest_value(any_phase(group(i), kPeakTable[kHalfPhase / 2]));
      const float q3 = largest_value(any_phase(group(i), kPeakTable[kHalfPhase + kHalfPhase / 2]));
      const float q = q1 > q3 ? q1 : q3;
      quarter_[i + kReach] = q > half_[i + kReach] ? q : half_[i + kReach];
    }
    return reach(quarter_, g) * kBoundFromQuarters;
  }

  void consider(int g, const Group& values) {
    if (largest_value(values) <= peaks_.true_peak) return;
    float lane[kGroup];
    values.put(lane);
    const Largest in = largest(lane, valid(g));
    if (in.value > peaks_.true_peak) {
      peaks_.true_peak = in.value;
      peaks_.true_at = g * kGroup + in.at;
    }
  }

  void consider_half(int g) { consider(g, half_phase(group(g))); }

  void consider_all(int g) {
    for (int phase = 1; phase < kPeakPhases; ++phase) {
      if (phase != kHalfPhase) consider(g, any_phase(group(g), kPeakTable[phase]));
    }
  }

  const float* x_;
  int frames_, groups_, top_ = 0;
  BlockPeaks peaks_;
  float half_[kMaxGroups], quarter_[kMaxGroups];
};

BlockPeaks block_peaks(const float* x, int frames, bool exhaustive) {
  return PeakSearch(x, frames).run(exhaustive);
}

// BS.1770-5 Annex 2: phases 2 and 3 are phases 1 and 0 reversed. Output n uses inputs n-11 .. n.
float itu_block_peak(const float* x, int frames) {
  constexpr int taps = 12;
  float best = 0.0F;
  for (int n = 0; n < frames; ++n) {
    for (const auto& phase : kItuPhases) {
      double forward = 0.0, backward = 0.0;
      for (int k = 0; k < taps; ++k) {
        forward += phase[k] * static_cast<double>(x[n - k]);
        backward += phase[taps - 1 - k] * static_cast<double>(x[n - k]);
      }
      const float a = magnitude(static_cast<float>(forward));
      const float b = magnitude(static_cast<float>(backward));
      best = a > best ? a : best;
      best = b > best ? b : best;
    }
  }
  return best;
}

}  // namespace
