// How often groups of bins lay at each level.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace loudscope {

// Levels in ascending positive steps. A value's step is the last that it reaches, or the first.
class LevelSteps {
 public:
  // Throws std::invalid_argument unless they ascend from above zero.
  explicit LevelSteps(std::vector<float> steps);

  std::size_t size() const { return steps_.size() - 1; }
  std::size_t of(float value) const;

  // Of each of `groups` runs of `width` values of a row, the count of its sum's step rises by one.
  // `counts` has a row of steps for each group; rows lie `stride` values apart.
  void count(const float* rows, std::size_t row_count, std::ptrdiff_t stride, std::size_t groups,
             std::size_t width, std::int32_t* counts) const;

 private:
  std::vector<float> steps_;          // and infinity
  std::vector<std::uint32_t> least_;  // of each 64th of an octave, the step of its lowest value
};

}  // namespace loudscope
