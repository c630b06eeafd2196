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
};

template <int W, bool LowIsBand, bool HighIsBand>
void split_tile(double (*node)[W], const loudscope::Split& f, const double* in, int frames,
                const Side<W>& low, const Side<W>& high) {
  using P = Pair<W>;
  for (int lane = 0; lane < W / 2; lane += P::lanes) {
    P r1 = P::at(node[0], lane), i1 = P::at(node[1], lane);
    P r2 = P::at(node[2], lane), i2 = P::at(node[3], lane);
    auto low_sums = Sums<W>::at(low.energy, low.cross, lane);
    auto high_sums = Sums<W>::at(high.energy, high.cross, lane);
    for (int t = 0; t < frames; ++t) {
      const P x = P::at(in + t * W, lane);
      const P lo = f.direct_re * x + (r1 + r2);
      const P hi = f.direct_im * x + (i1 + i2);
      const P next_r1 = (f.gain_re[0] * x - f.pole_im[0] * i1) + f.pole_re[0] * r1;
      const P next_i1 = (f.gain_im[0] * x + f.pole_im[0] * r1) + f.pole_re[0] * i1;
      const P next_r2 = (f.gain_re[1] * x - f.pole_im[1] * i2) + f.pole_re[1] * r2;
      const P next_i2 = (f.gain_im[1] * x + f.pole_im[1] * r2) + f.pole_re[1] * i2;
      r1 = next_r1, i1 = next_i1, r2 = next_r2, i2 = next_i2;
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
    r1.put(node[0], lane), i1.put(node[1], lane);
    r2.put(node[2], lane), i2.put(node[3], lane);
    if constexpr (LowIsBand) low_sums.put(low.energy, low.cross, lane);
    if constexpr (HighIsBand) high_sums.put(high.energy, high.cross, lane);
  }
}

template <int W>
struct BandSplitter {
  loudscope::LaneState<W>& state;
  const loudscope::SplitNode* nodes;
  int frames;

  Side<W> side(int child, double* tile) {
    const int band = child < 0 ? -(child + 1) : 0;  // a node's side has no sums: any will do
    return {tile, state.band_energy[band], state.band_cross[band]};
  }

  void split(int index, const double* in) {
    const loudscope::SplitNode& node = nodes[index];
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
    split_tile<W, LowIsBand, HighIsBand>(state.node[index], node.split, in, frames,
                                         side(node.low, low), side(node.high, high));
  }
};

}  // namespace
