#include "loudscope/level_counts.hpp"

#include <algorithm>
#include <bit>

namespace loudscope {
namespace {

// The bits of a positive float are a logarithm in pieces of straight line, good for a first guess.
class Steps {
 public:
  explicit Steps(std::span<const float> steps)
      : steps_(steps),
        first_(bits(steps.front())),
        slope_(static_cast<double>(steps.size() - 1) /
               std::max<double>(1.0, bits(steps.back()) - first_)) {}

  std::size_t of(float value) const {
    const std::size_t last = steps_.size() - 1;
    if (!(value > steps_.front())) return 0;
    if (value >= steps_.back()) return last;
    auto step = static_cast<std::size_t>((bits(value) - first_) * slope_);
    while (step > 0 && value < steps_[step]) --step;
    while (step < last && value >= steps_[step + 1]) ++step;
    return step;
  }

 private:
  static std::int32_t bits(float x) { return std::bit_cast<std::int32_t>(x); }

  std::span<const float> steps_;
  std::int32_t first_;
  double slope_;
};

}  // namespace

void count_levels(const float* rows, std::size_t row_count, std::ptrdiff_t stride,
                  std::size_t groups, std::size_t width, std::span<const float> steps,
                  std::int32_t* counts) {
  const Steps find(steps);
  // Group by group: all rows count in the same few lines of memory.
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t r = 0; r < row_count; ++r) {
      const float* bins = rows + static_cast<std::ptrdiff_t>(r) * stride + g * width;
      float sum = 0.0F;
      for (std::size_t i = 0; i < width; ++i) sum += bins[i];
      ++counts[g * steps.size() + find.of(sum)];
    }
  }
}

}  // namespace loudscope
