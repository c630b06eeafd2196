#include "loudscope/gating.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "loudscope/table.hpp"

namespace loudscope {
namespace {

constexpr double kAbsoluteGate = -70.0;  // LUFS, BS.1770-5 eq. 6 and Tech 3342
constexpr double kRelativeGate = -10.0;  // LU, BS.1770-5 eq. 6
constexpr double kRangeGate = -20.0;     // LU, Tech 3342

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// Ten consecutive ticks, at every tick: windows are sums of these, so they cost a tenth.
std::vector<double> decades(std::span<const double> power) {
  std::vector<double> sums(power.size() < 10 ? 0 : power.size() - 9);
  for (std::size_t t = 0; t < sums.size(); ++t) {
    for (std::size_t i = 0; i < 10; ++i) sums[t] += power[t + i];
  }
  return sums;
}

void add_windows(Windows& out, const Ticks& ticks, std::size_t first, std::size_t last, int length,
                 int hop) {
  const auto size = static_cast<std::size_t>(length);
  if (last < first + size) return;
  const auto sums = decades(ticks.power.subspan(first, last - first));
  std::uint64_t frames = 0;
  for (std::size_t t = 0; t < size; ++t) frames += ticks.frames[first + t];
  for (std::size_t t = 0; t + size <= last - first; ++t) {
    if (t % static_cast<std::size_t>(hop) == 0) {
      double power = 0.0;
      for (std::size_t d = t; d < t + size; d += 10) power += sums[d];
      out.power.push_back(power / static_cast<double>(frames));
      out.end_tick.push_back(static_cast<std::int64_t>(first + t + size));
    }
    if (t + size < last - first) {
      frames += ticks.frames[first + t + size];
      frames -= ticks.frames[first + t];
    }
  }
}

}  // namespace

double loudness(double mean_square) {
  if (mean_square <= 0.0) return -std::numeric_limits<double>::infinity();
  return -0.691 + 10.0 * std::log10(mean_square);
}

std::vector<double> weighted_power(std::span<const double> energy,
                                   std::span<const double> weights) {
  std::vector<double> power(energy.size() / weights.size());
  for (std::size_t t = 0; t < power.size(); ++t) {
    for (std::size_t c = 0; c < weights.size(); ++c) {
      power[t] += weights[c] * energy[t * weights.size() + c];
    }
  }
  return power;
}

Windows windows(const Ticks& ticks, int length, int hop) {
  Windows out;
  for (std::size_t s = 0; s < ticks.seams.size(); ++s) {
    const bool final = s + 1 == ticks.seams.size();
    const auto begin = static_cast<std::size_t>(ticks.seams[s]);
    const auto end = final ? ticks.complete.size() : static_cast<std::size_t>(ticks.seams[s + 1]);
    if (begin == end) continue;
    const std::size_t last = (end - 1) * kTicksPerBlock + ticks.complete[end - 1];
    add_windows(out, ticks, begin * kTicksPerBlock, last, length, hop);
  }
  return out;
}

Gated gate(std::span<const double> power) {
  Gated result;
  result.blocks = power.size();
  result.relative_threshold = result.integrated = loudness(0.0);
  std::vector<double> above;
  for (const double p : power) {
    if (loudness(p) > kAbsoluteGate) above.push_back(p);
  }
  result.below_absolute = power.size() - above.size();
  if (above.empty()) return result;
  result.relative_threshold = loudness(mean(above)) + kRelativeGate;
  std::vector<double> kept;
  for (const double p : above) {
    if (loudness(p) > result.relative_threshold) kept.push_back(p);
  }
  result.kept = kept.size();
  result.below_relative = above.size() - kept.size();
  result.integrated = loudness(mean(kept));
  return result;
}

Range loudness_range(std::span<const double> power) {
  std::vector<double> above;
  for (const double p : power) {
    if (loudness(p) >= kAbsoluteGate) above.push_back(p);
  }
  if (above.empty()) return {};
  const double threshold = loudness(mean(above)) + kRangeGate;
  std::vector<double> kept;
  for (const double p : above) {
    if (loudness(p) >= threshold) kept.push_back(loudness(p));
  }
  std::sort(kept.begin(), kept.end());
  const auto ranked = [&](int percent) {  // MATLAB's round((n-1) p/100 + 1), from zero
    return kept[((kept.size() - 1) * static_cast<std::size_t>(percent) + 50) / 100];
  };
  return {kept.size(), ranked(10), ranked(95)};
}

}  // namespace loudscope
