// The band tree over one tile of lanes: each node is one complex all-pass whose real part is the
// low side and whose imaginary part is the high side.
#pragma once

#include "lanes.hpp"

namespace {

using loudscope::kTileFrames;

template <int W>
struct Tile {
  alignas(64) double row[kTileFrames * W];
};

// Where one side of a split goes: on to a node as a tile, or into a band's sums.
template <int W>
struct Side {
  double* tile;  // null: this side is a band
  double* energy;
  double* cross;
  double* peak;
};

// A band's sums and, if wanted, its largest magnitude.
template <int W, bool Detail>
struct BandSums {
  Sums<W> sums;
  Pair<W> peak;

  static LOUDSCOPE_INLINE BandSums at(const Side<W>& side, int lane) {
    return {Sums<W>::at(side.energy, side.cross, lane), Pair<W>::at(side.peak, lane)};
  }
  LOUDSCOPE_INLINE void add(Pair<W> y) {
    sums.add(y);
    if constexpr (Detail) {
      peak.a = larger(peak.a, vector_magnitude(y.a));
      peak.b = larger(peak.b, vector_magnitude(y.b));
    }
  }
  LOUDSCOPE_INLINE void put(const Side<W>& side, int lane) const {
    sums.put(side.energy, side.cross, lane);
    if constexpr (Detail) peak.put(side.peak, lane);
  }
};

// One of the two states of a split: r + j i.
template <int W>
struct Pole {
  Pair<W> r, i;

  static LOUDSCOPE_INLINE Pole at(double (*state)[W], int lane) {
    return {Pair<W>::at(state[0], lane), Pair<W>::at(state[1], lane)};
  }
  template <class F>  // one split for all lanes, or one for each
  LOUDSCOPE_INLINE void step(const F& f, int pole, Pair<W> x) {
    const Pair<W> next = (f.gain_re[pole] * x - f.pole_im[pole] * i) + f.pole_re[pole] * r;
    i = (f.gain_im[pole] * x + f.pole_im[pole] * r) + f.pole_re[pole] * i;
    r = next;
  }
  LOUDSCOPE_INLINE void put(double (*state)[W], int lane) const {
    r.put(state[0], lane);
    i.put(state[1], lane);
  }
};

// The sides of a split as they come out, frame by frame.
template <int W, bool LowIsBand, bool HighIsBand, bool Detail>
struct Outlet {
  const Side<W>&low, &high;
  int lane;
  BandSums<W, Detail> low_sums, high_sums;

  LOUDSCOPE_INLINE Outlet(const Side<W>& low, const Side<W>& high, int lane)
      : low(low),
        high(high),
        lane(lane),
        low_sums(BandSums<W, Detail>::at(low, lane)),
        high_sums(BandSums<W, Detail>::at(high, lane)) {}
  LOUDSCOPE_INLINE void take(int t, Pair<W> lo, Pair<W> hi) {
    if constexpr (LowIsBand) {
      low_sums.add(lo);
    } else {
      lo.put(low.tile + t * W, lane);
    }
    if constexpr (HighIsBand) {
      high_sums.add(hi);
    } else {
      hi.put(high.tile + t * W, lane);
    }
  }
  LOUDSCOPE_INLINE void close() const {
    if constexpr (LowIsBand) low_sums.put(low, lane);
    if constexpr (HighIsBand) high_sums.put(high, lane);
  }
};

template <int W, bool LowIsBand, bool HighIsBand, bool Detail>
void split_tile(double (*node)[W], const loudscope::Split& f, const double* in, int frames,
                const Side<W>& low, const Side<W>& high) {
  using P = Pair<W>;
  for (int lane = 0; lane < W / 2; lane += P::lanes) {
    auto first = Pole<W>::at(node, lane), second = Pole<W>::at(node + 2, lane);
    Outlet<W, LowIsBand, HighIsBand, Detail> outlet(low, high, lane);
    for (int t = 0; t < frames; ++t) {
      const P x = P::at(in + t * W, lane);
      const P lo = (f.direct_re * x + first.r) + second.r;
      const P hi = (f.direct_im * x + first.i) + second.i;
      first.step(f, 0, x);
      second.step(f, 1, x);
      outlet.take(t, lo, hi);
    }
    first.put(node, lane);
    second.put(node + 2, lane);
    outlet.close();
  }
}

template <int W>
struct BandSplitter {
  loudscope::LaneState<W>& state;
  const loudscope::SplitNode* nodes;
  int frames;
  int ahead;
  bool detail;

  Side<W> side(int child, double* tile) {
    const int band = child < 0 ? -(child + 1) : 0;  // a node's side has no sums: any will do
    return {tile, state.band_energy[band], state.band_cross[band], state.band_peak[band]};
  }

  // A node begins as many ticks before the segments as it takes to settle.
  void split(int index, const double* in) {
    const loudscope::SplitNode& node = nodes[index];
    if (node.preroll_ticks < ahead) return;
    const bool low_band = node.low < 0, high_band = node.high < 0;
    if (low_band && high_band) return run<true, true>(index, in, nullptr, nullptr);
    Tile<W> low;
    if (high_band) {
      run<false, true>(index, in, low.row, nullptr);
      return split(node.low, low.row);
    }
    Tile<W> high;
    if (low_band) {
      run<true, false>(index, in, nullptr, high.row);
      return split(node.high, high.row);
    }
    run<false, false>(index, in, low.row, high.row);
    split(node.low, low.row);
    split(node.high, high.row);
  }

  template <bool LowIsBand, bool HighIsBand>
  void run(int index, const double* in, double* low, double* high) {
    const loudscope::SplitNode& node = nodes[index];
    const auto split = detail && (LowIsBand || HighIsBand)
                           ? split_tile<W, LowIsBand, HighIsBand, true>
                           : split_tile<W, LowIsBand, HighIsBand, false>;
    split(state.node[index], node.split, in, frames, side(node.low, low), side(node.high, high));
  }
};

}  // namespace
