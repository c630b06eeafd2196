// A strip: up to eight slots of two lanes, each lane one channel of one segment, run in lockstep.
#pragma once

#include <span>

#include "loudscope/rows.hpp"

namespace loudscope {

struct LaneJob {
  std::int64_t segment = -1;  // -1: the lane is idle
  int channel = 0;
};

struct Slot {
  LaneJob first, second;
  bool joint = false;  // the same segment's left and right: their products are kept
};

// Slots for the segments [begin, end): the front pair together, every other channel where it fits.
std::vector<Slot> make_slots(const Plan& plan, std::int64_t begin, std::int64_t end);

// Filters the slots' segments and stores their rows; also their blocks' peaks, if wanted.
// Returns the first sample that cannot be measured, if there is one.
BadSample run_strip(const Plan& plan, const PlacedAudio& audio, std::span<const Slot> slots,
                    std::int64_t end_frame, std::int64_t stop_frame, Rows& rows);

}  // namespace loudscope
