// The band tree over one tile of lanes: each node is one loop of four sums, of which both sides
// are made.
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

// A split for all lanes.
template <bool Mirrored>
struct CommonSplit {
  const double* back;

  template <class P>
  LOUDSCOPE_INLINE P turned(P sum) const {
    if constexpr (Mirrored) return -1.0 * sum;
    return sum;
  }
};

// The four sums of a split: loudscope::Split says how they run.
template <int W>
struct Loop {
  Pair<W> s1, s2, s3, s4;

  template <int Row>
  static LOUDSCOPE_INLINE Loop at(const double (*state)[Row], int lane) {
    return {Pair<W>::at(state[0], lane), Pair<W>::at(state[1], lane), Pair<W>::at(state[2], lane),
            Pair<W>::at(state[3], lane)};
  }
  template <class Split>  // returns the near side
  LOUDSCOPE_INLINE Pair<W> step(const Split& f, Pair<W> x, Pair<W>& far) {
    const Pair<W> near =
        (((x - f.back[3] * s4) - f.back[2] * s3) - f.back[0] * s1) - f.back[1] * s2;
    far = (16.0 * s4 + f.turned(8.0 * s2)) + near;
    s3 = f.turned(s3) + s2;
    s4 = f.turned(s4) + s3;
    s1 = f.turned(s1) + near;
    s2 = f.turned(s2) + s1;
    return near;
  }
  template <int Row>
  LOUDSCOPE_INLINE void put(double (*state)[Row], int lane) const {
    s1.put(state[0], lane), s2.put(state[1], lane);
    s3.put(state[2], lane), s4.put(state[3], lane);
  }
};

// The sides of a split as they come out, frame by frame.
template <int W, bool FarIsBand, bool NearIsBand, bool Detail>
struct Outlet {
  const Side<W>&far, &near;
  int lane;
  BandSums<W, Detail> far_sums, near_sums;

  LOUDSCOPE_INLINE Outlet(const Side<W>& far, const Side<W>& near, int lane)
      : far(far),
        near(near),
        lane(lane),
        far_sums(BandSums<W, Detail>::at(far, lane)),
        near_sums(BandSums<W, Detail>::at(near, lane)) {}
  LOUDSCOPE_INLINE void take(int t, Pair<W> from_far, Pair<W> from_near) {
    if constexpr (FarIsBand) {
      far_sums.add(from_far);
    } else {
      from_far.put(far.tile + t * W, lane);
    }
    if constexpr (NearIsBand) {
      near_sums.add(from_near);
    } else {
      from_near.put(near.tile + t * W, lane);
    }
  }
  LOUDSCOPE_INLINE void close() const {
    if constexpr (FarIsBand) far_sums.put(far, lane);
    if constexpr (NearIsBand) near_sums.put(near, lane);
  }
};

// Two vectors of pairs at a time where there are as many: each waits for its own results.
template <int W, bool Mirrored, bool FarIsBand, bool NearIsBand, bool Detail>
void split_tile(double (*node)[W], const loudscope::Split& split, const double* in, int frames,
                const Side<W>& far, const Side<W>& near) {
  using P = Pair<W>;
  using Out = Outlet<W, FarIsBand, NearIsBand, Detail>;
  constexpr int next = W / 2 > P::lanes ? P::lanes : 0;
  const CommonSplit<Mirrored> f{split.back};
  for (int lane = 0; lane < W / 2; lane += P::lanes + next) {
    auto a = Loop<W>::at(node, lane), b = Loop<W>::at(node, lane + next);
    Out out_a(far, near, lane), out_b(far, near, lane + next);
    for (int t = 0; t < frames; ++t) {
      P far_side;
      P near_side = a.step(f, P::at(in + t * W, lane), far_side);
      out_a.take(t, far_side, near_side);
      if constexpr (next > 0) {
        near_side = b.step(f, P::at(in + t * W, lane + next), far_side);
        out_b.take(t, far_side, near_side);
      }
    }
    a.put(node, lane);
    out_a.close();
    if constexpr (next > 0) b.put(node, lane + next), out_b.close();
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
    if (nodes[index].split.mirrored) {
      run_sides<true, HighIsBand, LowIsBand>(index, in, nodes[index].high, high, nodes[index].low,
                                             low);
    } else {
      run_sides<false, LowIsBand, HighIsBand>(index, in, nodes[index].low, low, nodes[index].high,
                                              high);
    }
  }

  template <bool Mirrored, bool FarIsBand, bool NearIsBand>
  void run_sides(int index, const double* in, int far_child, double* far, int near_child,
                 double* near) {
    const auto split = detail && (FarIsBand || NearIsBand)
                           ? split_tile<W, Mirrored, FarIsBand, NearIsBand, true>
                           : split_tile<W, Mirrored, FarIsBand, NearIsBand, false>;
    split(state.node[index], nodes[index].split, in, frames, side(far_child, far),
          side(near_child, near));
  }
};

}  // namespace
