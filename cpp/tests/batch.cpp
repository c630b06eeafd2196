#include "loudscope/batch.hpp"

#include "loudscope/gating.hpp"
#include "signals.hpp"

namespace loudscope::tests {
namespace {

struct Clips {  // of one sample type; lengths, strides and levels differ
  std::vector<Audio> audio;
  std::vector<AudioView> views;

  Clips(Random& random, int channels, int count, std::int64_t longest) {
    const SampleType type = any_shape(random).type;
    for (int i = 0; i < count; ++i) {
      Shape shape = any_shape(random);
      shape.type = type;
      audio.emplace_back(noise(random, channels * integer(random, 1, longest)), channels, shape);
    }
    for (const Audio& clip : audio) views.push_back(clip.view());
  }
};

ClipFigures alone(const Plan& plan, const AudioView& view, const std::vector<double>& weights) {
  const Table table = scan(plan, view);
  const std::vector<std::int64_t> seams = {0};
  const auto power = weighted_power(table.tick_energy, weights);
  const auto blocks = windows({power, table.tick_frames, table.ticks, seams}, 40, 10).power;
  return {gate(blocks).integrated,
          *std::max_element(table.true_peak.begin(), table.true_peak.end())};
}

TEST("batch", "a batch is the loop over its clips, bit for bit") {
  Random random(70);
  for (int round = 0; round < 25; ++round) {
    const int channels = static_cast<int>(integer(random, 1, 5));
    const Clips clips(random, channels, static_cast<int>(integer(random, 0, 40)), 40000);
    std::vector<double> weights(static_cast<std::size_t>(channels), 1.0);
    weights.back() = 1.41;
    Want want;
    want.bands = false;
    const Plan plan = plan_for(8000, channels, *kernels()[random() % kernels().size()], want);
    const int threads = static_cast<int>(integer(random, 1, 3));
    const auto figures = measure_clips(plan, clips.views, weights, threads);
    CHECK_EQUAL(figures.size(), clips.views.size());
    for (std::size_t i = 0; i < figures.size(); ++i) {
      const ClipFigures expected = alone(plan, clips.views[i], weights);
      CHECK_EQUAL(figures[i].integrated, expected.integrated);
      CHECK_EQUAL(figures[i].true_peak, expected.true_peak);
    }
  }
}

TEST("batch", "more clips than one round holds: each has its own figures") {
  Random random(71);
  const Clips clips(random, 1, 700, 900);
  Want want;
  want.bands = false;
  const Plan plan = plan_for(8000, 1, *kernels().front(), want);
  const auto figures = measure_clips(plan, clips.views, {1.0}, 2);
  for (std::size_t i = 0; i < figures.size(); i += 13)
    CHECK_EQUAL(figures[i].true_peak, alone(plan, clips.views[i], {1.0}).true_peak);
}

TEST("batch", "the first clip with a bad sample is named, with its first bad sample") {
  Random random(72);
  for (int round = 0; round < 30; ++round) {
    std::vector<std::vector<float>> x(60);
    std::vector<AudioView> views;
    for (auto& clip : x) clip.assign(static_cast<std::size_t>(integer(random, 500, 9000)), 0.1F);
    const std::int64_t clip = integer(random, 0, 59), later = integer(random, clip, 59);
    const std::int64_t frame = integer(random, 0, 499);
    x[static_cast<std::size_t>(later)][499] = INFINITY;
    x[static_cast<std::size_t>(clip)][static_cast<std::size_t>(frame)] = NAN;
    for (const auto& samples : x)
      views.push_back({reinterpret_cast<const std::byte*>(samples.data()), SampleType::f32,
                       static_cast<std::int64_t>(samples.size()), 1, 4, 4});
    Want want;
    want.bands = false;
    want.weighting = round % 2 == 0;
    want.peaks = !want.weighting;
    const Plan plan = plan_for(8000, 1, *kernels().front(), want);
    CHECK_THROWS(
        BadSample, [&] { measure_clips(plan, views, {1.0}, 2); },
        [&](const BadSample& bad) {
          CHECK_EQUAL(bad.clip, clip);
          CHECK_EQUAL(bad.frame, frame);
        });
  }
}

}  // namespace
}  // namespace loudscope::tests
