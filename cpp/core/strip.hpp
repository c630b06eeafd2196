// A strip: up to eight slots of two lanes, each lane one channel of one segment, run in lockstep.
#pragma once

#include <span>

#include "loudscope/rows.hpp"

namespace loudscope {

struct LaneJob {
  Programme* programme = nullptr;  // null: the lane is idle
  std::int64_t segment = 0;
  int channel = 0;
};

struct Slot {
  LaneJob first, second;
  bool joint = false;  // the same segment's left and right: their products are kept
};

// Segments laid out in slots: the front pair together, every other channel where it fits.
class Slots {
 public:
  void add(const Plan& plan, Programme& programme, std::int64_t begin, std::int64_t end);
  std::vector<Slot> take();

 private:
  std::vector<Slot> slots_;
  LaneJob single_;  // waits for another
};

// Filters the slots' segments and stores their rows; also their blocks' peaks, if wanted. All audio
// is of one sample type. Returns the first sample that cannot be measured, if there is one.
BadSample run_strip(const Plan& plan, std::span<const Slot> slots);

// Strips of all slots, on so many threads.
BadSample run_strips(const Plan& plan, const std::vector<Slot>& slots, int threads);

}  // namespace loudscope
