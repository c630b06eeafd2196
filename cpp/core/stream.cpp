#include <algorithm>
#include <stdexcept>

#include "loudscope/rows.hpp"

namespace loudscope {
namespace {

constexpr std::size_t kWindowBytes = 24U << 20U;  // of audio measured at a time

}  // namespace

Stream::Stream(Plan plan, std::int64_t first_row, std::int64_t stop_row, int threads)
    : scan_(std::move(plan), first_row, stop_row),
      threads_(threads),
      next_segment_(first_row / kSegmentBlocks),
      origin_(scan_.plan().first_needed(first_row)),
      held_(scan_.plan().channels, origin_) {}

void Stream::push(const AudioView& chunk) {
  scan_.plan().expect(chunk);
  if (!typed_) {
    typed_ = true;
    type_ = chunk.type;
    // Enough segments to fill every thread's lanes, if memory allows.
    const Plan& plan = scan_.plan();
    const auto frame_bytes = static_cast<std::size_t>(plan.channels) * size_of(type_);
    const std::size_t segment_bytes = 3U * static_cast<std::size_t>(plan.rate_hz) * frame_bytes;
    const int slots = threads_ * kBatchLanes / 2, per_segment = (plan.channels + 1) / 2;
    const auto lanes_full = static_cast<std::size_t>((slots + per_segment - 1) / per_segment);
    const std::size_t wanted = plan.channels == 1 ? 2 * lanes_full : lanes_full;
    window_segments_ =
        static_cast<std::int64_t>(std::clamp<std::size_t>(kWindowBytes / segment_bytes, 1, wanted));
  }
  if (chunk.type != type_) throw std::invalid_argument("chunks of one stream have one sample type");
  held_.append(chunk);
  drain(kOpenEnd);
}

void Stream::drain(std::int64_t end_frame) {
  const Plan& plan = scan_.plan();
  while (true) {
    std::int64_t end = next_segment_ + window_segments_;
    if (end_frame == kOpenEnd) {
      if (held_.end() < plan.segment_start(end) + 2 * kPeakContext) return;
    } else {
      const std::int64_t rows = std::min(blocks_until(end_frame, plan.rate_hz), scan_.stop_row());
      const std::int64_t last = (rows + kSegmentBlocks - 1) / kSegmentBlocks;
      if (next_segment_ >= last) return;
      end = std::min(end, last);
    }
    scan_.run(held_.placed(), next_segment_, end, end_frame, threads_);
    next_segment_ = end;
    held_.drop_before(plan.first_needed(end * kSegmentBlocks));
  }
}

Table Stream::finish() {
  drain(held_.end());
  return scan_.take();
}

}  // namespace loudscope
