// Hashes of the block tables of fixed inputs: one line an input, the same on every kernel, compiler
// and CPU. Exits with 1 where two kernels of this machine differ. `loudscope_hashes kernels` prints
// the kernels that this machine can run, the chosen one first.
#include <cstdio>
#include <cstring>
#include <string_view>

#include "loudscope/live.hpp"
#include "signals.hpp"

namespace loudscope::tests {
namespace {

class Hash {  // FNV-1a, 64 bits
 public:
  template <class T>
  void add(const std::vector<T>& values) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(values.data());
    for (std::size_t i = 0; i < values.size() * sizeof(T); ++i) {
      value_ = (value_ ^ bytes[i]) * 0x100000001b3U;
    }
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::uint64_t hash_of(const std::vector<Table>& tables) {
  Hash hash;
  for (const Table& table : tables) {
    each_column(table, [&](const auto& column, std::size_t) { hash.add(column); });
  }
  return hash.value();
}

// Noise whose gain falls from `loudest` by 20 dB per `decay` seconds: far enough, it is denormal.
std::vector<float> fading(Random& random, int rate_hz, int channels, double seconds, double loudest,
                          double decay) {
  const auto frames = static_cast<std::int64_t>(seconds * rate_hz);
  std::vector<float> x;
  double gain = loudest;
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    if (frame % 64 == 0 && frame > 0) gain *= 1.0 - 2.302585092994046 * 64 / (decay * rate_hz);
    for (int c = 0; c < channels; ++c) {
      x.push_back(static_cast<float>(gain * uniform(random, -1.0, 1.0)));
    }
  }
  return x;
}

struct Input {
  const char* name;
  int rate_hz, channels;
  double seconds, loudest, decay;  // noise that fades
  int bits = 0;                    // 16: as int16
  bool slow_edges = false;         // as many bands as there may be, from 10 Hz
};

constexpr Input kInputs[] = {
    {"8k mono", 8000, 1, 4.3, 0.5, 3.0},
    {"11.025k stereo int16", 11025, 2, 3.51, 1.0, 10.0, 16},
    {"22.05k three channels", 22050, 3, 3.005, 0.1, 1.0},
    {"44.1k stereo to denormals", 44100, 2, 0.9, 1.0, 0.02},
    {"48k stereo int16 loud", 48000, 2, 3.11, 1.0, 1e9, 16},
    {"48k 5.1", 48000, 6, 0.53, 0.7, 2.0},
    {"48k stereo over full scale", 48000, 2, 0.777, 50.0, 1e9},
    {"48k stereo fifteen splits", 48000, 2, 0.41, 0.3, 5.0, 0, true},
    {"96k stereo", 96000, 2, 0.913, 0.9, 1.0},
    {"384k mono", 384000, 1, 0.31, 0.9, 1.0},
    {"48k two frames", 48000, 2, 2.5 / 48000, 0.9, 1.0},
};

// The audio of an input, in memory of its own.
struct Sound {
  std::vector<float> floats;
  std::vector<std::int16_t> shorts;
  AudioView view;

  explicit Sound(const Input& input) {
    Random random(70);
    floats =
        fading(random, input.rate_hz, input.channels, input.seconds, input.loudest, input.decay);
    for (const float x : floats) {
      if (input.bits == 16) shorts.push_back(static_cast<std::int16_t>(x * 32767.0F));
    }
    const bool whole = input.bits == 16;
    const std::ptrdiff_t step = whole ? sizeof(std::int16_t) : sizeof(float);
    view = {whole ? reinterpret_cast<const std::byte*>(shorts.data())
                  : reinterpret_cast<const std::byte*>(floats.data()),
            whole ? SampleType::i16 : SampleType::f32,
            static_cast<std::int64_t>(floats.size()) / input.channels,
            input.channels,
            step * input.channels,
            step};
  }
};

std::vector<double> edges_of(const Input& input) {
  if (!input.slow_edges) return default_edges();
  std::vector<double> edges;
  for (int i = 0; i < kMaxNodes; ++i) edges.push_back(10.0 * (i + 1) * (i + 1));
  return edges;
}

// The table of a scan, which a live meter must equal, and that of peaks without a bound.
std::uint64_t hash_on(const Kernel& kernel, const Input& input) {
  const Sound sound(input);
  const auto edges = edges_of(input);
  const Plan plan = plan_for(input.rate_hz, input.channels, kernel, {}, edges);
  const Table whole = scan(plan, sound.view, 2);
  Live live(plan, std::vector<double>(static_cast<std::size_t>(input.channels), 1.0), true);
  live.push(sound.view);
  const std::string found = difference(live.table(), whole);
  if (!found.empty()) report(input.name, 0, "live and scan differ: " + found);
  const Want all = {.exhaustive_peaks = true};
  const Table twin = scan(plan_for(input.rate_hz, input.channels, kernel, all, edges), sound.view);
  return hash_of({whole, twin});
}

int print_hashes() {
  bool same = true;
  for (const Input& input : kInputs) {
    const std::uint64_t expected = hash_on(*find_kernel("baseline"), input);
    std::printf("%016llx  %s\n", static_cast<unsigned long long>(expected), input.name);
    for (const Kernel* kernel : kernels()) {
      if (hash_on(*kernel, input) == expected) continue;
      std::fprintf(stderr, "%s: %s differs from baseline\n", input.name, kernel->name);
      same = false;
    }
  }
  return same ? 0 : 1;
}

int print_kernels() {
  std::printf("%s", active_kernel().name);
  for (const Kernel* kernel : kernels()) {
    if (kernel != &active_kernel()) std::printf(" %s", kernel->name);
  }
  std::printf("\n");
  return 0;
}

int failures = 0;

}  // namespace

void report(const char* file, int, const std::string& what) {
  std::fprintf(stderr, "%s: %s\n", file, what.c_str());
  ++failures;
}

}  // namespace loudscope::tests

int main(int count, char** arguments) {
  using namespace loudscope::tests;
  if (count > 1 && std::string_view(arguments[1]) == "kernels") return print_kernels();
  return print_hashes() + failures > 0 ? 1 : 0;
}
