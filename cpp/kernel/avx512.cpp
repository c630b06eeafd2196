#include "kernel.inl"

namespace loudscope {
extern const Kernel kernel_avx512;
const Kernel kernel_avx512 = make_kernel("avx512");
}  // namespace loudscope
