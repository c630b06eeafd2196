// K-weighting and its energies, and the plain levels, over a few rows of lanes.
#pragma once

#include "lanes.hpp"

namespace {

template <int W>
struct Shelf {  // transposed direct form II, b0 = 1
  Pair<W> s1, s2;

  LOUDSCOPE_INLINE Pair<W> step(const loudscope::WeightingSteps& f, Pair<W> x) {
    const Pair<W> y = x + s1;
    s1 = (f.b1 * x + s2) - f.a1 * y;
    s2 = f.b2 * x - f.a2 * y;
    return y;
  }
};

template <int W>
struct Highpass {  // the sum of what came out, and the sum of that up to the frame before
  Pair<W> b, l;

  LOUDSCOPE_INLINE Pair<W> step(const loudscope::WeightingSteps& f, Pair<W> x) {
    const Pair<W> y = (x - f.turn * l) - f.rate * b;
    l = l + b;
    b = b + y;
    return y;
  }
};

// `Levels`: products of the pairs, too.
template <int W, bool Levels>
LOUDSCOPE_INLINE void weigh(loudscope::LaneState<W>& state, const double* rows, int frames,
                            const loudscope::WeightingSteps& f) {
  for (int lane = 0; lane < W / 2; lane += Pair<W>::lanes) {
    Shelf<W> shelf{Pair<W>::at(state.shelf[0], lane), Pair<W>::at(state.shelf[1], lane)};
    Highpass<W> highpass{Pair<W>::at(state.highpass[0], lane),
                         Pair<W>::at(state.highpass[1], lane)};
    auto energy = Sums<W, Levels>::at(state.k_energy, state.k_cross, lane);
    for (int t = 0; t < frames; ++t) {
      energy.add(highpass.step(f, shelf.step(f, Pair<W>::at(rows + t * W, lane))));
    }
    shelf.s1.put(state.shelf[0], lane), shelf.s2.put(state.shelf[1], lane);
    highpass.b.put(state.highpass[0], lane), highpass.l.put(state.highpass[1], lane);
    energy.put(state.k_energy, state.k_cross, lane);
  }
}

// The energies tell of bad samples, too, and are always kept.
template <int W, bool Levels>
LOUDSCOPE_INLINE void sum_levels(loudscope::LaneState<W>& state, const double* rows, int frames) {
  for (int lane = 0; lane < W / 2; lane += Pair<W>::lanes) {
    auto level = Sums<W, Levels>::at(state.energy, state.cross, lane);
    auto total = Pair<W>::at(state.total, lane);
    for (int t = 0; t < frames; ++t) {
      const Pair<W> x = Pair<W>::at(rows + t * W, lane);
      level.add(x);
      if constexpr (Levels) total = total + x;
    }
    level.put(state.energy, state.cross, lane);
    total.put(state.total, lane);
  }
}

}  // namespace
