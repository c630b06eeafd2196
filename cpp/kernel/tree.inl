// The band tree of a stream, whose few lanes would leave registers empty: all nodes of a depth run
// side by side, with the arithmetic of bands.inl.
#pragma once

#include "bands.inl"

namespace {

using loudscope::TreeLevel;

template <int W>
struct LaneSplits {  // as CommonSplit, one in each lane
  using V = typename Pair<W>::V;
  V back[4], sign;

  LOUDSCOPE_INLINE LaneSplits(const TreeLevel& level, int lane) : sign(load<V>(level.sign + lane)) {
    for (int k = 0; k < 4; ++k) back[k] = load<V>(level.back[k] + lane);
  }
  LOUDSCOPE_INLINE Pair<W> turned(Pair<W> sum) const { return sign * sum; }
};

// `out` has rows of 2 W lanes: of each channel the far sides, then the near sides.
template <int W, bool Feeds, bool Ends>
void run_level(TreeLevel& level, const double* in, double* out, int frames) {
  using P = Pair<W>;
  for (int lane = 0; lane < W / 2; lane += P::lanes) {
    const LaneSplits<W> f(level, lane);
    auto loop = Loop<W>::at(level.state, lane);
    auto far_sums = Sums<W>::at(level.energy[0], level.cross[0], lane);
    auto near_sums = Sums<W>::at(level.energy[1], level.cross[1], lane);
    for (int t = 0; t < frames; ++t) {
      P far;
      const P near = loop.step(f, P::at(in + t * W, lane), far);
      if constexpr (Ends) far_sums.add(far), near_sums.add(near);
      if constexpr (Feeds) {
        double* row = out + t * 2 * W + lane;
        store(row, far.a), store(row + W / 2, near.a);
        store(row + W, far.b), store(row + W + W / 2, near.b);
      }
    }
    loop.put(level.state, lane);
    if constexpr (Ends) {
      far_sums.put(level.energy[0], level.cross[0], lane);
      near_sums.put(level.energy[1], level.cross[1], lane);
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
