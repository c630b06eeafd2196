// Power spectra of overlapping windows of one or two channels: sixteen windows in lockstep, the
// channels as the real and imaginary parts of one transform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loudscope/scratch.hpp"

namespace loudscope {

struct Kernel;

inline constexpr int kSpectraWindows = 16;
inline constexpr int kLeastSpectrum = 64;  // frames
inline constexpr int kCrossEvery = 4;      // windows, of which one counts for the cross spectrum

struct SpectraPlan {
  int size, hop;               // frames of a window, a power of two; and to the next
  int bass_begin, bass_end;    // bins whose left, right and product are kept apart
  const float* window;         // size
  const float* weighting;      // bins: what a bin's power counts for loudness
  const float* turns;          // exp(-2 pi i k / size): 2 * size
  const std::uint32_t* order;  // where a transform leaves bin k: size

  int bins() const { return size / 2 + 1; }
  int bass() const { return bass_end - bass_begin; }
};

// Two channels, or one. What is found is added to what is there.
struct SpectraWork {
  const float* first = nullptr;   // frames from the first window on
  const float* second = nullptr;  // null: silence
  int windows = 0;                // 1 to kSpectraWindows
  float weights[2] = {0, 0};      // of the channels, for loudness
  float share = 1;                // of a channel's power in `rows`
  bool joint = false;             // their bass and their cross spectrum are wanted
  float* scratch = nullptr;       // 2 * size * kSpectraWindows
  float* rows = nullptr;  // of each window: power of the bins; bass of the first channel, of
  std::ptrdiff_t row_stride = 0;  // the second, and its product
  float* loudness = nullptr;      // of each window: K-weighted power
  double* cross = nullptr;        // of each bin: first times conjugated second, re and im
};

// Spectra of any number of channels that lie one after the other, batch by batch.
class Spectra {
 public:
  // Throws std::invalid_argument if the tables do not fit each other.
  Spectra(std::vector<float> window, std::vector<float> weighting, std::vector<float> turns,
          int bass_begin, int bass_end, const Kernel& kernel);

  int columns() const { return plan_.bins() + 3 * plan_.bass(); }
  int frames(int windows) const { return plan_.size + (windows - 1) * plan_.hop; }
  const SpectraPlan& plan() const { return plan_; }

  // `channels` of `stride` frames each, with a weight each; `front`: the first two are a pair.
  void take(const float* channels, std::ptrdiff_t stride, const std::vector<float>& weights,
            bool front, SpectraWork work);

 private:
  std::vector<float> window_, weighting_, turns_;
  Scratch scratch_;
  std::vector<std::uint32_t> order_;
  SpectraPlan plan_;
  const Kernel& kernel_;
};

}  // namespace loudscope
