#include <stdexcept>

#include "signals.hpp"

namespace loudscope::tests {
namespace {

// Pushes the view's frames from the stream's origin on, in chunks of any size, some empty.
Table pour(Stream& stream, const Audio& audio, Random& random, std::int64_t largest) {
  std::int64_t at = std::min(stream.origin(), audio.frames());
  while (at < audio.frames()) {
    const std::int64_t end = std::min(audio.frames(), at + integer(random, 0, largest));
    stream.push(audio.view(at, end));
    at = end;
  }
  stream.push(audio.view(at, at));
  return stream.finish();
}

TEST("stream", "any chunking of a stream is the whole, bit for bit") {
  Random random(50);
  for (int round = 0; round < 40; ++round) {
    const int channels = static_cast<int>(integer(random, 1, 4));
    const int rate = std::array{8000, 11025, 44100}[random() % 3];
    const auto x = noise(random, channels * integer(random, 0, 9 * rate));
    const Audio audio(x, channels, any_shape(random));
    const Plan plan = plan_for(rate, channels);
    const int threads = static_cast<int>(integer(random, 1, 3));
    Stream stream(plan, 0, kOpenEnd, threads);
    const std::int64_t largest = std::array{50, 5000, 200000}[random() % 3];
    CHECK_SAME(pour(stream, audio, random, largest), scan(plan, audio.view()));
  }
}

TEST("stream", "a stream that ends around a segment or its look-ahead is the whole") {
  Random random(51);
  const Plan plan = plan_for(8000, 2);
  const auto x = noise(random, 2 * 48400);
  for (const std::int64_t near : {24000, 24080, 24160, 48000, 48160}) {
    for (const std::int64_t frames : {near - 1, near, near + 1}) {
      const Audio audio({x.begin(), x.begin() + 2 * frames}, 2);
      Stream stream(plan, 0, kOpenEnd, 1);
      CHECK_SAME(pour(stream, audio, random, 3000), scan(plan, audio.view()));
    }
  }
}

TEST("stream", "a stream of some rows gives the rows of the whole, from its origin on") {
  Random random(52);
  constexpr int rate = 8000, blocks = 120;
  const Plan plan = plan_for(rate, 2);
  const Audio audio(noise(random, 2 * (rate * blocks / 10)), 2, {SampleType::i32});
  const Table whole = scan(plan, audio.view());
  for (int round = 0; round < 40; ++round) {
    const std::int64_t first = integer(random, 0, blocks),
                       stop = integer(random, first, blocks + 5);
    Stream stream(plan, first, stop, 2);
    CHECK(stream.origin() <= tick_start(first * kTicksPerBlock, rate));
    const Table table = pour(stream, audio, random, 9000);
    const auto rows = std::min<std::int64_t>(stop, blocks) - first;
    const auto slice = [&](const auto& column, std::ptrdiff_t width) {
      return std::vector(column.begin() + first * width, column.begin() + (first + rows) * width);
    };
    CHECK_EQUAL(table.blocks(), static_cast<std::size_t>(rows));
    CHECK_SAME(table.tick_energy, slice(whole.tick_energy, 20));
    CHECK_SAME(table.band_energy, slice(whole.band_energy, 2 * whole.bands));
    CHECK_SAME(table.clips, slice(whole.clips, 2 * kClipColumns));
    CHECK_SAME(table.true_peak_at, slice(whole.true_peak_at, 2));
  }
}

TEST("stream", "a bad sample is named by its frame in the programme, whatever the chunks") {
  Random random(53);
  for (int round = 0; round < 60; ++round) {
    std::vector<float> x(2 * 70000, 0.1F);
    const std::int64_t frame = integer(random, 0, 69999), later = integer(random, frame, 69999);
    x[static_cast<std::size_t>(2 * later)] = INFINITY;
    x[static_cast<std::size_t>(2 * frame)] = NAN;
    const auto run = [&] {
      Stream stream(plan_for(8000, 2), 0, kOpenEnd, 2);
      for (std::int64_t at = 0; at < 70000; at += 1000) {
        stream.push({reinterpret_cast<const std::byte*>(x.data() + 2 * at), SampleType::f32, 1000,
                     2, 8, 4});
      }
      stream.finish();
    };
    CHECK_THROWS(BadSample, run, [&](const BadSample& bad) {
      CHECK_EQUAL(bad.frame, frame);
      CHECK_EQUAL(bad.channel, 0);
    });
  }
}

TEST("stream", "chunks of another sample type or channel count are refused") {
  Random random(54);
  const auto x = noise(random, 600);
  const Audio two(x, 2), doubles(x, 2, {SampleType::f64}), three(x, 3);
  Stream stream(plan_for(8000, 2), 0, kOpenEnd, 1);
  stream.push(two.view());
  CHECK_THROWS(std::invalid_argument, [&] { stream.push(doubles.view()); }, [](const auto&) {});
  CHECK_THROWS(std::invalid_argument, [&] { stream.push(three.view()); }, [](const auto&) {});
}

TEST("stream", "an empty stream has no rows") {
  Stream nothing(plan_for(48000, 2), 0, kOpenEnd, 1), empty(plan_for(48000, 2), 7, 9, 1);
  CHECK_EQUAL(nothing.finish().blocks(), 0U);
  empty.push({nullptr, SampleType::f64, 0, 2, 16, 8});
  CHECK_EQUAL(empty.finish().blocks(), 0U);
}

}  // namespace
}  // namespace loudscope::tests
