// Peaks and clipped runs of single blocks, read where a programme begins and ends.
#include "loudscope/peaks.hpp"

#include "signals.hpp"

namespace loudscope::tests {
namespace {

// One mono programme's table of peaks only, block by block through one reader.
struct Reading {
  Table table;
  bool clean = true;
};

Reading read(int rate_hz, const AudioView& view) {
  Want want;
  want.weighting = want.bands = false;
  const Plan plan = plan_for(rate_hz, 1, *kernels().front(), want);
  Reading out;
  out.table.channels = 1;
  Rows rows(out.table, plan, 0);
  const std::int64_t blocks = blocks_until(view.frames, rate_hz);
  rows.extend(blocks, view.frames);
  Programme programme{{view, 0}, view.frames, kOpenEnd, rows};
  PeakReader reader;
  for (std::int64_t row = 0; row < blocks; ++row) {
    out.clean &= reader.read(plan, {PeakJob{&programme, row, 0}})[0];
  }
  return out;
}

AudioView view_of(const std::vector<float>& x) {
  return {reinterpret_cast<const std::byte*>(x.data()),
          SampleType::f32,
          static_cast<std::int64_t>(x.size()),
          1,
          sizeof(float),
          sizeof(float)};
}

float largest(const std::vector<float>& values) {
  return values.empty() ? 0.0F : *std::max_element(values.begin(), values.end());
}

TEST("peaks", "blocks of 8 kHz and of 384 kHz are read to their last frame, and no further") {
  Random random(30);
  for (const int rate : {8000, 44100, 384000}) {
    for (const std::int64_t extra : {-1, 0, 1, 17, 18, 79, 80, 81}) {
      const std::int64_t frames = rate / 5 + extra;
      std::vector<float> x(static_cast<std::size_t>(frames));
      for (float& value : x) value = static_cast<float>(uniform(random, -0.3, 0.3));
      const Audio exact(std::vector<std::int16_t>(x.size(), 1), 1);
      x.back() = -0.75F;
      const Reading found = read(rate, view_of(x));
      CHECK(found.clean);
      CHECK_EQUAL(found.table.sample_peak.back(), 0.75F);
      CHECK_EQUAL(found.table.sample_peak_at.back() + 1U, found.table.frames.back());
      CHECK(read(rate, exact.view()).clean);
    }
  }
}

TEST("peaks",
     "programmes of 1 to 200 frames: the interpolator's tails count, silence surrounds them") {
  Random random(31);
  for (std::size_t frames = 1; frames <= 200; ++frames) {
    std::vector<float> x(frames);
    for (float& value : x) value = static_cast<float>(uniform(random, -1.0, 1.0));
    std::vector<float> padded(frames + 1600);
    std::copy(x.begin(), x.end(), padded.begin() + 800);
    const Reading alone = read(8000, view_of(x)), within = read(8000, view_of(padded));
    CHECK_EQUAL(alone.table.true_peak[0], largest(within.table.true_peak));
    CHECK_EQUAL(alone.table.sample_peak[0], largest(within.table.sample_peak));
    CHECK(alone.table.true_peak[0] >= alone.table.sample_peak[0]);
  }
}

TEST("peaks", "a peak between two blocks is the same wherever the blocks are cut") {
  for (int lead = 700; lead < 900; ++lead) {  // two equal samples peak between themselves
    std::vector<float> x(2000);
    x[static_cast<std::size_t>(lead)] = x[static_cast<std::size_t>(lead) + 1] = 0.5F;
    std::vector<float> early(2000);
    early[300] = early[301] = 0.5F;
    CHECK_EQUAL(largest(read(8000, view_of(x)).table.true_peak),
                largest(read(8000, view_of(early)).table.true_peak));
  }
}

TEST("peaks", "a block's peak does not depend on what a reader read before") {
  Random random(32);
  std::vector<float> loud(38400, 0.9F), quiet(100, 0.01F);
  const Plan plan = plan_for(384000, 1);
  Table fresh, used;
  fresh.channels = used.channels = 1;
  fresh.bands = used.bands = plan.tree.bands();
  Rows fresh_rows(fresh, plan, 0), used_rows(used, plan, 0);
  fresh_rows.extend(1, 100);
  used_rows.extend(1, 100);
  PeakReader first, second;
  const auto read_first_block = [&](PeakReader& reader, const std::vector<float>& x, Rows& rows) {
    Programme programme{{view_of(x), 0}, static_cast<std::int64_t>(x.size()), kOpenEnd, rows};
    reader.read(plan, {PeakJob{&programme, 0, 0}});
  };
  read_first_block(first, quiet, fresh_rows);
  read_first_block(second, loud, used_rows);
  read_first_block(second, quiet, used_rows);
  CHECK_SAME(fresh, used);
}

TEST("peaks", "a sample that cannot be measured is seen in its block") {
  for (const std::size_t at : {0U, 1U, 799U, 800U, 1599U, 1600U, 1604U}) {
    std::vector<float> x(1605, 0.1F);
    CHECK(read(8000, view_of(x)).clean);
    for (const float bad : {NAN, INFINITY, -101.0F}) {
      x[at] = bad;
      CHECK(!read(8000, view_of(x)).clean);
    }
  }
}

// Clip columns of one block by their definition.
std::array<std::uint32_t, kClipColumns> plain_clips(const std::vector<float>& x) {
  std::array<std::uint32_t, kClipColumns> clips{};
  const std::size_t n = x.size();
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    while (end < n && std::fabs(x[end]) >= 32767.0F / 32768.0F) ++end;
    const auto run = static_cast<std::uint32_t>(end - begin);
    clips[kClipSamples] += run;
    clips[kClipLongest] = std::max(clips[kClipLongest], run);
    if (begin == 0) clips[kClipLead] = run;
    if (end == n) clips[kClipTrail] = run;
    if (begin > 0 && end < n && run >= 3) ++clips[kClipRuns];
    begin = end + 1;
  }
  return clips;
}

TEST("peaks", "clipped runs: samples, leading, trailing, longest, and runs of three within") {
  Random random(33);
  constexpr float levels[] = {1.0F, -1.0F, 32767.0F / 32768.0F, 32766.0F / 32768.0F, 0.0F, 3.0F};
  for (int round = 0; round < 2000; ++round) {
    std::vector<float> x(static_cast<std::size_t>(integer(random, 1, round < 1000 ? 12 : 800)));
    const std::uint64_t stay = 1 + random() % 8;
    float level = 0.0F;
    for (float& value : x) {
      if (random() % stay == 0) level = levels[random() % 6];
      value = level;
    }
    const Table table = read(8000, view_of(x)).table;
    const auto expected = plain_clips(x);
    CHECK_SAME(table.clips, std::vector<std::uint32_t>(expected.begin(), expected.end()));
  }
}

}  // namespace
}  // namespace loudscope::tests
