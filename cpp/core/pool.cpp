#include "loudscope/pool.hpp"

#include <algorithm>
#include <cmath>

namespace loudscope {

int Pool::bin_of(double lufs) {
  return std::clamp(static_cast<int>((lufs + 70.0) * kBinsPerLu), 0, kBins - 1);
}

void Pool::add(double mean_square) {
  ++seen_;
  const double lufs = loudness(mean_square);
  if (!(lufs >= -70.0)) return;
  const auto bin = static_cast<std::size_t>(bin_of(lufs));
  members_[bin].push_back(mean_square);
  power_[bin] += mean_square;
  ++kept_;
}

// Count and power of the members over a threshold: whole bins, and the cut bin member by member.
Pool::Above Pool::above(double threshold, bool inclusive) const {
  Above found;
  const int cut = bin_of(threshold);
  for (int bin = kBins - 1; bin > cut; --bin) {
    found.count += members_[static_cast<std::size_t>(bin)].size();
    found.power += power_[static_cast<std::size_t>(bin)];
  }
  for (const double p : members_[static_cast<std::size_t>(cut)]) {
    const double lufs = loudness(p);
    if (inclusive ? lufs < threshold : lufs <= threshold) continue;
    ++found.count;
    found.power += p;
  }
  return found;
}

Gated Pool::gate() const {
  Gated result;
  result.blocks = seen_;
  result.relative_threshold = result.integrated = loudness(0.0);
  const Above absolute = above(-70.0, false);
  result.below_absolute = seen_ - absolute.count;
  if (absolute.count == 0) return result;
  result.relative_threshold = loudness(absolute.power / static_cast<double>(absolute.count)) - 10.0;
  const Above kept = above(std::max(result.relative_threshold, -70.0), false);
  result.kept = kept.count;
  result.below_relative = absolute.count - kept.count;
  result.integrated = loudness(kept.power / static_cast<double>(kept.count));
  return result;
}

// The member with `rank` members above it.
double Pool::ranked(std::size_t rank) const {
  for (int bin = kBins - 1; bin >= 0; --bin) {
    const auto& members = members_[static_cast<std::size_t>(bin)];
    if (rank >= members.size()) {
      rank -= members.size();
      continue;
    }
    auto sorted = members;
    const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(sorted.begin(), nth, sorted.end(), std::greater<>());
    return loudness(*nth);
  }
  return loudness(0.0);
}

Range Pool::range() const {
  const Above absolute = above(-70.0, true);
  if (absolute.count == 0) return {};
  const double threshold = loudness(absolute.power / static_cast<double>(absolute.count)) - 20.0;
  const std::size_t kept = above(std::max(threshold, -70.0), true).count;
  const auto from_top = [&](std::size_t percent) {  // nearest rank, counted from the loudest
    return kept - 1 - ((kept - 1) * percent + 50) / 100;
  };
  return {kept, ranked(from_top(10)), ranked(from_top(95))};
}

}  // namespace loudscope
