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

// A block and its context, in memory that ends where a kernel may read no further.
std::vector<float> block_of(Random& random, int frames) {
  return floats(random, static_cast<std::size_t>(frames + 2 * kPeakContext));
}

PeakSpan any_span(Random& random, int frames) {  // the tails of a programme's ends, or none
  const int tail = kPeakTaps / 2;
  return {random() % 2 == 0 ? -tail : 0, frames + (random() % 2 == 0 ? tail : 0)};
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
  Random random(10);
  for (int round = 0; round < 12; ++round) {
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

TEST("kernel",
     "peaks are the same in every kernel, and skip nothing that an exhaustive search finds") {
  Random random(11);
  for (int round = 0; round < 400; ++round) {
    const int frames = static_cast<int>(round < 200 ? round + 1 : integer(random, 200, 5000));
    const auto memory = block_of(random, frames);
    const float* x = memory.data() + kPeakContext;
    const PeakSpan span = any_span(random, frames);
    const BlockPeaks expected = baseline().peaks(x, span, true);
    for (const Kernel* kernel : kernels()) {
      CHECK_EQUAL(difference(kernel->peaks(x, span, false), expected), std::string());
      CHECK_EQUAL(difference(kernel->peaks(x, span, true), expected), std::string());
      const std::vector itu = {kernel->itu_peak(x, frames)};
      CHECK_EQUAL(tests::difference(itu, {baseline().itu_peak(x, frames)}), std::string());
    }
    CHECK(expected.sound && expected.true_peak >= expected.sample_peak);
    CHECK(expected.true_at >= span.begin && expected.true_at < span.end);
  }
}

TEST("kernel", "peaks of sixteen lanes in lockstep are those of each lane alone") {
  Random random(13);
  std::vector<float> scratch(2 * kPeakGroups * kBatchLanes);
  for (int round = 0; round < 60; ++round) {
    const int frames = static_cast<int>(round < 40 ? round + 1 : integer(random, 40, 2000));
    const auto size = static_cast<std::size_t>(frames + 2 * kPeakContext);
    std::vector<float> rows(size * kBatchLanes);
    std::vector<std::vector<float>> lanes;
    PeakSpan spans[kBatchLanes];
    for (std::size_t lane = 0; lane < kBatchLanes; ++lane) {
      lanes.push_back(block_of(random, frames));
      if (random() % 5 != 0) spans[lane] = any_span(random, frames);
      for (std::size_t t = 0; t < size; ++t) rows[t * kBatchLanes + lane] = lanes[lane][t];
    }
    for (const Kernel* kernel : kernels()) {
      for (const bool exhaustive : {false, true}) {
        BlockPeaks found[kBatchLanes];
        kernel->peaks16(rows.data() + kPeakContext * kBatchLanes, spans, scratch.data(), exhaustive,
                        found);
        for (std::size_t lane = 0; lane < kBatchLanes; ++lane) {
          const bool idle = spans[lane].end <= spans[lane].begin;
          const float* x = lanes[lane].data() + kPeakContext;
          const BlockPeaks alone = idle ? BlockPeaks() : baseline().peaks(x, spans[lane], true);
          CHECK_EQUAL(difference(found[lane], alone), std::string());
        }
      }
    }
  }
}

TEST("kernel", "a block with NaN or infinity is not sound, alone or in a lane among sound ones") {
  std::vector<float> scratch(2 * kPeakGroups * kBatchLanes);
  constexpr float bad[] = {NAN, INFINITY, -INFINITY};
  for (const Kernel* kernel : kernels()) {
    for (int frames = 1; frames < 60; ++frames) {
      const auto size = static_cast<std::size_t>(frames + 2 * kPeakContext);
      std::vector<float> x(size, 0.5F), rows(size * kBatchLanes, 0.5F);
      const auto at = static_cast<std::size_t>(kPeakContext + frames * 7 / 11);
      x[at] = rows[at * kBatchLanes + 3] = bad[frames % 3];
      PeakSpan spans[kBatchLanes];
      for (PeakSpan& span : spans) span = {0, frames};
      BlockPeaks found[kBatchLanes];
      kernel->peaks16(rows.data() + kPeakContext * kBatchLanes, spans, scratch.data(), false,
                      found);
      CHECK(!kernel->peaks(x.data() + kPeakContext, {0, frames}, false).sound);
      for (int lane = 0; lane < kBatchLanes; ++lane) CHECK_EQUAL(found[lane].sound, lane != 3);
    }
  }
}

TEST("kernel", "a lane without a source is silent, and one with a source is exact as double") {
  Random random(12);
  for (int type = 0; type < 4; ++type) {
    const int frames = static_cast<int>(integer(random, 1, kTileFrames));
    const auto x = noise(random, frames);
    const Audio audio(x, 1, {static_cast<SampleType>(type), false, random() % 2 == 0, false, 3});
    for (const Kernel* kernel : kernels()) {
      std::vector<double> tile(static_cast<std::size_t>(frames) * kBatchLanes, 7.0);
      LaneSource lanes[kBatchLanes] = {};
      lanes[5] = {audio.view().at(0, 0), audio.view().frame_stride};
      kernel->load16(tile.data(), lanes, audio.view().type, frames);
      for (int t = 0; t < frames; ++t) {
        for (int lane = 0; lane < kBatchLanes; ++lane) {
          const double sample = static_cast<double>(x[static_cast<std::size_t>(t)]) / 32768.0;
          CHECK_EQUAL(tile[static_cast<std::size_t>(t * kBatchLanes + lane)],
                      lane == 5 ? sample : 0.0);
        }
      }
    }
  }
}

TEST("kernel", "gathered samples are the audio's, and silence where a lane has none") {
  Random random(14);
  for (int round = 0; round < 100; ++round) {
    const int frames = static_cast<int>(integer(random, 1, 300));
    const auto x = noise(random, frames);
    Shape shape = any_shape(random);
    shape.planar = shape.mirrored = false;
    const Audio audio(x, 1, shape);
    const AudioView view = audio.view();
    const int begin = static_cast<int>(integer(random, -96, 0)), end = frames + 18;
    const int from = begin + static_cast<int>(integer(random, 0, end - begin - frames));
    for (const Kernel* kernel : kernels()) {
      std::vector<float> out(x.size()),
          rows(static_cast<std::size_t>(end - begin) * kBatchLanes, 7);
      kernel->gather(out.data(), {view.data, view.frame_stride}, view.type, frames);
      RowSource lanes[kBatchLanes];
      lanes[9] = {view.data, view.frame_stride, from, from + frames};
      kernel->gather16(rows.data() - begin * kBatchLanes, lanes, view.type, begin, end);
      for (int t = 0; t < frames; ++t) {
        CHECK_EQUAL(out[static_cast<std::size_t>(t)],
                    static_cast<float>(x[static_cast<std::size_t>(t)]) / 32768.0F);
      }
      for (int t = begin; t < end; ++t) {
        const bool held = t >= from && t < from + frames;
        for (int lane = 0; lane < kBatchLanes; ++lane) {
          CHECK_EQUAL(rows[static_cast<std::size_t>((t - begin) * kBatchLanes + lane)],
                      lane == 9 && held ? out[static_cast<std::size_t>(t - from)] : 0.0F);
        }
      }
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
