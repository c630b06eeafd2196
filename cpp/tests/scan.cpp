#include "loudscope/scan.hpp"

#include "signals.hpp"

namespace loudscope::tests {
namespace {

TEST("scan", "threads, strides and sample types change no bit") {
  Random random(40);
  for (int round = 0; round < 16; ++round) {
    const int channels = static_cast<int>(integer(random, 1, 6));
    const int rate = std::array{8000, 11025, 44100}[random() % 3];
    const auto x = noise(random, channels * integer(random, 1, 7 * rate));
    const Table expected = scan(plan_for(rate, channels), Audio(x, channels).view());
    for (int shape = 0; shape < 3; ++shape) {
      const Audio audio(x, channels, any_shape(random));
      const int threads = static_cast<int>(integer(random, 1, 4));
      CHECK_SAME(scan(plan_for(rate, channels), audio.view(), threads), expected);
    }
  }
}

TEST("scan", "programmes of 1 to 200 frames have one row each, or as many as they need") {
  Random random(41);
  for (int frames = 1; frames <= 200; ++frames) {
    const Audio audio(noise(random, 2 * frames), 2, any_shape(random));
    const Table table = scan(plan_for(8000, 2), audio.view());
    CHECK_EQUAL(table.blocks(), 1U);
    CHECK_EQUAL(table.frames[0], static_cast<std::uint32_t>(frames));
    CHECK_EQUAL(table.ticks[0], frames / 80);
    double bands = 0.0;
    for (std::size_t i = 0; i < table.band_energy.size(); ++i) bands += table.band_energy[i];
    CHECK(bands <= table.energy[0] + table.energy[1] + 1e-9);
  }
}

TEST("scan", "an ending at, before or after a tick, block or segment loses and adds no frame") {
  Random random(42);
  constexpr int rate = 8000;
  const Audio audio(noise(random, 2 * (6 * rate + 10)), 2);
  for (const std::int64_t whole : {80, 800, 3 * rate, 3 * rate + 80, 3 * rate + 800, 6 * rate}) {
    for (std::int64_t frames = whole - 2; frames <= whole + 2; ++frames) {
      const AudioView view = audio.view(0, frames);
      const Table table = scan(plan_for(rate, 2), view);
      double total = 0.0, expected = 0.0;
      for (std::size_t i = 0; i < table.total.size(); i += 2) total += table.total[i];
      for (std::int64_t f = 0; f < frames; ++f) {
        float value;
        std::memcpy(&value, view.at(f, 0), sizeof value);
        expected += value;
      }
      CHECK_NEAR(total, expected, 1e-9);
    }
  }
}

TEST("scan", "24 channels are 24 times one channel") {
  Random random(43);
  constexpr int channels = 24;
  const auto x = noise(random, channels * 30000);
  const Audio audio(x, channels, {SampleType::i16, false, false, false, 1});
  const Table all = scan(plan_for(8000, channels), audio.view(), 2);
  for (int c = 0; c < channels; ++c) {
    AudioView one = audio.view();
    one.data = one.at(0, c);
    one.channels = 1;
    const Table alone = scan(plan_for(8000, 1), one);
    for (std::size_t b = 0; b < alone.blocks(); ++b) {
      const std::size_t at = b * channels + static_cast<std::size_t>(c);
      CHECK_EQUAL(all.energy[at], alone.energy[b]);
      CHECK_EQUAL(all.tick_energy[b * 10 * channels + static_cast<std::size_t>(c)],
                  alone.tick_energy[b * 10]);
      CHECK_EQUAL(all.true_peak[at], alone.true_peak[b]);
    }
  }
}

TEST("scan", "the pair's products do not depend on where its channels stand") {
  Random random(44);
  const auto x = noise(random, 5 * 20000);
  const Audio audio(x, 5);
  for (const auto& [left, right] : {std::pair{3, 1}, {0, 4}, {2, 3}}) {
    const Plan plan(8000, 5, left, right, default_edges(), {}, *kernels().front());
    AudioView pair = audio.view();
    pair.data = pair.at(0, left);
    pair.channel_stride *= right - left;
    pair.channels = 2;
    const Table some = scan(plan, audio.view()), two = scan(plan_for(8000, 2), pair);
    CHECK_SAME(some.cross, two.cross);
    CHECK_SAME(some.k_cross, two.k_cross);
    CHECK_SAME(some.band_cross, two.band_cross);
  }
}

TEST("scan", "what is not asked for is not computed, and what is does not change") {
  Random random(45);
  const Audio audio(noise(random, 2 * 40000), 2);
  const Table all = scan(plan_for(8000, 2), audio.view());
  for (int bits = 0; bits < 8; ++bits) {
    const Want want = {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, false};
    const Table some = scan(plan_for(8000, 2, *kernels().front(), want), audio.view());
    CHECK_SAME(some.frames, all.frames);
    CHECK_SAME(some.tick_energy, want.weighting ? all.tick_energy : std::vector<double>());
    CHECK_SAME(some.band_energy, want.bands ? all.band_energy : std::vector<double>());
    CHECK_SAME(some.true_peak, want.peaks ? all.true_peak : std::vector<float>());
    CHECK_SAME(some.energy, want.weighting || want.bands ? all.energy : std::vector<double>());
  }
}

TEST("scan", "rows from a later row, or up to an earlier one, are the rows of the whole") {
  Random random(46);
  constexpr int rate = 8000, blocks = 95;
  const Audio audio(noise(random, 2 * (rate * blocks / 10 - 33)), 2);
  const Plan plan = plan_for(rate, 2);
  const Table whole = scan(plan, audio.view());
  for (int round = 0; round < 40; ++round) {
    const std::int64_t first = integer(random, 0, blocks - 1),
                       stop = integer(random, first, blocks + 9);
    Scan part(plan, first, stop);
    part.run({audio.view(), 0}, part.first_segment(), blocks / kSegmentBlocks + 1, audio.frames(),
             2);
    const Table table = part.take();
    const auto rows = static_cast<std::size_t>(std::min<std::int64_t>(stop, blocks) - first);
    CHECK_EQUAL(table.blocks(), rows);
    const auto from = static_cast<std::ptrdiff_t>(first);
    const auto slice = [&](const auto& column, std::ptrdiff_t width) {
      return std::vector(column.begin() + from * width,
                         column.begin() + (from + static_cast<std::ptrdiff_t>(rows)) * width);
    };
    CHECK_SAME(table.energy, slice(whole.energy, 2));
    CHECK_SAME(table.tick_energy, slice(whole.tick_energy, 20));
    CHECK_SAME(table.true_peak, slice(whole.true_peak, 2));
  }
}

struct Place {
  std::int64_t frame;
  int channel;
};

// Scans silence with `value` at these places and expects the first of them to be named.
void check_bad(int channels, std::int64_t frames, std::vector<Place> places, double value,
               bool wide, Want want) {
  std::vector<double> doubles(static_cast<std::size_t>(frames * channels), 0.25);
  for (const Place& p : places)
    doubles[static_cast<std::size_t>(p.frame * channels + p.channel)] = value;
  const std::vector<float> floats(doubles.begin(), doubles.end());
  const std::ptrdiff_t size = wide ? sizeof(double) : sizeof(float);
  const AudioView view = {wide ? reinterpret_cast<const std::byte*>(doubles.data())
                               : reinterpret_cast<const std::byte*>(floats.data()),
                          wide ? SampleType::f64 : SampleType::f32,
                          frames,
                          channels,
                          size * channels,
                          size};
  const Place first = *std::min_element(places.begin(), places.end(), [](Place a, Place b) {
    return a.frame != b.frame ? a.frame < b.frame : a.channel < b.channel;
  });
  const Plan plan = plan_for(8000, channels, *kernels().front(), want);
  const auto run = [&] { scan(plan, view, 2); };
  CHECK_THROWS(BadSample, run, [&](const BadSample& bad) {
    CHECK_EQUAL(bad.frame, first.frame);
    CHECK_EQUAL(bad.channel, first.channel);
    CHECK(bad.found() && !(std::fabs(bad.value) <= kSampleLimit));
  });
}

TEST("scan", "of the samples that cannot be measured the first is named: frame, then channel") {
  Random random(47);
  constexpr double values[] = {NAN, INFINITY, -INFINITY, 100.5, -1e300};
  for (int round = 0; round < 120; ++round) {
    const int channels = static_cast<int>(integer(random, 1, 5));
    const std::int64_t frames = integer(random, 1, 40000);
    std::vector<Place> places;
    for (std::int64_t count = integer(random, 1, 3); count > 0; --count) {
      const std::int64_t frame = random() % 4 == 0 ? frames - 1 : integer(random, 0, frames - 1);
      places.push_back({frame, static_cast<int>(integer(random, 0, channels - 1))});
    }
    Want want;
    if (round % 3 == 1) want.peaks = false;
    if (round % 3 == 2) want.weighting = want.bands = false;
    check_bad(channels, frames, places, values[random() % 5], random() % 2 == 0, want);
  }
}

TEST("scan", "detail is the same bits on every kernel, and adds up") {
  Random random(46);
  Want want;
  want.detail = true;
  const Audio audio(noise(random, 3 * 40123), 3);
  const Table expected = scan(plan_for(8000, 3, *kernels().back(), want), audio.view());
  for (const Kernel* kernel : kernels())
    CHECK_SAME(scan(plan_for(8000, 3, *kernel, want), audio.view(), 2), expected);
  const auto width = static_cast<std::size_t>(expected.bands) * 3;
  for (std::size_t i = 0; i < expected.band_energy.size(); ++i) {
    double sum = 0.0;
    for (std::size_t tick = 0; tick < 10; ++tick)
      sum += expected.band_tick_energy[(i / width * 10 + tick) * width + i % width];
    CHECK_NEAR(sum, expected.band_energy[i], 1e-6 * expected.band_energy[i]);
    const double peak = expected.band_peak[i];
    CHECK(peak * peak <= expected.band_energy[i] * (1.0 + 1e-6));
    CHECK(peak * peak * expected.frames[i / width] >= expected.band_energy[i] * (1.0 - 1e-6));
  }
}

TEST("scan", "a sample at the limit is measured, a loud block is not mistaken for a bad one") {
  std::vector<float> x(9000, 100.0F);
  const AudioView view = {reinterpret_cast<const std::byte*>(x.data()),
                          SampleType::f32,
                          9000,
                          1,
                          sizeof(float),
                          sizeof(float)};
  const Table table = scan(plan_for(8000, 1), view);
  CHECK_EQUAL(table.sample_peak[0], 100.0F);
  CHECK_EQUAL(table.energy[0], 800 * 1e4);
}

}  // namespace
}  // namespace loudscope::tests
