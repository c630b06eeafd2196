// From the host's sample type and strides to lanes (double) and to contiguous float32.
#pragma once

#include "lanes.hpp"

namespace {

// int16 / 2^15 and int32 / 2^31 are exact, so an integer reads as its float image, bit for bit.
LOUDSCOPE_INLINE double as_double(float x) { return x; }
LOUDSCOPE_INLINE double as_double(double x) { return x; }
LOUDSCOPE_INLINE double as_double(std::int16_t x) { return x * (1.0 / 32768.0); }
LOUDSCOPE_INLINE double as_double(std::int32_t x) { return x * (1.0 / 2147483648.0); }

template <class T>
LOUDSCOPE_INLINE T sample_at(const std::byte* from) {
  T x;
  std::memcpy(&x, from, sizeof x);  // strided host memory need not be aligned
  return x;
}

template <class T, int W>
void load_lanes(double* tile, const loudscope::LaneSource* lanes, int frames) {
  for (int lane = 0; lane < W; ++lane) {
    double* to = tile + lane;
    const std::byte* from = lanes[lane].data;
    const std::ptrdiff_t stride = lanes[lane].frame_stride;
    if (from == nullptr) {
      for (int t = 0; t < frames; ++t) to[t * W] = 0.0;
      continue;
    }
    for (int t = 0; t < frames; ++t) to[t * W] = as_double(sample_at<T>(from + t * stride));
  }
}

template <class T>
bool gather_channel(float* out, const loudscope::LaneSource& source, int frames) {
  int wrong = 0;
  for (int t = 0; t < frames; ++t) {
    const float x = static_cast<float>(as_double(sample_at<T>(source.data + t * source.frame_stride)));
    wrong |= !(magnitude(x) <= static_cast<float>(loudscope::kSampleLimit));  // NaN fails as well
    out[t] = x;
  }
  return wrong == 0;
}

template <int W>
void load_any(double* tile, const loudscope::LaneSource* lanes, loudscope::SampleType type,
              int frames) {
  switch (type) {
    case loudscope::SampleType::f32: return load_lanes<float, W>(tile, lanes, frames);
    case loudscope::SampleType::f64: return load_lanes<double, W>(tile, lanes, frames);
    case loudscope::SampleType::i16: return load_lanes<std::int16_t, W>(tile, lanes, frames);
    case loudscope::SampleType::i32: return load_lanes<std::int32_t, W>(tile, lanes, frames);
  }
}

bool gather_any(float* out, const loudscope::LaneSource& source, loudscope::SampleType type,
                int frames) {
  switch (type) {
    case loudscope::SampleType::f32: return gather_channel<float>(out, source, frames);
    case loudscope::SampleType::f64: return gather_channel<double>(out, source, frames);
    case loudscope::SampleType::i16: return gather_channel<std::int16_t>(out, source, frames);
    case loudscope::SampleType::i32: return gather_channel<std::int32_t>(out, source, frames);
  }
  return false;
}

}  // namespace
