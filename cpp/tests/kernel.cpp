#include "loudscope/kernel.hpp"

#include <memory>

#include "signals.hpp"

namespace loudscope::tests {
namespace {

const Kernel& baseline() { return *find_kernel("baseline"); }

std::vector<float> floats(Random& random, std::size_t count) {
  std::vector<float> x(count);
  const double gain = std::pow(10.0, uniform(random, -6.0, 1.9));
  const bool sparse = random() % 2 == 0;
  for (float& value : x) {
    const bool silent = sparse && random() % 16 != 0;
    value = silent ? 0.0F : static_cast<float>(gain * uniform(random, -1.0, 1.0));
  }
  return x;
}

std::string difference(const BlockPeaks& a, const BlockPeaks& b) {
  return tests::difference(std::vector{a.sample_peak, a.true_peak},
                           std::vector{b.sample_peak, b.true_peak}) +
         tests::difference(std::vector<int>{a.sample_at, a.true_at, a.sound},
                           std::vector<int>{b.sample_at, b.true_at, b.sound});
}

// Sixteen lanes of blocks with as much context as there happens to be, some of them idle. Each lies
// in memory of its own that ends where its last sample does.
struct Lanes {
  std::vector<std::vector<float>> memory;
  RowSource sources[kBatchLanes];
  PeakSpan spans[kBatchLanes];

  // `most`: samples are held below it, as a limiter does.
  Lanes(Random& random, int frames, float most = 1.0F) {
    const int tail = kPeakTaps / 2;
    for (int lane = 0; lane < kBatchLanes; ++lane) {
      const int before = static_cast<int>(integer(random, 0, kPeakContext));
      const int after = static_cast<int>(integer(random, 0, kPeakContext));
      memory.push_back(floats(random, static_cast<std::size_t>(before + frames + after)));
      for (float& x : memory.back()) x = std::clamp(x, -most, most);
      if (random() % 5 == 0) continue;
      sources[lane] = {reinterpret_cast<const std::byte*>(memory.back().data()), sizeof(float),
                       -before, frames + after};
      spans[lane] = {random() % 2 == 0 ? -tail : 0, frames + (random() % 2 == 0 ? tail : 0)};
    }
  }

