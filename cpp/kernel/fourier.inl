// Spectra of sixteen windows in lockstep: a radix-4 transform in place, decimated in frequency, and
// what is made of its bins. A lane is a window, so no value crosses a register.
#pragma once

#include "transpose.inl"

namespace {

using loudscope::SpectraPlan;
using loudscope::SpectraWork;

constexpr int kWindows = loudscope::kSpectraWindows;
constexpr int kComplex = 2 * kWindows;  // values of a frame or bin: real parts, imaginary parts
constexpr int kNearFrames = 64;         // these stay in the nearest cache

struct Wave {  // a complex number in each lane
  static constexpr int lanes = vector_lanes(kWindows, sizeof(float));
  using V = typename VectorOf<float, lanes>::type;
  V re, im;

  static LOUDSCOPE_INLINE Wave at(const float* x) { return {load<V>(x), load<V>(x + kWindows)}; }
  LOUDSCOPE_INLINE void put(float* x) const { store(x, re), store(x + kWindows, im); }
  LOUDSCOPE_INLINE Wave turned(const float* turn) const {
    return {turn[0] * re - turn[1] * im, turn[0] * im + turn[1] * re};
  }
  friend LOUDSCOPE_INLINE Wave operator+(Wave a, Wave b) { return {a.re + b.re, a.im + b.im}; }
  friend LOUDSCOPE_INLINE Wave operator-(Wave a, Wave b) { return {a.re - b.re, a.im - b.im}; }
};

// Frames of sixteen windows, weighted, as one part of the transform's input.
void load_windows(float* part, const float* from, const SpectraPlan& plan, int windows) {
  loudscope::LaneSource lanes[kWindows];
  for (int w = 0; w < kWindows; ++w) {  // windows that are not wanted repeat the first
    const float* start = from + static_cast<std::ptrdiff_t>(w < windows ? w : 0) * plan.hop;
    lanes[w] = {reinterpret_cast<const std::byte*>(start), sizeof(float)};
  }
  const Stretches<float> stretches(lanes);
  alignas(64) float rows[kNearFrames * kWindows];
  for (int begin = 0; begin < plan.size; begin += kNearFrames) {
    const int done = stretches.rows(rows, begin, kNearFrames);
    for (int w = 0; w < kWindows && done < kNearFrames; ++w) {
      const float* x = from + static_cast<std::ptrdiff_t>(w < windows ? w : 0) * plan.hop + begin;
      for (int t = done; t < kNearFrames; ++t) rows[t * kWindows + w] = x[t];
    }
    for (int t = 0; t < kNearFrames; ++t) {
      for (int lane = 0; lane < kWindows; lane += Wave::lanes) {
        const auto x = load<Wave::V>(rows + t * kWindows + lane);
        store(part + (begin + t) * kComplex + lane, plan.window[begin + t] * x);
      }
    }
  }
}

class Transform {
 public:
  Transform(const float* turns, int size) : turns_(turns), size_(size) {}

  // `count` frames from x on, depth first: a part is done while it is near.
  void run(float* x, int count) const {
    if (count <= kNearFrames) return run_near(x, count);
    split<true>(x, count);
    for (int q = 0; q < 4; ++q) run(x + q * (count / 4) * kComplex, count / 4);
  }

 private:
  void run_near(float* x, int count) const {
    int length = count;
    for (; length > 4; length /= 4) {
      for (int at = 0; at < count; at += length) split<true>(x + at * kComplex, length);
    }
    for (int at = 0; at < count; at += length) {
      if (length == 4) split<false>(x + at * kComplex, length);
      if (length == 2) halve(x + at * kComplex);
    }
  }

  // Four parts of a transform, whose bins are 0, 2, 1 and 3 modulo four.
  template <bool Turns>
  LOUDSCOPE_INLINE void split(float* x, int count) const {
    const int quarter = count / 4, stride = 2 * (size_ / count);
    const std::ptrdiff_t step = static_cast<std::ptrdiff_t>(quarter) * kComplex;
    for (int j = 0; j < quarter; ++j) {
      for (int lane = 0; lane < kWindows; lane += Wave::lanes) {
        float* at = x + j * kComplex + lane;
        const Wave a = Wave::at(at), b = Wave::at(at + step);
        const Wave c = Wave::at(at + 2 * step), d = Wave::at(at + 3 * step);
        const Wave even = a + c, odd = a - c, sum = b + d, difference = b - d;
        const Wave turned = {difference.im, Wave::V{} - difference.re};  // by -i
        const Wave first = even - sum, second = odd + turned, third = odd - turned;
        (even + sum).put(at);
        if constexpr (Turns) {
          first.turned(turns_ + 2 * j * stride).put(at + step);
          second.turned(turns_ + j * stride).put(at + 2 * step);
          third.turned(turns_ + 3 * j * stride).put(at + 3 * step);
        } else {
          first.put(at + step), second.put(at + 2 * step), third.put(at + 3 * step);
        }
      }
    }
  }

