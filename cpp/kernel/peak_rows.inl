// Groups of eight frames of sixteen lanes in lockstep: what a first look at the samples says, and a
// second look at the half-sample values where the first says too little.
#pragma once

#include "interpolation.inl"

namespace {

// Rows of sixteen lanes, so that no load is unaligned and no maximum is taken across a register.
struct RowGroup {
  static constexpr int lanes = vector_lanes(kRowLanes, sizeof(float));
  using V = typename VectorOf<float, lanes>::type;
  static constexpr int kStep = 4;  // outputs that share the rows they read

  static LOUDSCOPE_INLINE V row(const float* rows, int t) { return load<V>(rows + t * kRowLanes); }

  // Largest sample, largest of it and the next group's first, largest second difference. `sum`
  // ends as no number once a sample is not finite.
  static void survey(const float* rows, float* samples, float* reach, float* bends, V& sum) {
    V sample{}, bend{}, before = row(rows, -1), here = row(rows, 0);
    for (int t = 0; t < kGroup; ++t) {
      const V next = row(rows, t + 1);
      sum += here;
      sample = larger(sample, vector_magnitude(here));
      bend = larger(bend, vector_magnitude((before + next) - 2.0F * here));
      before = here;
      here = next;
    }
    store(samples, sample);
    store(reach, larger(sample, vector_magnitude(here)));
    store(bends, bend);
  }

  // What no phase of a group can exceed, by samples and second differences up to three groups away.
  static void bound_from_samples(const float* bends, float* reach_then_bound) {
    const V near = larger(larger(row(bends, -1), row(bends, 1)), row(bends, 0));
    const V wide = larger(larger(larger(row(bends, -3), row(bends, -2)), row(bends, 2)),
                          larger(row(bends, 3), near));
    const V reach = load<V>(reach_then_bound);
    const V slack = smaller(1e30F * (reach + wide), kSlack + V{});  // none for digital silence
    store(reach_then_bound, (kBoundFromSamples.near * reach + slack) +
                                (kBoundFromSamples.curve * near + kBoundFromSamples.far * wide));
  }

  // Half-sample values, and the second differences of samples and half-samples.
  static void halve(const float* rows, float* halves, float* curves, V& last) {
    V half{}, curve{};
    for (int t = 0; t < kGroup; t += kStep) {
      V x[kStep + 1], y[kStep];
      for (int i = 0; i <= kStep; ++i) x[i] = row(rows, t + i);
      for (int i = 0; i < kStep; ++i) {
        y[i] = kPeakTable[kHalfPhase][kHalfTaps] * (x[i] + x[i + 1]);
      }
      for (int k = 1; k < kHalfTaps; ++k) {
        const float tap = kPeakTable[kHalfPhase][kHalfTaps + k];
        for (int i = 0; i < kStep; ++i) {
          y[i] += tap * (row(rows, t + i - k) + row(rows, t + i + k + 1));
        }
      }
      for (int i = 0; i < kStep; ++i) {
        half = larger(half, larger(vector_magnitude(x[i]), vector_magnitude(y[i])));
        curve = larger(curve, vector_magnitude((last + y[i]) - 2.0F * x[i]));
        curve = larger(curve, vector_magnitude((x[i] + x[i + 1]) - 2.0F * y[i]));
        last = y[i];
      }
    }
    store(halves, half);
    store(curves, curve);
  }

  // What the phases between samples and half-sample values of a group cannot exceed.
  static void bound_from_halves(const float* halves, const float* curves, const float* far,
                                float* out) {
    const V near = larger(larger(row(halves, -1), row(halves, 1)), row(halves, 0));
    const V curve = larger(larger(row(curves, -1), row(curves, 1)), row(curves, 0));
    const V beyond = load<V>(far), slack = smaller(1e30F * beyond, kSlack + V{});
    const V by_size = kBoundFromHalves.near * near + kBoundFromHalves.far * beyond;
    const V by_curve = (kBoundFromCurve.near * near + kBoundFromCurve.far * beyond) +
                       kBoundFromCurve.curve * curve;
    store(out, smaller(by_size, by_curve) + slack);
  }
};

}  // namespace
