#include "loudscope/packed.hpp"

#include <cstring>

namespace loudscope {

void unpack24(const std::byte* from, std::size_t samples, std::int32_t* to) {
  const auto at = [from](std::size_t byte) { return std::to_integer<std::uint32_t>(from[byte]); };
  for (std::size_t i = 0; i < samples; ++i) {
    std::uint32_t bits = at(3 * i) << 8U | at(3 * i + 1) << 16U | at(3 * i + 2) << 24U;
    std::memcpy(to + i, &bits, sizeof bits);
  }
}

}  // namespace loudscope
