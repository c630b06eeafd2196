// One kernel: everything above, compiled for one instruction set. Included once by each .cpp here.
#pragma once

#include "bands.inl"
#include "lanes.hpp"
#include "loading.inl"
#include "tree.inl"
#include "true_peak.inl"
#include "weighting.inl"

namespace {

template <int W>
void advance(loudscope::LaneState<W>* state, const double* tile, int frames,
             const loudscope::LaneWork& work) {
  if (work.weighting != nullptr) weigh<W>(*state, tile, frames, *work.weighting);
  if (work.nodes != nullptr) {
    BandSplitter<W>{*state, work.nodes, frames, work.ahead, work.detail}.split(0, tile);
  }
  sum_levels<W>(*state, tile, frames);
}

template <int W>
void rest(loudscope::LaneState<W>* state) {
  snap_to_rest(state->shelf[0], 2 * W);
  snap_to_rest(state->highpass[0], 2 * W);
  snap_to_rest(state->node[0][0], loudscope::kMaxNodes * 4 * W);
}

constexpr loudscope::Kernel make_kernel(const char* name) {
  return {name,     load_any<16>, load_any<4>, advance<16>, advance<4>, advance_tree,
          rest<16>, rest<4>,      rest_tree,   gather_any,  row_peaks,  itu_block_peak};
}

}  // namespace
