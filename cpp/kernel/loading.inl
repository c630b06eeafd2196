// From the host's sample type and strides to lanes (double) and to contiguous float32.
#pragma once

#include "lanes.hpp"
#include "transpose.inl"

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

// Sixteen lanes that lie well are put in order in registers, all others one by one.
template <class T, int W>
struct Plain {
  explicit Plain(const loudscope::LaneSource*) {}
  int rows(double*, int, int) const { return 0; }
};

template <class T, int W>
struct LayoutOf {
  using type = Plain<T, W>;
};
template <class T>
struct LayoutOf<T, 16> {
  using type = Stretches<T>;
};

// `count` frames of every lane, from `begin` on, into rows[frame * W + lane].
template <class T, int W>
class Loader {
 public:
  explicit Loader(const loudscope::LaneSource* lanes) : lanes_(lanes), layout_(lanes) {}

  LOUDSCOPE_SHARED void load(double* rows, int begin, int count) const {
    const int done = layout_.rows(rows, begin, count);
    if (done < count) load_singly(rows + done * W, begin + done, count - done);
  }

 private:
  void load_singly(double* rows, int begin, int count) const {
    for (int lane = 0; lane < W; ++lane) {
      double* to = rows + lane;
      const std::ptrdiff_t stride = lanes_[lane].frame_stride;
      if (lanes_[lane].data == nullptr) {
        for (int t = 0; t < count; ++t) to[t * W] = 0.0;
        continue;
      }
      const std::byte* from = lanes_[lane].data + begin * stride;
      for (int t = 0; t < count; ++t) to[t * W] = as_double(sample_at<T>(from + t * stride));
    }
  }

  const loudscope::LaneSource* lanes_;
  typename LayoutOf<T, W>::type layout_;
};

template <class T>
void gather_channel(float* out, const std::byte* from, std::ptrdiff_t stride, int frames,
                    int step) {
  for (int t = 0; t < frames; ++t) {
    out[t * step] = static_cast<float>(as_double(sample_at<T>(from + t * stride)));
  }
}

void gather_to(float* out, const std::byte* from, std::ptrdiff_t stride, int frames, int step,
               loudscope::SampleType type) {
  switch (type) {
    case loudscope::SampleType::f32:
      return gather_channel<float>(out, from, stride, frames, step);
    case loudscope::SampleType::f64:
      return gather_channel<double>(out, from, stride, frames, step);
    case loudscope::SampleType::i16:
      return gather_channel<std::int16_t>(out, from, stride, frames, step);
    case loudscope::SampleType::i32:
      return gather_channel<std::int32_t>(out, from, stride, frames, step);
  }
}

// Frames [begin, end) of a lane relative to its block, `step` values apart; silence where it has
// none.
void gather_span(float* out, const loudscope::RowSource& source, loudscope::SampleType type,
                 int begin, int end, int step) {
  const bool sounds = source.data != nullptr && source.begin < end && source.end > begin;
  const int from = !sounds ? end : source.begin > begin ? source.begin : begin;
  const int stop = !sounds ? end : source.end < end ? source.end : end;
  for (int t = begin; t < from; ++t) out[(t - begin) * step] = 0.0F;
  if (sounds) {
    gather_to(out + (from - begin) * step,
              source.data + (from - source.begin) * source.frame_stride, source.frame_stride,
              stop - from, step, type);
  }
  for (int t = stop; t < end; ++t) out[(t - begin) * step] = 0.0F;
}

// The frames from `begin` on of lanes that hold all of them or none, as far as it can be done in
// registers.
template <class T>
int gather_fast(float* rows, const loudscope::RowSource* lanes, int begin, int end) {
  loudscope::LaneSource from[loudscope::kBatchLanes];
  for (int lane = 0; lane < loudscope::kBatchLanes; ++lane) {
    const loudscope::RowSource& source = lanes[lane];
    from[lane] = {nullptr, source.frame_stride};
    if (source.data == nullptr) continue;
    if (source.begin > begin || source.end < end) return 0;
    from[lane].data = source.data + (begin - source.begin) * source.frame_stride;
  }
  return end - begin > loudscope::kRunFrames ? 0 : Stretches<T>(from).rows(rows, 0, end - begin);
}

void gather_rows(float* rows, const loudscope::RowSource* lanes, loudscope::SampleType type,
                 int begin, int end) {
  constexpr int width = loudscope::kBatchLanes;
  int done = 0;
  switch (type) {
    case loudscope::SampleType::f32:
      done = gather_fast<float>(rows, lanes, begin, end);
      break;
    case loudscope::SampleType::f64:
      done = gather_fast<double>(rows, lanes, begin, end);
      break;
    case loudscope::SampleType::i16:
      done = gather_fast<std::int16_t>(rows, lanes, begin, end);
      break;
    case loudscope::SampleType::i32:
      done = gather_fast<std::int32_t>(rows, lanes, begin, end);
      break;
  }
  for (int lane = 0; lane < width; ++lane) {
    gather_span(rows + done * width + lane, lanes[lane], type, begin + done, end, width);
  }
}

void gather_any(float* out, const loudscope::LaneSource& source, loudscope::SampleType type,
                int frames) {
  gather_to(out, source.data, source.frame_stride, frames, 1, type);
}

}  // namespace
