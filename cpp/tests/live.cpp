#include "loudscope/live.hpp"

#include <stdexcept>

#include "signals.hpp"

namespace loudscope::tests {
namespace {

void pour(Live& live, const Audio& audio, Random& random, std::int64_t largest) {
  for (std::int64_t at = 0; at < audio.frames();) {
    const std::int64_t end = std::min(audio.frames(), at + integer(random, 0, largest));
    live.push(audio.view(at, end));
    at = end;
  }
}

std::vector<double> ones(int channels) {
  return std::vector<double>(static_cast<std::size_t>(channels), 1.0);
}

TEST("live", "the table of a live meter is that of a whole scan, bit for bit") {
  Random random(60);
  for (int round = 0; round < 40; ++round) {
    const int channels = static_cast<int>(integer(random, 1, 5));
    const int rate = std::array{8000, 11025, 44100}[random() % 3];
    const auto x = noise(random, channels * integer(random, 0, 8 * rate));
    const Audio audio(x, channels, any_shape(random));
    const Plan plan = plan_for(rate, channels, *kernels()[random() % kernels().size()]);
    Live live(plan, ones(channels), true);
    pour(live, audio, random, std::array{50, 5000, 200000}[random() % 3]);
    CHECK_SAME(live.table(), scan(plan, audio.view()));
  }
}

TEST("live", "tables on the way are those of programmes that end there, and disturb nothing") {
  Random random(61);
  const Plan plan = plan_for(8000, 3);
  const Audio audio(noise(random, 3 * 30000), 3);
  Live live(plan, ones(3), true);
  for (std::int64_t at = 0; at < audio.frames();) {
    const std::int64_t end = std::min(audio.frames(), at + integer(random, 0, 1500));
    live.push(audio.view(at, end));
    at = end;
    CHECK_SAME(live.table(), scan(plan, audio.view(0, at)));
  }
}

TEST("live", "slow bands: the longest pre-roll and the most edges") {
  Random random(62);
  std::vector<double> edges;
  for (int i = 0; i < kMaxNodes; ++i) edges.push_back(10.0 * std::pow(1.6, i));
  const Plan plan = plan_for(8000, 2, *kernels().front(), {}, edges);
  const Audio audio(noise(random, 2 * 60000), 2);
  Live live(plan, ones(2), true);
  pour(live, audio, random, 4000);
  CHECK_SAME(live.table(), scan(plan, audio.view()));
}

TEST("live", "readings are the figures of the table so far") {
  Random random(63);
  const Plan plan = plan_for(8000, 2);
  const Audio audio(noise(random, 2 * 90007), 2);
  Live live(plan, ones(2), true);
  pour(live, audio, random, 2000);
  const LiveReading now = live.reading();
  const Table table = live.table();
  const auto power = weighted_power(table.tick_energy, std::vector{1.0, 1.0});
  const std::vector<std::int64_t> seams = {0};
  const Ticks ticks = {power, table.tick_frames, table.ticks, seams};
  const Windows momentary = windows(ticks, 40, 1), blocks = windows(ticks, 40, 10);
  const Windows short_term = windows(ticks, 300, 10);
  CHECK_EQUAL(now.frames, audio.frames());
  CHECK(now.momentary.full && now.short_term.full);
  CHECK_NEAR(now.momentary.power, momentary.power.back(), 1e-12);
  CHECK_NEAR(now.momentary_max.power,
             *std::max_element(momentary.power.begin(), momentary.power.end()), 1e-12);
  CHECK_EQUAL(now.gated.blocks, blocks.power.size());
  CHECK_NEAR(now.gated.integrated, gate(blocks.power).integrated, 1e-9);
  CHECK_EQUAL(now.range.kept, loudness_range(short_term.power).kept);
  CHECK_NEAR(now.range.high, loudness_range(short_term.power).high, 1e-9);
}

TEST("live", "a meter that has heard nothing, or too little, has no windows") {
  const Plan plan = plan_for(48000, 2);
  Live live(plan, ones(2), true);
  live.push({nullptr, SampleType::i16, 0, 2, 4, 2});
  CHECK_EQUAL(live.table().blocks(), 0U);
  Random random(64);
  live.push(Audio(noise(random, 2 * 19199), 2).view());
  const LiveReading now = live.reading();
  CHECK(!now.momentary.full && !now.short_term.full && !now.momentary_max.full);
  CHECK_EQUAL(now.gated.blocks, 0U);
}

TEST("live", "without a table its rows stay few, however much is pushed at a time") {
  Random random(65);
  const Plan plan = plan_for(8000, 1);
  const Audio audio(noise(random, 8000 * 60), 1, {SampleType::i16});
  Live bounded(plan, ones(1), false), keeping(plan, ones(1), true);
  for (int minute = 0; minute < 3; ++minute) {
    bounded.push(audio.view());
    keeping.push(audio.view());
    CHECK(bounded.table().blocks() < 100);
  }
  const LiveReading a = bounded.reading(), b = keeping.reading();
  CHECK_EQUAL(a.gated.integrated, b.gated.integrated);
  CHECK_EQUAL(a.true_peak[0], b.true_peak[0]);
  const Table last = bounded.table(), all = keeping.table();
  CHECK_SAME(last.energy, std::vector(all.energy.end() - static_cast<std::ptrdiff_t>(last.blocks()),
                                      all.energy.end()));
}

TEST("live",
     "a chunk with a bad sample is refused whole: its first one is named, nothing is taken") {
  Random random(66);
  const Plan plan = plan_for(8000, 3);
  const Audio audio(noise(random, 3 * 30000), 3);
  Live live(plan, ones(3), true);
  for (std::int64_t at = 0; at < audio.frames(); at += 1000) {
    std::vector<double> x(3 * 500, 0.5);
    const std::int64_t frame = integer(random, 0, 499);
    const int channel = static_cast<int>(integer(random, 0, 2));
    x[static_cast<std::size_t>(3 * frame + channel)] = random() % 2 == 0 ? NAN : -100.001;
    const std::int64_t later = integer(random, frame, 499);
    if (later > frame) x[static_cast<std::size_t>(3 * later)] = INFINITY;
    const AudioView bad = {
        reinterpret_cast<const std::byte*>(x.data()), SampleType::f64, 500, 3, 24, 8};
    CHECK_THROWS(
        BadSample, [&] { live.push(bad); },
        [&](const BadSample& caught) {
          CHECK_EQUAL(caught.frame, at + frame);
          CHECK_EQUAL(caught.channel, channel);
        });
    live.push(audio.view(at, at + 1000));
  }
  CHECK_SAME(live.table(), scan(plan, audio.view()));
}

TEST("live", "chunks of any sample type in one stream: every image of the audio is the same") {
  Random random(68);
  for (int round = 0; round < 20; ++round) {
    const int channels = static_cast<int>(integer(random, 1, 3));
    const auto x = noise(random, channels * integer(random, 1, 50000));
    std::vector<Audio> images;
    for (const SampleType type :
         {SampleType::f32, SampleType::f64, SampleType::i16, SampleType::i32})
      images.emplace_back(x, channels, Shape{type});
    const Plan plan = plan_for(8000, channels);
    Live live(plan, ones(channels), true);
    for (std::int64_t at = 0; at < images[0].frames();) {
      const std::int64_t end = std::min(images[0].frames(), at + integer(random, 0, 9000));
      live.push(images[random() % (round < 10 ? 2 : 4)].view(at, end));
      at = end;
    }
    CHECK_SAME(live.table(), scan(plan, images[0].view()));
  }
}

TEST("live", "peaks wait for each other, but a reading has all that are due") {
  Random random(69);
  for (const int channels : {1, 2, 5, 20}) {
    const Plan plan = plan_for(8000, channels);
    const Audio audio(noise(random, channels * 20000), channels);
    Live live(plan, ones(channels), false);
    float largest = 0.0F;
    for (std::int64_t at = 0; at + 800 <= audio.frames(); at += 800) {
      live.push(audio.view(at, at + 800));
      const Table whole = scan(plan, audio.view(0, at + 800));
      if (at < 800) continue;
      const auto due = static_cast<std::size_t>(at / 800 * channels);  // look-ahead holds one back
      for (std::size_t i = due - static_cast<std::size_t>(channels); i < due; ++i)
        largest = std::max(largest, whole.true_peak[i]);
      const auto now = live.reading().true_peak;
      CHECK_EQUAL(*std::max_element(now.begin(), now.end()), largest);
    }
  }
}

TEST("live", "chunks of another channel count are refused") {
  Random random(67);
  Live live(plan_for(8000, 2), ones(2), true);
  const Audio three(noise(random, 600), 3);
  CHECK_THROWS(std::invalid_argument, [&] { live.push(three.view()); }, [](const auto&) {});
}

}  // namespace
}  // namespace loudscope::tests
