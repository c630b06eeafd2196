// Peaks and energy of a span of one channel.
#pragma once

#include "lanes.hpp"

namespace {

constexpr int kSpanLanes = 16;          // sample t counts in lane t mod 16
constexpr int kFold = 64 * kSpanLanes;  // samples whose squares are added in single precision

struct SpanLanes {
  static constexpr int lanes = vector_lanes(kSpanLanes, sizeof(float));
  static constexpr int count = kSpanLanes / lanes;
  using V = typename VectorOf<float, lanes>::type;
  V high[count], low[count], squares[count];

  LOUDSCOPE_INLINE explicit SpanLanes(const float* x) {
    for (int i = 0; i < count; ++i) {
      high[i] = low[i] = load<V>(x + i * lanes);
      squares[i] = high[i] * high[i];
    }
  }

  LOUDSCOPE_INLINE void add(const float* x) {
    for (int i = 0; i < count; ++i) {
      const V v = load<V>(x + i * lanes);
      high[i] = larger(v, high[i]);
      low[i] = smaller(v, low[i]);
      squares[i] += v * v;
    }
  }

  void fold(loudscope::SpanLevels& into) const {
    float sums[kSpanLanes], highs[kSpanLanes], lows[kSpanLanes];
    for (int i = 0; i < count; ++i) {
      store(sums + i * lanes, squares[i]);
      store(highs + i * lanes, high[i]);
      store(lows + i * lanes, low[i]);
    }
    for (int half = kSpanLanes / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; ++lane) {
        sums[lane] += sums[lane + half];
        if (highs[lane + half] > highs[lane]) highs[lane] = highs[lane + half];
        if (lows[lane + half] < lows[lane]) lows[lane] = lows[lane + half];
      }
    }
    into.energy += sums[0];
    if (highs[0] > into.high) into.high = highs[0];
    if (lows[0] < into.low) into.low = lows[0];
  }
};

loudscope::SpanLevels span_levels(const float* samples, std::int64_t frames) {
  if (frames <= 0) return {};
  loudscope::SpanLevels levels{samples[0], samples[0], 0.0};
  std::int64_t at = 0;
  while (at + kSpanLanes <= frames) {
    const std::int64_t end = at + kFold < frames ? at + kFold : frames;
    SpanLanes sums(samples + at);
    for (at += kSpanLanes; at + kSpanLanes <= end; at += kSpanLanes) sums.add(samples + at);
    sums.fold(levels);
  }
  for (; at < frames; ++at) {
    const float x = samples[at];
    if (x > levels.high) levels.high = x;
    if (x < levels.low) levels.low = x;
    levels.energy += static_cast<double>(x) * x;
  }
  return levels;
}

}  // namespace
