// How often groups of bins lay at each level.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace loudscope {

// Of each of `groups` runs of `width` values of a row the sum is taken, and of its step, the last
// of the ascending positive `steps` that it reaches (the first, if none), the count rises by one.
// `counts` has a row of steps for each group; rows lie `stride` values apart.
void count_levels(const float* rows, std::size_t row_count, std::ptrdiff_t stride,
                  std::size_t groups, std::size_t width, std::span<const float> steps,
                  std::int32_t* counts);

}  // namespace loudscope
