// The interpolator: sample, half-sample and finer values of eight samples at a time.
#pragma once

#include "lanes.hpp"
#include "true_peak_table.hpp"

namespace {

using loudscope::BlockPeaks;
using loudscope::kPeakTaps;
using loudscope::PeakSpan;

constexpr int kGroup = 8;  // samples judged together; bounds draw on one group on either side
constexpr int kWide = 3;   // groups on either side that hold all samples of a phase
constexpr int kReach = 8;  // groups of context that are surveyed: 36 samples, and kWide
constexpr int kCrowd = 8;  // one group in so many left to search: look closer before
constexpr int kHalfTaps = kPeakTaps / 2;
constexpr int kMaxLead = loudscope::kPeakContext / kGroup;  // groups before the block
constexpr int kMaxGroups = loudscope::kPeakGroups;
constexpr int kRowLanes = loudscope::kBatchLanes;
constexpr int kNear = 3 * kGroup;  // the samples of a group and its neighbours
constexpr int kWindow = kNear + kPeakTaps;
constexpr int kHalfPhase = kPeakPhases / 2;
constexpr float kSlack =
    1e-36F;  // added to bounds, for denormal products round by more than a share

// Tiers of phases: halves, quarters, eighths, all others.
constexpr int kQuarters[] = {8, 24}, kEighths[] = {4, 12, 20, 28};
constexpr int kOthers[] = {1,  2,  3,  5,  6,  7,  9,  10, 11, 13, 14, 15,
                           17, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30, 31};

constexpr int first_group(PeakSpan span) { return span.begin < 0 ? -(kHalfTaps / kGroup + 1) : 0; }
constexpr int last_group(PeakSpan span) { return (span.end + kGroup - 1) / kGroup; }

struct Group {  // eight values in as many vectors as they take
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

struct Largest {
  float value;
  int at;
};

LOUDSCOPE_INLINE Group magnitudes(Group g) {
  for (int i = 0; i < Group::count; ++i) g.v[i] = vector_magnitude(g.v[i]);
  return g;
}

LOUDSCOPE_INLINE Group larger(Group a, const Group& b) {
  for (int i = 0; i < Group::count; ++i) a.v[i] = larger(a.v[i], b.v[i]);
  return a;
}

// Of values without a sign.
LOUDSCOPE_INLINE float largest_value(const Group& g) {
  typename Group::V x = g.v[0];
  for (int i = 1; i < Group::count; ++i) x = larger(x, g.v[i]);
  return largest_lane(x);
}

LOUDSCOPE_INLINE Group larger_bend(Group most, const Group& a, const Group& b, const Group& c) {
  for (int i = 0; i < Group::count; ++i) {
    most.v[i] = larger(most.v[i], vector_magnitude((a.v[i] + c.v[i]) - 2.0F * b.v[i]));
  }
  return most;
}

// The half-sample phase is symmetric: fold, then half the products.
LOUDSCOPE_INLINE Group half_phase(const float* x) {
  Group sum;
  const float* taps = kPeakTable[kHalfPhase] + kHalfTaps;
  for (int i = 0; i < Group::count; ++i) {
    const float* at = x + i * Group::lanes;
    typename Group::V y = taps[0] * (load<typename Group::V>(at) + load<typename Group::V>(at + 1));
    for (int k = 1; k < kHalfTaps; ++k) {
      y += taps[k] * (load<typename Group::V>(at - k) + load<typename Group::V>(at + k + 1));
    }
    sum.v[i] = y;
  }
  return sum;
}

// Several phases at once, so that each sample is loaded once for all of them.
template <int Count>
LOUDSCOPE_INLINE void finer_phases(const float* x, const int* phases, Group* out) {
  using V = typename Group::V;
  for (int i = 0; i < Group::count; ++i) {
    const float* from = x + i * Group::lanes - (kHalfTaps - 1);
    V y[Count];
    for (int p = 0; p < Count; ++p) y[p] = kPeakTable[phases[p]][0] * load<V>(from);
    for (int k = 1; k < kPeakTaps; ++k) {
      const V here = load<V>(from + k);
      for (int p = 0; p < Count; ++p) y[p] += kPeakTable[phases[p]][k] * here;
    }
    for (int p = 0; p < Count; ++p) out[p].v[i] = y[p];
  }
}

}  // namespace
