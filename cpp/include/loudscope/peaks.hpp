// Peaks and clipped runs of blocks, read from the audio around them.
#pragma once

#include <array>
#include <vector>

#include "loudscope/rows.hpp"
#include "loudscope/scratch.hpp"

namespace loudscope {

struct PeakJob {
  Programme* programme = nullptr;  // null: nothing to read
  std::int64_t row = 0;
  int channel = 0;
};

// Reads up to sixteen blocks in lockstep, all of one sample type.
class PeakReader {
 public:
  // False for a job whose block holds what cannot be measured: NaN or a sample beyond the limit.
  std::array<bool, kBatchLanes> read(const Plan& plan,
                                     const std::array<PeakJob, kBatchLanes>& jobs);

 private:
  bool store(const Plan& plan, const PeakJob& job, const BlockPeaks& peaks);

  std::vector<float> samples_;
  Scratch scratch_;
};

}  // namespace loudscope
