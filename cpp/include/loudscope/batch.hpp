// Many short programmes at once: lanes run over clips, and nothing but the figures is kept.
#pragma once

#include <span>
#include <vector>

#include "loudscope/scan.hpp"

namespace loudscope {

struct ClipFigures {
  double integrated = 0;  // LUFS; -inf where no gating block is kept
  float true_peak = 0;    // linear, the largest of the channels
};

// What `plan` asks for of every clip: the figures of its own scan, bit for bit. All clips have the
// plan's channels and one sample type; lengths and strides may differ. Throws BadSample for the
// first clip that cannot be measured.
std::vector<ClipFigures> measure_clips(const Plan& plan, std::span<const AudioView> clips,
                                       const std::vector<double>& weights, int threads);

}  // namespace loudscope
