// Peaks and clipped runs of blocks, read from the audio around them.
#pragma once

#include <array>
#include <vector>

#include "loudscope/rows.hpp"

namespace loudscope {

struct PeakJob {
  std::int64_t row = -1;  // -1: nothing to read
  int channel = 0;
};

// Reads up to sixteen blocks in lockstep. `end_frame` is the programme's end, kOpenEnd while that
// is not known.
class PeakReader {
 public:
  // False for a job whose block holds what cannot be measured: NaN or a sample beyond the limit.
  std::array<bool, kBatchLanes> read(const Plan& plan, const PlacedAudio& audio,
                                     const std::array<PeakJob, kBatchLanes>& jobs,
                                     std::int64_t end_frame, Rows& rows);

 private:
  bool store(const Plan& plan, const PlacedAudio& audio, PeakJob job, std::int64_t end_frame,
             const BlockPeaks& peaks, Rows& rows);

  std::vector<float> samples_, scratch_;
};

}  // namespace loudscope
