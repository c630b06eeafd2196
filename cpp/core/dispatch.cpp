// Which kernel runs: the best that this CPU has, or the one the environment names.
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "loudscope/kernel.hpp"

#if defined(_MSC_VER) && (defined(_M_X64) || defined(_M_IX86))
#include <intrin.h>
#endif

namespace loudscope {

extern const Kernel kernel_baseline;
#if defined(LOUDSCOPE_X86)
extern const Kernel kernel_avx2;
extern const Kernel kernel_avx512;
#endif

namespace {

#if defined(LOUDSCOPE_X86)
#if defined(_MSC_VER)
struct Cpu {
  bool avx2 = false, avx512 = false;

  Cpu() {
    int leaf[4];
    __cpuid(leaf, 0);
    if (leaf[0] < 7) return;
    __cpuid(leaf, 1);
    const bool os_saves = (leaf[2] >> 27 & 1) != 0 && (leaf[2] >> 28 & 1) != 0;
    if (!os_saves) return;
    const auto saved = _xgetbv(0);  // XMM and YMM; opmask and ZMM
    __cpuidex(leaf, 7, 0);
    avx2 = (saved & 0x06) == 0x06 && (leaf[1] >> 5 & 1) != 0;
    const int wanted = 1 << 16 | 1 << 17 | 1 << 30 | static_cast<int>(1U << 31);  // F DQ BW VL
    avx512 = avx2 && (saved & 0xe6) == 0xe6 && (leaf[1] & wanted) == wanted;
  }
};
#else
struct Cpu {
  bool avx2 = __builtin_cpu_supports("avx2") != 0;
  bool avx512 = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
};
#endif
#endif

const Kernel& chosen() {
  if (const char* wanted = std::getenv("LOUDSCOPE_KERNEL"); wanted != nullptr && *wanted != '\0') {
    if (const Kernel* kernel = find_kernel(wanted)) return *kernel;
    const Kernel* known[4];
    std::string names;
    for (std::size_t i = 0, count = available_kernels(known, 4); i < count; ++i) {
      names += (i == 0 ? "" : ", ") + std::string(known[i]->name);
    }
    throw std::invalid_argument("LOUDSCOPE_KERNEL: '" + std::string(wanted) +
                                "' cannot run on this machine; choose from " + names);
  }
  const Kernel* best;
  available_kernels(&best, 1);
  return *best;
}

}  // namespace

std::size_t available_kernels(const Kernel** out, std::size_t capacity) {
  std::size_t count = 0;
  const auto add = [&](const Kernel& kernel) {
    if (count < capacity) out[count++] = &kernel;
  };
#if defined(LOUDSCOPE_X86)
  const Cpu cpu;
  if (cpu.avx512) add(kernel_avx512);
  if (cpu.avx2) add(kernel_avx2);
#endif
  add(kernel_baseline);
  return count;
}

const Kernel* find_kernel(const char* name) {
  const Kernel* known[4];
  for (std::size_t i = 0, count = available_kernels(known, 4); i < count; ++i) {
    if (std::string_view(known[i]->name) == name) return known[i];
  }
  return nullptr;
}

const Kernel& active_kernel() {
  static const Kernel& kernel = chosen();  // a failed choice throws again at the next call
  return kernel;
}

}  // namespace loudscope
