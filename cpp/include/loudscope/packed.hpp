// Samples of three bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace loudscope {

// Little-endian 24-bit samples as int32, left-justified.
void unpack24(const std::byte* from, std::size_t samples, std::int32_t* to);

}  // namespace loudscope
