// K-weighting and its energies, and the plain levels, over one tile of lanes.
#pragma once

#include "lanes.hpp"

namespace {

template <int W>
struct BiquadState {  // transposed direct form II
  Pair<W> s1, s2;

  static LOUDSCOPE_INLINE BiquadState at(double (*state)[W], int lane) {
    return {Pair<W>::at(state[0], lane), Pair<W>::at(state[1], lane)};
  }
  LOUDSCOPE_INLINE Pair<W> step(const loudscope::Biquad& f, Pair<W> x) {
    const Pair<W> y = f.b0 * x + s1;
    s1 = (f.b1 * x + s2) - f.a1 * y;
    s2 = f.b2 * x - f.a2 * y;
    return y;
  }
  LOUDSCOPE_INLINE void put(double (*state)[W], int lane) const {
    s1.put(state[0], lane);
    s2.put(state[1], lane);
  }
};

template <int W>
void weigh(loudscope::LaneState<W>& state, const double* tile, int frames,
           const loudscope::KWeighting& weighting) {
  for (int lane = 0; lane < W / 2; lane += Pair<W>::lanes) {
    auto shelf = BiquadState<W>::at(state.shelf, lane);
    auto highpass = BiquadState<W>::at(state.highpass, lane);
    auto energy = Sums<W>::at(state.k_energy, state.k_cross, lane);
    for (int t = 0; t < frames; ++t) {
      const Pair<W> x = Pair<W>::at(tile + t * W, lane);
      energy.add(highpass.step(weighting.highpass, shelf.step(weighting.shelf, x)));
    }
    shelf.put(state.shelf, lane);
    highpass.put(state.highpass, lane);
    energy.put(state.k_energy, state.k_cross, lane);
  }
}

template <int W>
void sum_levels(loudscope::LaneState<W>& state, const double* tile, int frames) {
  for (int lane = 0; lane < W / 2; lane += Pair<W>::lanes) {
    auto level = Sums<W>::at(state.energy, state.cross, lane);
    auto total = Pair<W>::at(state.total, lane);
    for (int t = 0; t < frames; ++t) {
      const Pair<W> x = Pair<W>::at(tile + t * W, lane);
      level.add(x);
      total = total + x;
    }
    level.put(state.energy, state.cross, lane);
    total.put(state.total, lane);
  }
}

}  // namespace
