// What one core of this machine can do: bytes a second from memory and from each cache, and
// multiplications and additions a second, without fusing the two (the engine never does).
// Prints JSON. Build: g++ -O3 -march=native -ffp-contract=off roofline.cpp
#include <cstdio>
#include <ctime>
#include <vector>

namespace {

#if defined(__AVX512F__)
constexpr int kBytes = 64;
#elif defined(__AVX__)
constexpr int kBytes = 32;
#else
constexpr int kBytes = 16;
#endif

typedef double Doubles __attribute__((vector_size(kBytes)));
typedef float Floats __attribute__((vector_size(kBytes)));

// CPU time: whatever else the machine does is not counted.
double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class Work>
double best_of(int rounds, const Work& work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const double began = now();
    work();
    const double taken = now() - began;
    best = taken < best ? taken : best;
  }
  return best;
}

// Gigabytes a second: a buffer is read again and again, into eight sums.
double read_speed(std::size_t bytes, std::size_t in_all) {
  std::vector<Doubles> data(bytes / kBytes, Doubles{} + 1.0);
  const std::size_t times = in_all / bytes;
  volatile double sink = 0;
  const double seconds = best_of(5, [&] {
    Doubles sum[8] = {};
    for (std::size_t t = 0; t < times; ++t) {
      for (std::size_t i = 0; i + 8 <= data.size(); i += 8) {
        for (int k = 0; k < 8; ++k) sum[k] += data[i + static_cast<std::size_t>(k)];
      }
      asm volatile("" ::: "memory");
    }
    for (int k = 1; k < 8; ++k) sum[0] += sum[k];
    sink = sink + sum[0][0];
  });
  return 1e-9 * static_cast<double>(bytes) * static_cast<double>(times) / seconds;
}

// Gigaflops: twelve chains of x = x * a + b, two operations each, in registers.
template <class V, class T>
double arithmetic() {
  constexpr int chains = 12, rounds = 2'000'000;
  const V a = V{} + T(0.999999), b = V{} + T(1e-9);
  volatile T sink = 0;
  const double seconds = best_of(5, [&] {
    V x[chains];
    for (int k = 0; k < chains; ++k) x[k] = V{} + T(k);
    for (int i = 0; i < rounds; ++i) {
      for (int k = 0; k < chains; ++k) x[k] = x[k] * a + b;
    }
    for (int k = 1; k < chains; ++k) x[0] += x[k];
    sink = sink + x[0][0];
  });
  return 1e-9 * 2.0 * chains * rounds * (kBytes / sizeof(T)) / seconds;
}

}  // namespace

int main() {
  constexpr std::size_t kilo = 1024, mega = kilo * kilo;
  std::printf("{\"vector_bytes\": %d, \"compiler\": \"%s\",\n", kBytes, __VERSION__);
  std::printf(" \"memory_gb_s\": %.1f, \"l3_gb_s\": %.1f, \"l2_gb_s\": %.1f, \"l1_gb_s\": %.1f,\n",
              read_speed(512 * mega, 1024 * mega), read_speed(8 * mega, 2048 * mega),
              read_speed(512 * kilo, 4096 * mega), read_speed(24 * kilo, 8192 * mega));
  std::printf(" \"double_gflops\": %.1f, \"float_gflops\": %.1f}\n", arithmetic<Doubles, double>(),
              arithmetic<Floats, float>());
}
