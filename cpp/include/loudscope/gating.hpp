// Loudness from tick energies: pure functions. BS.1770-5 Annex 1, EBU Tech 3341 and 3342.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace loudscope {

// Channel-weighted view of a table's ticks.
struct Ticks {
  std::span<const double> power;           // per tick: sum over channels of weight * energy
  std::span<const std::uint16_t> frames;   // per tick
  std::span<const std::uint8_t> complete;  // per block: complete ticks
  std::span<const std::int64_t> seams;     // block rows at which programmes begin, first is 0
};

double loudness(double mean_square);  // -0.691 + 10 log10; -inf for zero

// sum_c weight_c * energy[t, c] for every tick.
std::vector<double> weighted_power(std::span<const double> energy, std::span<const double> weights);

struct Windows {
  std::vector<double> power;           // mean square of each window
  std::vector<std::int64_t> end_tick;  // one past its last tick
};

// Every window of `length` ticks that lies within one programme and has only complete ticks, moved
// on by `hop` ticks.
Windows windows(const Ticks& ticks, int length, int hop);

struct Gated {
  std::size_t blocks = 0, below_absolute = 0, below_relative = 0, kept = 0;
  double relative_threshold = 0;  // LUFS; -inf if no block passes the absolute gate
  double integrated = 0;          // LUFS; -inf if no block is kept
};

// BS.1770-5 eqs 3-7 over mean squares of gating blocks.
Gated gate(std::span<const double> power);

struct Range {
  std::size_t kept = 0;
  double low = 0, high = 0;
};

// Tech 3342 over mean squares of short-term windows: nearest rank, no interpolation.
Range loudness_range(std::span<const double> power);

}  // namespace loudscope
