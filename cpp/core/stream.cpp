#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "loudscope/rows.hpp"

namespace loudscope {
namespace {

std::size_t size_of(SampleType type) {
  switch (type) {
    case SampleType::f32:
      return 4;
    case SampleType::f64:
      return 8;
    case SampleType::i16:
      return 2;
    case SampleType::i32:
      return 4;
  }
  return 8;
}

constexpr std::size_t kWindowBytes = 24U << 20U;  // of audio measured at a time

}  // namespace

Stream::Stream(Plan plan, std::int64_t first_row, std::int64_t stop_row, int threads)
    : scan_(std::move(plan), first_row, stop_row),
      threads_(threads),
      next_segment_(first_row / kSegmentBlocks),
      origin_(scan_.plan().first_needed(first_row)),
      first_(origin_),
      received_(origin_) {}

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
  append(chunk);
  drain(kOpenEnd);
}

// The whole buffer is one chunk's type, interleaved without gaps.
void Stream::append(const AudioView& chunk) {
  const std::size_t sample = size_of(type_);
  const auto channels = static_cast<std::size_t>(chunk.channels);
  const std::size_t before = buffer_.size();
  buffer_.resize(before + static_cast<std::size_t>(chunk.frames) * channels * sample);
  std::byte* to = buffer_.data() + before;
  const auto packed = static_cast<std::ptrdiff_t>(sample);
  if (chunk.channel_stride == packed && chunk.frame_stride == packed * chunk.channels) {
    if (chunk.frames > 0) std::memcpy(to, chunk.data, buffer_.size() - before);
  } else {
    for (std::int64_t frame = 0; frame < chunk.frames; ++frame) {
      for (int channel = 0; channel < chunk.channels; ++channel, to += sample) {
        std::memcpy(to, chunk.at(frame, channel), sample);
      }
    }
  }
  received_ += chunk.frames;
}

PlacedAudio Stream::placed() const {
  const auto sample = static_cast<std::ptrdiff_t>(size_of(type_));
  const int channels = scan_.plan().channels;
  return {{buffer_.data(), type_, received_ - first_, channels, sample * channels, sample}, first_};
}

void Stream::drain(std::int64_t end_frame) {
  const Plan& plan = scan_.plan();
  while (true) {
    std::int64_t end = next_segment_ + window_segments_;
    if (end_frame == kOpenEnd) {
      if (received_ < plan.segment_start(end) + 2 * kPeakContext) return;
    } else {
      const std::int64_t rows = std::min(blocks_until(end_frame, plan.rate_hz), scan_.stop_row());
      const std::int64_t last = (rows + kSegmentBlocks - 1) / kSegmentBlocks;
      if (next_segment_ >= last) return;
      end = std::min(end, last);
    }
    scan_.run(placed(), next_segment_, end, end_frame, threads_);
    next_segment_ = end;
    const std::int64_t keep = std::min(plan.first_needed(end * kSegmentBlocks), received_);
    if (keep > first_) {
      const std::size_t frame_bytes = static_cast<std::size_t>(plan.channels) * size_of(type_);
      buffer_.erase(buffer_.begin(),
                    buffer_.begin() + static_cast<std::ptrdiff_t>(
                                          static_cast<std::size_t>(keep - first_) * frame_bytes));
      first_ = keep;
    }
  }
}

Table Stream::finish() {
  drain(received_);
  return scan_.take();
}

}  // namespace loudscope