  static LOUDSCOPE_INLINE void halve(float* x) {
    for (int lane = 0; lane < kWindows; lane += Wave::lanes) {
      const Wave a = Wave::at(x + lane), b = Wave::at(x + kComplex + lane);
      (a + b).put(x + lane);
      (a - b).put(x + kComplex + lane);
    }
  }

  const float* turns_;
  int size_;
};

// The two channels' spectra come apart by symmetry: bins k and -k of their common transform are
// L + i R and the conjugate of L - i R.
class Bins {
 public:
  Bins(const SpectraPlan& plan, const SpectraWork& work) : plan_(plan), work_(work) {}

  void take_all() {
    for (int begin = 0; begin < plan_.bins(); begin += kWindows) {
      const int end = begin + kWindows < plan_.bins() ? begin + kWindows : plan_.bins();
      for (int k = begin; k < end; ++k) take(k, power_ + (k - begin) * kWindows);
      for (int w = 0; w < work_.windows; ++w) {
        float* row = work_.rows + w * work_.row_stride + begin;
        for (int i = 0; i < end - begin; ++i) row[i] += power_[i * kWindows + w];
      }
      for (int w = 0; w < work_.windows; ++w) work_.loudness[w] += loudness_[w];
      for (float& loudness : loudness_) loudness = 0.0F;
    }
  }

 private:
  using V = Wave::V;

  void take(int k, float* power) {
    const float* x = work_.scratch + static_cast<std::ptrdiff_t>(plan_.order[k]) * kComplex;
    const float* mirror =
        work_.scratch +
        static_cast<std::ptrdiff_t>(plan_.order[(plan_.size - k) % plan_.size]) * kComplex;
    const float whole = k == 0 || k == plan_.size / 2 ? 0.125F : 0.25F;  // these have no other half
    const float first_counts = plan_.weighting[k] * work_.weights[0];
    const float second_counts = plan_.weighting[k] * work_.weights[1];
    for (int lane = 0; lane < kWindows; lane += Wave::lanes) {
      const Wave a = Wave::at(x + lane), b = Wave::at(mirror + lane);
      const Wave left = {a.re + b.re, a.im - b.im}, right = {a.im + b.im, b.re - a.re};  // twice
      const V first = whole * (left.re * left.re + left.im * left.im);
      const V second = whole * (right.re * right.re + right.im * right.im);
      store(first_ + lane, first), store(second_ + lane, second);
      store(power + lane, work_.share * (first + second));
      store(loudness_ + lane,
            load<V>(loudness_ + lane) + (first_counts * first + second_counts * second));
      store(re_ + lane, 0.25F * (left.re * right.re + left.im * right.im));
      store(im_ + lane, 0.25F * (left.im * right.re - left.re * right.im));
    }
    if (!work_.joint) return;
    add_cross(k);
    if (k >= plan_.bass_begin && k < plan_.bass_end) put_bass(k - plan_.bass_begin);
  }

  void add_cross(int k) {
    double re = 0.0, im = 0.0;
    for (int w = 0; w < work_.windows; w += loudscope::kCrossEvery) {
      re += static_cast<double>(re_[w]);
      im += static_cast<double>(im_[w]);
    }
    work_.cross[2 * k] += re;
    work_.cross[2 * k + 1] += im;
  }

  void put_bass(int i) {
    for (int w = 0; w < work_.windows; ++w) {
      float* row = work_.rows + w * work_.row_stride + plan_.bins() + i;
      row[0] += first_[w];
      row[plan_.bass()] += second_[w];
      row[2 * plan_.bass()] += re_[w];
    }
  }

  const SpectraPlan& plan_;
  const SpectraWork& work_;
  alignas(64) float power_[kWindows * kWindows];  // of as many bins
  alignas(64) float loudness_[kWindows] = {};
  alignas(64) float first_[kWindows], second_[kWindows], re_[kWindows], im_[kWindows];
};

void take_spectra(const SpectraPlan& plan, const SpectraWork& work) {
  load_windows(work.scratch, work.first, plan, work.windows);
  if (work.second != nullptr) {
    load_windows(work.scratch + kWindows, work.second, plan, work.windows);
  } else {
    for (int t = 0; t < plan.size; ++t) {
      std::memset(work.scratch + t * kComplex + kWindows, 0, sizeof(float) * kWindows);
    }
  }
  Transform(plan.turns, plan.size).run(work.scratch, plan.size);
  Bins(plan, work).take_all();
}

}  // namespace
