#include "kernel.inl"

namespace loudscope {
extern const Kernel kernel_avx2;
const Kernel kernel_avx2 = make_kernel("avx2");
}  // namespace loudscope
