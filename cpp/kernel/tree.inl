// The band tree of a stream, whose few lanes would leave registers empty: all nodes of a depth run
// side by side, with the arithmetic of bands.inl.
#pragma once

#include "bands.inl"

namespace {

using loudscope::TreeLevel;

template <int W>
struct LaneSplits {  // as loudscope::Split, one in each lane
  using V = typename Pair<W>::V;
  V direct_re, direct_im;
  V pole_re[2], pole_im[2], gain_re[2], gain_im[2];

  LOUDSCOPE_INLINE LaneSplits(const TreeLevel& level, int lane)
      : direct_re(load<V>(level.direct_re + lane)), direct_im(load<V>(level.direct_im + lane)) {
    for (int k = 0; k < 2; ++k) {
      pole_re[k] = load<V>(level.pole_re[k] + lane), pole_im[k] = load<V>(level.pole_im[k] + lane);
      gain_re[k] = load<V>(level.gain_re[k] + lane), gain_im[k] = load<V>(level.gain_im[k] + lane);
    }
  }
};

// `out` has rows of 2 W lanes: of each channel the low sides, then the high sides.
template <int W, bool Feeds, bool Ends>
void run_level(TreeLevel& level, const double* in, double* out, int frames) {
  using P = Pair<W>;
  for (int lane = 0; lane < W / 2; lane += P::lanes) {
    const LaneSplits<W> f(level, lane);
    Pole<W> first{P::at(level.state[0], lane), P::at(level.state[1], lane)};
    Pole<W> second{P::at(level.state[2], lane), P::at(level.state[3], lane)};
    auto low = Sums<W>::at(level.energy[0], level.cross[0], lane);
    auto high = Sums<W>::at(level.energy[1], level.cross[1], lane);
    for (int t = 0; t < frames; ++t) {
      const P x = P::at(in + t * W, lane);
      const P lo = (f.direct_re * x + first.r) + second.r;
      const P hi = (f.direct_im * x + first.i) + second.i;
      first.step(f, 0, x);
      second.step(f, 1, x);
      if constexpr (Ends) low.add(lo), high.add(hi);
      if constexpr (Feeds) {
        double* row = out + t * 2 * W + lane;
        store(row, lo.a), store(row + W / 2, hi.a);
        store(row + W, lo.b), store(row + W + W / 2, hi.b);
      }
    }
    first.r.put(level.state[0], lane), first.i.put(level.state[1], lane);
    second.r.put(level.state[2], lane), second.i.put(level.state[3], lane);
    if constexpr (Ends) {
      low.put(level.energy[0], level.cross[0], lane);
      high.put(level.energy[1], level.cross[1], lane);
    }
  }
}

template <int W>
void descend(TreeLevel* level, const double* in, int frames) {
  if (!level->feeds) return run_level<W, false, true>(*level, in, nullptr, frames);
  Tile<2 * W> out;
  if (level->ends) {
    run_level<W, true, true>(*level, in, out.row, frames);
  } else {
    run_level<W, true, false>(*level, in, out.row, frames);
  }
  if constexpr (W < loudscope::kTreeLanes) descend<2 * W>(level + 1, out.row, frames);
}

void advance_tree(TreeLevel* levels, const double* tile, int frames) {
  descend<loudscope::kLiveLanes>(levels, tile, frames);
}

void rest_tree(TreeLevel* levels, int count) {
  for (int d = 0; d < count; ++d) snap_to_rest(levels[d].state[0], 4 * loudscope::kTreeLanes);
}

}  // namespace
