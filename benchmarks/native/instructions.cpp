// Fixed work for an instruction counter: `instructions CASE` does one case with the baseline
// kernel. Only `counted` is meant to be counted; the signal is made outside of it.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string_view>
#include <vector>

#include "loudscope/gating.hpp"
#include "loudscope/live.hpp"

namespace {

using namespace loudscope;

constexpr int kRate = 48000, kChannels = 2;

// Noise over a slow bass, in phrases of 1.5 s; integer arithmetic but for the last line.
template <class T>
std::vector<T> signal(double seconds, double full_scale) {
  std::vector<T> x;
  std::uint64_t state = 88172645463325252U;
  std::int64_t walk[kChannels] = {};
  for (std::int64_t frame = 0; frame < static_cast<std::int64_t>(seconds * kRate); ++frame) {
    for (std::int64_t& position : walk) {
      state ^= state << 13U, state ^= state >> 7U, state ^= state << 17U;
      position += static_cast<std::int64_t>(state >> 50U) - 8192 - position / 32;
      const std::int64_t phrase = frame % 72000 < 36000 ? 4 : 1;
      const std::int64_t bass = frame % 960 < 480 ? 20000 : -20000;
      x.push_back(
          static_cast<T>(full_scale * static_cast<double>(phrase * (position + bass)) / 1.2e6));
    }
  }
  return x;
}

template <class T>
AudioView view_of(const std::vector<T>& x, SampleType type) {
  return {reinterpret_cast<const std::byte*>(x.data()),
          type,
          static_cast<std::int64_t>(x.size()) / kChannels,
          kChannels,
          kChannels * sizeof(T),
          sizeof(T)};
}

const std::vector<double>& edges() {
  static const std::vector<double> all = {20, 60, 250, 500, 2000, 6000, 20000};
  return all;
}

Table scan(const AudioView& view, Want want) {
  const bool bands = want.bands;
  Scan whole(Plan(kRate, kChannels, 0, 1, bands ? edges() : std::vector<double>(), want,
                  *find_kernel("baseline")),
             0, kOpenEnd);
  const std::int64_t segment = whole.plan().segment_start(1);
  whole.run({view, 0}, 0, (view.frames + segment - 1) / segment, view.frames, 1);
  return whole.take();
}

void live(const AudioView& view) {
  Live meter(Plan(kRate, kChannels, 0, 1, {}, Want{.bands = false}, *find_kernel("baseline")),
             {1.0, 1.0}, false);
  for (std::int64_t at = 0; at < view.frames; at += kRate / 10) {
    AudioView chunk = view;
    chunk.data = view.at(at, 0);
    chunk.frames = kRate / 10 < view.frames - at ? kRate / 10 : view.frames - at;
    meter.push(chunk);
  }
  meter.reading();
}

void gates(const Table& table) {
  const std::vector<std::int64_t> seams = {0};
  const auto power = weighted_power(table.tick_energy, std::vector<double>{1.0, 1.0});
  const Ticks ticks = {power, table.tick_frames, table.ticks, seams};
  gate(windows(ticks, 40, 10).power);
  loudness_range(windows(ticks, 300, 10).power);
}

}  // namespace

// The counter starts and stops here.
extern "C" __attribute__((noinline)) void counted(const std::function<void()>& work) { work(); }

int main(int count, char** arguments) {
  const std::string_view name = count > 1 ? arguments[1] : "";
  const auto floats = signal<float>(24.0, 1.0);
  const auto shorts = signal<std::int16_t>(24.0, 32768.0);
  const AudioView music = view_of(floats, SampleType::f32);
  const AudioView integers = view_of(shorts, SampleType::i16);
  if (name == "lufs") {
    counted([&] { scan(music, {.bands = false, .peaks = false, .levels = false}); });
  } else if (name == "true_peak") {
    counted([&] { scan(music, {.weighting = false, .bands = false, .largest_only = true}); });
  } else if (name == "bands") {
    counted([&] { scan(music, {.weighting = false, .peaks = false}); });
  } else if (name == "analyze") {
    counted([&] { scan(music, {}); });
  } else if (name == "analyze int16") {
    counted([&] { scan(integers, {}); });
  } else if (name == "meter") {
    counted([&] { live(music); });
  } else if (name == "gating") {
    const Table table = scan(music, {.bands = false, .peaks = false});
    counted([&] { gates(table); });
  } else {
    std::fprintf(stderr, "which case?\n");
    return 2;
  }
  return 0;
}
