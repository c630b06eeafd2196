// The promise between the core and the kernels: what a kernel computes, lane by lane.
//
// Lanes are independent: lane l of every array belongs to one stretch of one channel, and lane
// l + W/2 is its partner (front right to front left), whose product with it is summed as well.
// Every kernel performs the same IEEE operations in the same order on each lane, without fused
// multiply-add, so the figures are the same bits on every CPU.
#pragma once

#include <cstddef>
#include <cstdint>

#include "loudscope/audio.hpp"
#include "loudscope/design.hpp"
#include "loudscope/spectra.hpp"

namespace loudscope {

inline constexpr int kTileFrames = 64;  // what the band tree takes at a time
inline constexpr int kRunFrames = 512;  // what is taken at a time without it
inline constexpr int kMaxNodes = 15;
inline constexpr int kMaxBands = kMaxNodes + 1;
inline constexpr int kBatchLanes = 16;  // whole files: eight distant stretches, two channels each
inline constexpr int kLiveLanes = 4;    // streams: the present stretch and the pre-roll of the next

inline constexpr int kPeakTaps = 36;      // taps of each phase of the true-peak interpolator
inline constexpr int kPeakContext = 128;  // frames that must be readable on either side of a block
inline constexpr int kMaxBlockFrames = 38400;  // 100 ms at 384 kHz
inline constexpr int kPeakRows = kMaxBlockFrames + 2 * kPeakContext + kPeakTaps;
inline constexpr int kPeakGroups = kPeakRows / 8 + 2;  // groups of 8 frames, context included
inline constexpr double kSampleLimit = 100.0;  // beyond +40 dBFS: unscaled integers, not audio

template <int W>
struct alignas(64) LaneState {
  double shelf[2][W];
  double highpass[2][W];
  double node[kMaxNodes][4][W];  // the four sums of each split

  // Sums since they were last cleared by their owner. After K-weighting they are without its gain:
  // WeightingSteps::power; in bands without what the splits leave out: BandTree::gains.
  double k_energy[W];
  double k_cross[W / 2];
  double energy[W];
  double total[W];
  double cross[W / 2];
  double band_energy[kMaxBands][W];
  double band_cross[kMaxBands][W / 2];
  double band_peak[kMaxBands][W];  // largest magnitudes; kept for detail only
};

// The nodes of one depth of a stream's band tree, side by side. Lane 2 p is node p's present
// stretch, lane 2 p + 1 the pre-roll of its next; the second channel's lanes follow the first's.
// Rows have 4 * nodes lanes, a half of it where both channels share what is in them.
inline constexpr int kTreeLanes = 32;
struct alignas(64) TreeLevel {
  bool feeds = false, ends = false;  // whether a side is a node, or a band
  double back[4][kTreeLanes / 2] = {};
  double sign[kTreeLanes / 2] = {};  // -1: mirrored
  double state[4][kTreeLanes] = {};
  double energy[2][kTreeLanes] = {};     // far and near sides
  double cross[2][kTreeLanes / 2] = {};  // first times second channel
};

struct LaneWork {                             // what to compute on a tile
  const WeightingSteps* weighting = nullptr;  // null: skip
  const SplitNode* nodes = nullptr;           // the band tree, root first; null: skip
  int ahead = 0;                              // ticks until the segments begin
  bool levels = true;                         // total, cross and k_cross too
  bool detail = false;                        // band_peak too
  bool passing = false;                       // the tile is of no use afterwards; not with nodes
};

struct LaneSource {  // where a lane's next frames are; null: silence
  const std::byte* data;
  std::ptrdiff_t frame_stride;
};

struct BlockPeaks {
  float sample_peak = 0.0F;
  float true_peak = 0.0F;
  int sample_at = 0;  // frame in the block
  int true_at = 0;    // the frame at or before the peak
  bool sound = true;  // false: a sample is NaN or infinite

  static constexpr BlockPeaks unsound() { return {0.0F, 0.0F, 0, 0, false}; }
};

// Frames, relative to a block's first, whose interpolated values belong to the block: its own, and
// the interpolator's tails where the programme begins or ends. Empty: an idle lane.
struct PeakSpan {
  int begin = 0, end = 0;
};

// A lane's frames [begin, end) relative to a block's first; silence elsewhere.
struct RowSource {
  const std::byte* data = nullptr;  // frame `begin`
  std::ptrdiff_t frame_stride = 0;
  int begin = 0, end = 0;
};

struct SpanLevels {  // of samples: the highest, the lowest, the sum of squares
  float high = 0.0F, low = 0.0F;
  double energy = 0.0;
};

struct Kernel {
  const char* name;
  // Loads `frames` frames of every lane into tile[frame * lanes + lane], and does the work on them.
  // At most kTileFrames, which the tile has to hold; kRunFrames if they are only passing.
  void (*advance16)(LaneState<16>* state, double* tile, const LaneSource* lanes, SampleType type,
                    int frames, const LaneWork& work);
  void (*advance4)(LaneState<4>* state, double* tile, const LaneSource* lanes, SampleType type,
                   int frames, const LaneWork& work);
  // A stream's band tree over a tile of kLiveLanes: `levels` from the root down.
  void (*advance_tree)(TreeLevel* levels, const double* tile, int frames);
  // Snaps filter states too small to matter to zero; called at the end of each tick.
  void (*rest16)(LaneState<16>* state);
  void (*rest4)(LaneState<4>* state);
  void (*rest_tree)(TreeLevel* levels, int count);
  // Copies a channel to contiguous float32.
  void (*gather)(float* out, const LaneSource& source, SampleType type, int frames);
  // Peaks of a block in each of sixteen lanes. `exhaustive` interpolates everywhere; otherwise what
  // provably cannot exceed is skipped. Of a lane that has a floor, only a peak above it is found;
  // null: there are none. `scratch` holds 3 * kPeakGroups * 16 values.
  void (*peaks16)(const RowSource* lanes, SampleType type, const PeakSpan* spans,
                  const float* floors, float* scratch, bool exhaustive, BlockPeaks* out);
  // BS.1770-5 Annex 2: the order-48 four-phase table's own reading over `frames` input samples.
  float (*itu_peak)(const float* x, int frames);
  // Of finite samples, at any address; of none, those of silence.
  SpanLevels (*span_levels)(const float* samples, std::int64_t frames);
  // Spectra of up to sixteen windows of one or two channels.
  void (*spectra)(const SpectraPlan& plan, const SpectraWork& work);
};

// Kernels that this machine can run, best first; the environment variable LOUDSCOPE_KERNEL, read
// once, moves the named one to the front. Throws std::invalid_argument for a name that is not
// there.
const Kernel& active_kernel();
std::size_t available_kernels(const Kernel** out, std::size_t capacity);
const Kernel* find_kernel(const char* name);

}  // namespace loudscope
