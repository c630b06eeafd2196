// Working space.
#pragma once

#include <cstddef>
#include <vector>

namespace loudscope {

// Floats from the start of a cache line on: no vector of them lies across two.
class Scratch {
 public:
  void resize(std::size_t floats) { lines_.resize((floats + kLine - 1) / kLine); }
  float* data() { return lines_.empty() ? nullptr : lines_.front().values; }

 private:
  static constexpr std::size_t kLine = 16;
  struct alignas(64) Line {
    float values[kLine];
  };
  std::vector<Line> lines_;
};

}  // namespace loudscope
