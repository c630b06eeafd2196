// One kernel: everything above, compiled for one instruction set. Included once by each .cpp here.
#pragma once

#include "bands.inl"
#include "fourier.inl"
#include "lanes.hpp"
#include "loading.inl"
#include "span_levels.inl"
#include "tree.inl"
#include "true_peak.inl"
#include "weighting.inl"

namespace {

// A few frames are loaded and weighed at a time: the filters wait for their own results, and the
// next frames are put in order meanwhile.
constexpr int kFrontFrames = 16;

template <class T, int W, bool Levels>
void run_front(loudscope::LaneState<W>& state, double* tile, const loudscope::LaneSource* lanes,
               int frames, const loudscope::LaneWork& work) {
  const Loader<T, W> loader(lanes);
  for (int begin = 0; begin < frames; begin += kFrontFrames) {
    const int count = begin + kFrontFrames < frames ? kFrontFrames : frames - begin;
    double* rows = work.passing ? tile : tile + begin * W;
    loader.load(rows, begin, count);
    if (work.weighting != nullptr) weigh<W, Levels>(state, rows, count, *work.weighting);
    sum_levels<W, Levels>(state, rows, count);
  }
}

template <class T, int W>
void front(loudscope::LaneState<W>& state, double* tile, const loudscope::LaneSource* lanes,
           int frames, const loudscope::LaneWork& work) {
  if constexpr (W == loudscope::kLiveLanes) {  // a stream keeps all of them
    run_front<T, W, true>(state, tile, lanes, frames, work);
  } else {
    const auto run = work.levels ? run_front<T, W, true> : run_front<T, W, false>;
    run(state, tile, lanes, frames, work);
  }
}

template <int W>
void advance(loudscope::LaneState<W>* state, double* tile, const loudscope::LaneSource* lanes,
             loudscope::SampleType type, int frames, const loudscope::LaneWork& work) {
  switch (type) {
    case loudscope::SampleType::f32:
      front<float, W>(*state, tile, lanes, frames, work);
      break;
    case loudscope::SampleType::f64:
      front<double, W>(*state, tile, lanes, frames, work);
      break;
    case loudscope::SampleType::i16:
      front<std::int16_t, W>(*state, tile, lanes, frames, work);
      break;
    case loudscope::SampleType::i32:
      front<std::int32_t, W>(*state, tile, lanes, frames, work);
      break;
  }
  if constexpr (W != loudscope::kLiveLanes) {  // whose tree is advanced by itself
    if (work.nodes != nullptr) {
      BandSplitter<W>{*state, work.nodes, frames, work.ahead, work.detail}.split(0, tile);
    }
  }
}

template <int W>
void rest(loudscope::LaneState<W>* state) {
  snap_to_rest(state->shelf[0], 2 * W);
  snap_to_rest(state->highpass[0], 2 * W);
  snap_to_rest(state->node[0][0], loudscope::kMaxNodes * 4 * W);
}

constexpr loudscope::Kernel make_kernel(const char* name) {
  return {name,      advance<16>, advance<4>, advance_tree,   rest<16>,    rest<4>,
          rest_tree, gather_any,  row_peaks,  itu_block_peak, span_levels, take_spectra};
}

}  // namespace
