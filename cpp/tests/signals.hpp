// Generated audio in memory of exactly the size that a view may read, and tables compared.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "check.hpp"
#include "loudscope/scan.hpp"

namespace loudscope::tests {

using Random = std::mt19937_64;  // the same numbers on every platform, unlike the distributions

inline std::int64_t integer(Random& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

inline double uniform(Random& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random() >> 11U) * 0x1p-53;
}

// What every sample type holds exactly: sixteen bits, so one signal has four images.
inline std::vector<std::int16_t> noise(Random& random, std::int64_t samples) {
  std::vector<std::int16_t> x(static_cast<std::size_t>(samples));
  const double gain = uniform(random, 0.01, 1.0);
  for (auto& value : x)
    value = static_cast<std::int16_t>(gain * uniform(random, -32768.0, 32767.0));
  return x;
}

inline void put(std::byte* to, SampleType type, std::int16_t value) {
  const auto store = [&](auto x) { std::memcpy(to, &x, sizeof x); };
  switch (type) {
    case SampleType::f32:
      return store(static_cast<float>(value) / 32768.0F);
    case SampleType::f64:
      return store(static_cast<double>(value) / 32768.0);
    case SampleType::i16:
      return store(value);
    case SampleType::i32:
      return store(static_cast<std::int32_t>(value) * 65536);
  }
}

// How samples lie in memory. A gap of bytes may leave every second sample unaligned.
struct Shape {
  SampleType type = SampleType::f32;
  bool planar = false;    // channel after channel, not frame after frame
  bool backward = false;  // the first frame lies last
  bool mirrored = false;  // the first channel lies last
  std::size_t gap = 0;    // bytes between neighbours
};

// Audio on the heap whose first and last byte belong to samples: reading beyond is an error that
// AddressSanitizer sees.
class Audio {
 public:
  Audio(const std::vector<std::int16_t>& x, int channels, Shape shape = {})
      : frames_(static_cast<std::int64_t>(x.size()) / channels),
        channels_(channels),
        shape_(shape) {
    const std::int64_t samples = frames_ * channels;
    const std::size_t step = size_of(shape.type) + shape.gap;
    memory_.resize(samples == 0 ? 0 : static_cast<std::size_t>(samples) * step - shape.gap);
    memory_.shrink_to_fit();
    for (std::int64_t f = 0; f < frames_; ++f) {
      for (int c = 0; c < channels; ++c) {
        put(memory_.data() + place(f, c), shape.type,
            x[static_cast<std::size_t>(f * channels + c)]);
      }
    }
  }

  AudioView view() const { return view(0, frames_); }

  AudioView view(std::int64_t begin, std::int64_t end) const {
    const auto step = static_cast<std::ptrdiff_t>(size_of(shape_.type) + shape_.gap);
    const std::ptrdiff_t frame = shape_.planar ? step : step * channels_;
    const std::ptrdiff_t channel =
        shape_.planar ? step * static_cast<std::ptrdiff_t>(frames_) : step;
    const std::byte* first =
        frames_ == 0 ? nullptr : memory_.data() + place(begin == frames_ ? 0 : begin, 0);
    return {first,
            shape_.type,
            end - begin,
            channels_,
            shape_.backward ? -frame : frame,
            shape_.mirrored ? -channel : channel};
  }

  std::int64_t frames() const { return frames_; }
  int channels() const { return channels_; }

 private:
  std::size_t place(std::int64_t frame, int channel) const {
    const std::int64_t f = shape_.backward ? frames_ - 1 - frame : frame;
    const std::int64_t c = shape_.mirrored ? channels_ - 1 - channel : channel;
    const std::int64_t index = shape_.planar ? c * frames_ + f : f * channels_ + c;
    return static_cast<std::size_t>(index) * (size_of(shape_.type) + shape_.gap);
  }

  std::int64_t frames_;
  int channels_;
  Shape shape_;
  std::vector<std::byte> memory_;
};

inline Shape any_shape(Random& random) {
  return {static_cast<SampleType>(random() % 4), random() % 2 == 0, random() % 2 == 0,
          random() % 2 == 0, static_cast<std::size_t>(random() % 4)};
}

inline const std::vector<double>& default_edges() {
  static const std::vector<double> edges = {20, 60, 250, 500, 2000, 6000, 20000};
  return edges;
}

inline std::vector<const Kernel*> kernels() {
  std::array<const Kernel*, 8> known{};
  const std::size_t count = available_kernels(known.data(), known.size());
  return {known.begin(), known.begin() + static_cast<std::ptrdiff_t>(count)};
}

inline Plan plan_for(int rate_hz, int channels, const Kernel& kernel = *kernels().front(),
                     Want want = {}, const std::vector<double>& edges_hz = default_edges()) {
  const bool paired = channels > 1;
  return {rate_hz, channels, paired ? 0 : -1, paired ? 1 : -1, edges_hz, want, kernel};
}

// All of a programme, from one piece of memory.
inline Table scan(const Plan& plan, const AudioView& view, int threads = 1) {
  Scan whole(plan, 0, kOpenEnd);
  whole.run({view, 0}, 0, view.frames / plan.segment_start(1) + 1, view.frames, threads);
  return whole.take();
}

template <class T>
std::string difference(const std::vector<T>& a, const std::vector<T>& b) {
  std::ostringstream what;
  what.precision(17);
  if (a.size() != b.size()) {
    what << a.size() << " and " << b.size() << " values";
  } else if (!a.empty() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) != 0) {
    const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(),
                                      [](T p, T q) { return std::memcmp(&p, &q, sizeof p) == 0; });
    what << "at " << x - a.begin() << ": " << +*x << " and " << +*y;
  }
  return what.str();
}

// Empty if the tables are the same bits, column for column.
inline std::string difference(const Table& a, const Table& b) {
  std::string what;
  const auto compare = [&](const char* name, const auto& x, const auto& y) {
    const std::string found = difference(x, y);
    if (!found.empty() && what.empty()) what = std::string(name) + " " + found;
  };
  compare("frames", a.frames, b.frames);
  compare("ticks", a.ticks, b.ticks);
  compare("tick_frames", a.tick_frames, b.tick_frames);
  compare("tick_energy", a.tick_energy, b.tick_energy);
  compare("energy", a.energy, b.energy);
  compare("total", a.total, b.total);
  compare("cross", a.cross, b.cross);
  compare("k_cross", a.k_cross, b.k_cross);
  compare("band_energy", a.band_energy, b.band_energy);
  compare("band_cross", a.band_cross, b.band_cross);
  compare("sample_peak", a.sample_peak, b.sample_peak);
  compare("true_peak", a.true_peak, b.true_peak);
  compare("sample_peak_at", a.sample_peak_at, b.sample_peak_at);
  compare("true_peak_at", a.true_peak_at, b.true_peak_at);
  compare("clips", a.clips, b.clips);
  compare("band_tick_energy", a.band_tick_energy, b.band_tick_energy);
  compare("band_peak", a.band_peak, b.band_peak);
  return what;
}

}  // namespace loudscope::tests

#define CHECK_SAME(a, b) CHECK_EQUAL(::loudscope::tests::difference((a), (b)), std::string())
