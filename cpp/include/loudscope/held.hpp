// Audio that arrived in chunks, as much of it as is still needed: packed frames of one sample type.
#pragma once

#include <vector>

#include "loudscope/audio.hpp"

namespace loudscope {

class HeldAudio {
 public:
  HeldAudio(int channels, std::int64_t first) : channels_(channels), first_(first), end_(first) {}

  // Takes the next frames. The first chunk with frames decides the sample type; a chunk of another
  // makes all of it float64, which holds every type exactly.
  void append(const AudioView& chunk);
  void drop_from(std::int64_t frame);    // the last frames, from `frame` on
  void drop_before(std::int64_t frame);  // the first frames, up to `frame`

  bool empty() const { return end_ == first_; }
  bool typed() const { return typed_; }
  SampleType type() const { return type_; }
  std::int64_t first() const { return first_; }
  std::int64_t end() const { return end_; }
  PlacedAudio placed() const { return placed(first_); }
  PlacedAudio placed(std::int64_t from) const;  // frames from `from` on

 private:
  std::size_t frame_bytes() const;
  void widen();
  void copy(const AudioView& chunk);

  int channels_;
  std::int64_t first_, end_;  // frames of the programme
  SampleType type_ = SampleType::f32;
  bool typed_ = false;
  std::size_t gone_ = 0;  // bytes at the beginning that are no longer needed
  std::vector<std::byte> bytes_;
};

}  // namespace loudscope
