#include "loudscope/held.hpp"

#include <algorithm>
#include <cstring>

namespace loudscope {
namespace {

double value_of(const std::byte* from, SampleType type) {
  const auto read = [from](auto x) {
    std::memcpy(&x, from, sizeof x);
    return static_cast<double>(x);
  };
  switch (type) {
    case SampleType::f32:
      return read(0.0F);
    case SampleType::f64:
      return read(0.0);
    case SampleType::i16:
      return read(std::int16_t{}) / 32768.0;
    case SampleType::i32:
      return read(std::int32_t{}) / 2147483648.0;
  }
  return 0.0;
}

// Writes a chunk's samples one after the other, each by `put(to, from)`.
template <class Put>
void each_sample(const AudioView& chunk, std::byte* to, std::size_t size, const Put& put) {
  for (std::int64_t frame = 0; frame < chunk.frames; ++frame) {
    for (int channel = 0; channel < chunk.channels; ++channel, to += size) {
      put(to, chunk.at(frame, channel));
    }
  }
}

void put_widened(std::byte* to, const AudioView& chunk) {
  each_sample(chunk, to, sizeof(double), [type = chunk.type](std::byte* at, const std::byte* from) {
    const double value = value_of(from, type);
    std::memcpy(at, &value, sizeof value);
  });
}

void put_packed(std::byte* to, const AudioView& chunk) {
  const std::size_t size = size_of(chunk.type);
  const auto packed = static_cast<std::ptrdiff_t>(size);
  if (chunk.channel_stride == packed && chunk.frame_stride == packed * chunk.channels) {
    const auto samples = static_cast<std::size_t>(chunk.frames * chunk.channels);
    std::memcpy(to, chunk.data, samples * size);
  } else {
    each_sample(chunk, to, size,
                [size](std::byte* at, const std::byte* from) { std::memcpy(at, from, size); });
  }
}

}  // namespace

void HeldAudio::append(const AudioView& chunk) {
  if (chunk.frames == 0) return;
  if (!typed_) type_ = chunk.type;
  typed_ = true;
  if (chunk.type != type_) widen();
  const std::size_t before = bytes_.size();
  bytes_.resize(before + static_cast<std::size_t>(chunk.frames) * frame_bytes());
  std::byte* to = bytes_.data() + before;
  chunk.type == type_ ? put_packed(to, chunk) : put_widened(to, chunk);
  end_ += chunk.frames;
}

void HeldAudio::widen() {
  if (type_ == SampleType::f64) return;
  std::vector<std::byte> wide(static_cast<std::size_t>((end_ - first_) * channels_) *
                              sizeof(double));
  put_widened(wide.data(), placed().view);
  bytes_ = std::move(wide);
  gone_ = 0;
  type_ = SampleType::f64;
}

void HeldAudio::drop_from(std::int64_t frame) {
  if (frame >= end_) return;
  bytes_.resize(bytes_.size() - static_cast<std::size_t>(end_ - frame) * frame_bytes());
  end_ = frame;
}

// Memory is moved once it is worth it: what is dropped is at least as much as what is moved.
void HeldAudio::drop_before(std::int64_t frame) {
  frame = std::min(frame, end_);
  if (frame <= first_) return;
  gone_ += static_cast<std::size_t>(frame - first_) * frame_bytes();
  first_ = frame;
  if (2 * gone_ < bytes_.size()) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(gone_));
  gone_ = 0;
}

std::size_t HeldAudio::frame_bytes() const {
  return static_cast<std::size_t>(channels_) * size_of(type_);
}

PlacedAudio HeldAudio::placed(std::int64_t from) const {
  const auto sample = static_cast<std::ptrdiff_t>(size_of(type_));
  const std::size_t at = gone_ + static_cast<std::size_t>(from - first_) * frame_bytes();
  return {{bytes_.data() + at, type_, end_ - from, channels_, sample * channels_, sample}, from};
}

}  // namespace loudscope