  // All lanes together, or one by itself.
  std::array<BlockPeaks, kBatchLanes> read(const Kernel& kernel, bool exhaustive, int only = -1,
                                           const float* floors = nullptr) const {
    std::vector<float> scratch(3 * kPeakGroups * kBatchLanes);
    RowSource some[kBatchLanes];
    PeakSpan theirs[kBatchLanes];
    for (int lane = 0; lane < kBatchLanes; ++lane) {
      if (only >= 0 && lane != only) continue;
      some[lane] = sources[lane];
      theirs[lane] = spans[lane];
    }
    std::array<BlockPeaks, kBatchLanes> found;
    kernel.peaks16(some, SampleType::f32, theirs, floors, scratch.data(), exhaustive, found.data());
    return found;
  }
};

int any_length(Random& random, int round) {
  return static_cast<int>(round < 100 ? round + 1 : integer(random, 100, 3000));
}

TEST("kernel", "the best kernel comes first, baseline is always there, an unknown name is not") {
  CHECK(!kernels().empty());
  CHECK_EQUAL(std::string(kernels().back()->name), std::string("baseline"));
  CHECK(find_kernel("abacus") == nullptr);
  for (const Kernel* kernel : kernels()) CHECK(find_kernel(kernel->name) == kernel);
  const Kernel* only = nullptr;
  CHECK_EQUAL(available_kernels(&only, 1), 1U);
  CHECK(only == kernels().front());
}

TEST("kernel", "every kernel gives the same table, bit for bit") {
  for (const int round : rounds(12)) {
    Random random(10 + static_cast<unsigned>(round));
    const int channels = static_cast<int>(integer(random, 1, 7));
    const auto x = noise(random, channels * integer(random, 1, 60000));
    const Audio audio(x, channels, any_shape(random));
    const int rate = std::array{8000, 22050, 48000}[random() % 3];
    const Table expected = scan(plan_for(rate, channels, baseline()), audio.view());
    for (const Kernel* kernel : kernels()) {
      CHECK_SAME(scan(plan_for(rate, channels, *kernel), audio.view()), expected);
    }
  }
}

TEST("kernel", "peaks are the same in every kernel, and an exhaustive search finds no other") {
  Random random(11);
  for (const int round : rounds(160)) {
    const Lanes lanes(random, any_length(random, round));
    const auto expected = lanes.read(baseline(), true);
    for (const Kernel* kernel : kernels()) {
      const auto pruned = lanes.read(*kernel, false), exhaustive = lanes.read(*kernel, true);
      for (std::size_t lane = 0; lane < expected.size(); ++lane) {
        CHECK_EQUAL(difference(pruned[lane], expected[lane]), std::string());
        CHECK_EQUAL(difference(exhaustive[lane], expected[lane]), std::string());
      }
    }
    for (const BlockPeaks& found : expected) {
      CHECK(found.sound && found.true_peak >= found.sample_peak);
    }
  }
}

TEST("kernel", "a peak above a lane's floor is found, and no other is made up") {
  Random random(17);
  for (const int round : rounds(120)) {
    const auto most = round % 2 == 0 ? 1.0F : static_cast<float>(uniform(random, 0.0, 0.1));
    const Lanes lanes(random, any_length(random, round), most);
    const auto expected = lanes.read(baseline(), true);
    float floors[kBatchLanes];
    for (std::size_t lane = 0; lane < expected.size(); ++lane) {
      floors[lane] = expected[lane].true_peak * static_cast<float>(uniform(random, 0.99, 1.01));
    }
    for (const Kernel* kernel : kernels()) {
      const auto found = lanes.read(*kernel, false, -1, floors);
      for (std::size_t lane = 0; lane < expected.size(); ++lane) {
        CHECK(found[lane].sound && found[lane].true_peak <= expected[lane].true_peak);
        if (expected[lane].true_peak <= floors[lane]) continue;
        CHECK_EQUAL(found[lane].true_peak, expected[lane].true_peak);
      }
    }
  }
}

TEST("kernel", "among denormal samples an exhaustive search finds no other peak") {
  Random random(17);
  for (const int round : rounds(40)) {
    Lanes lanes(random, any_length(random, 20 * round));
    for (auto& memory : lanes.memory) {
      for (float& x : memory) x = static_cast<float>(integer(random, -3, 3)) * 1e-45F;
    }
    for (const Kernel* kernel : kernels()) {
      const auto pruned = lanes.read(*kernel, false), exhaustive = lanes.read(*kernel, true);
      for (std::size_t lane = 0; lane < pruned.size(); ++lane) {
        CHECK_EQUAL(difference(pruned[lane], exhaustive[lane]), std::string());
      }
    }
  }
}

TEST("kernel", "a lane's peaks do not depend on the lanes beside it") {
  Random random(13);
  for (const int round : rounds(24)) {
    const Lanes lanes(random, any_length(random, 5 * round));
    for (const Kernel* kernel : kernels()) {
      const auto together = lanes.read(*kernel, false);
      for (std::size_t lane = 0; lane < together.size(); ++lane) {
        const auto alone = lanes.read(*kernel, false, static_cast<int>(lane));
        CHECK_EQUAL(difference(together[lane], alone[lane]), std::string());
      }
    }
  }
}

TEST("kernel", "where every lane is idle no sample is read") {
  Random random(15);
  Lanes idle(random, 7);
  for (int lane = 0; lane < kBatchLanes; ++lane) idle.sources[lane] = {}, idle.spans[lane] = {};
  for (const Kernel* kernel : kernels()) {
    for (const BlockPeaks& found : idle.read(*kernel, false)) {
      CHECK_EQUAL(difference(found, BlockPeaks()), std::string());
    }
  }
}

TEST("kernel", "a block with NaN or infinity is not sound; those in the lanes beside it are") {
  Random random(14);
  constexpr float bad[] = {NAN, INFINITY, -INFINITY};
  for (const int round : rounds(120)) {
    const int frames = any_length(random, round);
    Lanes lanes(random, frames);
    lanes.memory[3].assign(static_cast<std::size_t>(frames), 0.5F);
    lanes.memory[3][random() % lanes.memory[3].size()] = bad[round % 3];
    lanes.sources[3] = {reinterpret_cast<const std::byte*>(lanes.memory[3].data()), sizeof(float),
                        0, frames};
    lanes.spans[3] = {0, frames};
    for (const Kernel* kernel : kernels()) {
      const auto found = lanes.read(*kernel, round % 2 == 0);
      for (std::size_t lane = 0; lane < found.size(); ++lane) {
        CHECK_EQUAL(found[lane].sound, lane != 3);
      }
    }
  }
}

TEST("kernel", "a lane without a source is silent, and one with a source is exact as double") {
  Random random(12);
  for (int round = 0; round < 120; ++round) {
    const int frames = static_cast<int>(integer(random, 1, kTileFrames));
    const bool packed = random() % 2 == 0;
    const Shape shape = packed ? Shape{static_cast<SampleType>(random() % 4)} : any_shape(random);
    const auto x = noise(random, 2 * kBatchLanes / 2 * frames);
    const Audio audio(x, 2, shape);
    LaneSource lanes[kBatchLanes] = {};
    for (int lane = 0; lane < kBatchLanes; ++lane) {
      // Left and right of eight stretches, as a scan has them.
      const int stretch = lane % (kBatchLanes / 2), channel = lane / (kBatchLanes / 2);
      if (round % 3 == 1 && random() % 3 == 0) continue;
      lanes[lane] = {audio.view().at(stretch * frames, channel), audio.view().frame_stride};
    }
    for (const Kernel* kernel : kernels()) {
      std::vector<double> tile(static_cast<std::size_t>(frames) * kBatchLanes, 7.0);
      LaneState<kBatchLanes> state{};
      kernel->advance16(&state, tile.data(), lanes, audio.view().type, frames, {});
      for (int i = 0; i < frames * kBatchLanes; ++i) {
        const int lane = i % kBatchLanes,
                  frame = lane % (kBatchLanes / 2) * frames + i / kBatchLanes;
        const auto at = static_cast<std::size_t>(2 * frame + lane / (kBatchLanes / 2));
        const double sample = static_cast<double>(x[at]) / 32768.0;
        CHECK_EQUAL(tile[static_cast<std::size_t>(i)], lanes[lane].data == nullptr ? 0.0 : sample);
      }
    }
  }
}

TEST("kernel", "gathered samples are the audio's, whatever its type and strides") {
  Random random(16);
  for (int round = 0; round < 100; ++round) {
    const auto x = noise(random, 2 * integer(random, 1, 300));
    const Audio audio(x, 2, any_shape(random));
    const AudioView view = audio.view();
    std::vector<float> expected, out(static_cast<std::size_t>(view.frames));
    for (std::size_t i = 1; i < x.size(); i += 2) {
      expected.push_back(static_cast<float>(x[i]) / 32768.0F);
    }
    for (const Kernel* kernel : kernels()) {
      kernel->gather(out.data(), {view.at(0, 1), view.frame_stride}, view.type,
                     static_cast<int>(view.frames));
      CHECK_SAME(out, expected);
    }
  }
}

TEST("kernel", "states too small to matter come to rest, larger ones stay") {
  for (const Kernel* kernel : kernels()) {
    const auto state = std::make_unique<LaneState<kBatchLanes>>();
    state->shelf[0][0] = 1e-151, state->shelf[1][15] = -1e-149;
    state->node[kMaxNodes - 1][3][15] = -1e-310, state->node[0][0][3] = 2.0;
    kernel->rest16(state.get());
    CHECK_EQUAL(state->shelf[0][0], 0.0);
    CHECK_EQUAL(state->shelf[1][15], -1e-149);
    CHECK_EQUAL(state->node[kMaxNodes - 1][3][15], 0.0);
    CHECK_EQUAL(state->node[0][0][3], 2.0);
  }
}

}  // namespace
}  // namespace loudscope::tests
