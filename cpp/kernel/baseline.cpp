#include "kernel.inl"

namespace loudscope {
extern const Kernel kernel_baseline;
const Kernel kernel_baseline = make_kernel("baseline");
}  // namespace loudscope
