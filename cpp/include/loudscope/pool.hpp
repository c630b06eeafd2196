// An ever-growing set of window energies that answers gating and range questions at once, exactly.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "loudscope/gating.hpp"

namespace loudscope {

// Windows above the absolute gate, in bins of 0.05 LU from -70 to +50 LUFS. A gate or a percentile
// looks at bin totals, and into the members of the one bin that it cuts: the answer is exact, and
// its cost does not grow with the length of the programme but for that one bin.
class Pool {
 public:
  void add(double mean_square);
  Gated gate() const;
  Range range() const;

 private:
  static constexpr int kBinsPerLu = 20;
  static constexpr int kBins = 120 * kBinsPerLu;

  struct Above {
    std::size_t count = 0;
    double power = 0;
  };

  static int bin_of(double lufs);
  Above above(double threshold, bool inclusive) const;
  double ranked(std::size_t rank) const;

  std::vector<std::vector<double>> members_ = std::vector<std::vector<double>>(kBins);
  std::vector<double> power_ = std::vector<double>(kBins);
  std::size_t seen_ = 0, kept_ = 0;
};

}  // namespace loudscope
