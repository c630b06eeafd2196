// A borrowed, read-only view of audio in memory: any of four sample types, any strides.
#pragma once

#include <cstddef>
#include <cstdint>

namespace loudscope {

enum class SampleType : std::uint8_t { f32, f64, i16, i32 };

constexpr std::size_t size_of(SampleType type) {  // bytes of a sample
  switch (type) {
    case SampleType::i16:
      return 2;
    case SampleType::f32:
    case SampleType::i32:
      return 4;
    case SampleType::f64:
      break;
  }
  return 8;
}

struct AudioView {
  const std::byte* data = nullptr;
  SampleType type = SampleType::f32;
  std::int64_t frames = 0;
  int channels = 0;
  std::ptrdiff_t frame_stride = 0;    // bytes from one frame to the next; may be negative
  std::ptrdiff_t channel_stride = 0;  // bytes from one channel to the next; may be negative

  const std::byte* at(std::int64_t frame, int channel) const {
    return data + frame * frame_stride + channel * channel_stride;
  }
};

// A view placed in its programme: the view's first frame is frame `first` of the programme.
struct PlacedAudio {
  AudioView view;
  std::int64_t first = 0;

  std::int64_t end() const { return first + view.frames; }
};

}  // namespace loudscope
