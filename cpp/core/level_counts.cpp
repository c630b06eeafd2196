#include "loudscope/level_counts.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

namespace loudscope {
namespace {

// The bits of a positive float ascend with it; without the last 17, 64 of them make an octave.
constexpr int kLeftOut = 17;

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

}  // namespace

LevelSteps::LevelSteps(std::vector<float> steps) : steps_(std::move(steps)) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const bool ascend = std::is_sorted(steps_.begin(), steps_.end(), std::less_equal<>());
  if (steps_.empty() || !ascend || !(steps_.front() > 0) || !(steps_.back() < kInfinity)) {
    throw std::invalid_argument("levels: the steps do not ascend from above zero");
  }
  steps_.push_back(kInfinity);
  const std::uint32_t first = bits(steps_.front()) >> kLeftOut;
  const std::uint32_t last = bits(steps_[size() - 1]) >> kLeftOut;
  for (std::uint32_t part = first, step = 0; part <= last; ++part) {
    const auto lowest = std::bit_cast<float>(part << kLeftOut);
    while (lowest >= steps_[step + 1]) ++step;
    least_.push_back(step);
  }
}

std::size_t LevelSteps::of(float value) const {
  // in this order NaN is the first step
  const float held = std::min(std::max(steps_.front(), value), steps_[size() - 1]);
  std::size_t step = least_[(bits(held) >> kLeftOut) - (bits(steps_.front()) >> kLeftOut)];
  while (held >= steps_[step + 1]) ++step;
  return step;
}

void LevelSteps::count(const float* rows, std::size_t row_count, std::ptrdiff_t stride,
                       std::size_t groups, std::size_t width, std::int32_t* counts) const {
  // Rows and counts are hardly ever in the first cache. So rows are read along, and counts are
  // raised when those of many groups are known: the CPU waits for many at a time.
  constexpr std::size_t kRows = 16, kGroups = 64;
  std::int32_t* found[kRows * kGroups];
  for (std::size_t row = 0; row < row_count; row += kRows) {
    const std::size_t row_end = std::min(row_count, row + kRows);
    for (std::size_t group = 0; group < groups; group += kGroups) {
      const std::size_t group_end = std::min(groups, group + kGroups);
      std::int32_t** next = found;
      for (std::size_t r = row; r < row_end; ++r) {
        const float* bins = rows + static_cast<std::ptrdiff_t>(r) * stride + group * width;
        for (std::size_t g = group; g < group_end; ++g) {
          float sum = 0.0F;
          for (std::size_t i = 0; i < width; ++i) sum += *bins++;
          *next++ = counts + g * size() + of(sum);
        }
      }
      for (std::int32_t** count = found; count != next; ++count) ++**count;
    }
  }
}

}  // namespace loudscope
