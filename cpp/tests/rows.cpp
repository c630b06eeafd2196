#include "loudscope/rows.hpp"

#include "signals.hpp"

namespace loudscope::tests {
namespace {

constexpr int kRates[] = {8000, 8001, 11025, 22050, 44100, 47999, 48000, 96000, 192000, 384000};

TEST("rows", "tick k begins at round(k * rate / 100), and every frame has one tick") {
  Random random(20);
  for (const int rate : kRates) {
    CHECK_EQUAL(tick_start(0, rate), 0);
    for (int round = 0; round < 2000; ++round) {
      const std::int64_t tick = integer(random, 0, std::int64_t{9000000});  // 25 hours
      const std::int64_t start = tick_start(tick, rate), next = tick_start(tick + 1, rate);
      CHECK_EQUAL(start, (tick * rate + 50) / 100);
      CHECK_EQUAL(tick_of(start, rate), tick);
      CHECK_EQUAL(tick_of(next - 1, rate), tick);
    }
    CHECK_EQUAL(tick_start(kSegmentTicks, rate), 3 * rate);
  }
}

TEST("rows", "a programme has as many blocks as its last frame needs") {
  for (const int rate : kRates) {
    CHECK_EQUAL(blocks_until(0, rate), 0);
    CHECK_EQUAL(blocks_until(-5, rate), 0);
    CHECK_EQUAL(blocks_until(1, rate), 1);
    for (std::int64_t block = 1; block < 100; ++block) {
      const std::int64_t end = tick_start(block * kTicksPerBlock, rate);
      CHECK_EQUAL(blocks_until(end, rate), block);
      CHECK_EQUAL(blocks_until(end + 1, rate), block + 1);
    }
  }
}

TEST("rows", "rows extended in steps are rows extended at once, and count every frame") {
  Random random(21);
  for (int round = 0; round < 200; ++round) {
    const int rate = kRates[random() % std::size(kRates)];
    const Plan plan = plan_for(rate, 2);
    const std::int64_t first = integer(random, 0, 70), begin = tick_start(first * 10, rate);
    const std::int64_t end = begin + integer(random, 1, rate);
    const std::int64_t last = blocks_until(end, rate);
    Table once, steps;
    once.channels = steps.channels = 2;
    once.bands = steps.bands = plan.tree.bands();
    Rows(once, plan, first).extend(last, end);
    Rows growing(steps, plan, first);
    for (std::int64_t row = first; row < last; row += integer(random, 0, 3))
      growing.extend(row, end);
    growing.extend(last, end);
    CHECK_SAME(once, steps);
    std::int64_t frames = 0, ticks = 0;
    for (const auto held : once.frames) frames += held;
    for (const auto complete : once.ticks) ticks += complete;
    CHECK_EQUAL(frames, end - begin);
    CHECK_EQUAL(ticks, tick_of(end, rate) - first * 10);
  }
}

TEST("rows", "what lies outside of the rows held is not stored, and rows never shrink") {
  const Plan plan = plan_for(48000, 2);
  Table table;
  table.channels = 2;
  table.bands = plan.tree.bands();
  Rows rows(table, plan, 5);
  rows.extend(4, kOpenEnd);
  CHECK_EQUAL(table.blocks(), 0U);
  rows.extend(7, kOpenEnd);
  rows.extend(6, kOpenEnd);
  CHECK_EQUAL(table.blocks(), 2U);
  CHECK(!rows.holds(4) && rows.holds(5) && rows.holds(6) && !rows.holds(7));

  const Table before = table;
  LaneState<kLiveLanes> state{};
  state.energy[0] = state.total[0] = state.cross[0] = state.band_energy[0][0] = 1.0;
  const std::uint32_t clips[kClipColumns] = {9, 9, 9, 9, 9};
  for (const std::int64_t row :
       {std::int64_t{0}, std::int64_t{4}, std::int64_t{7}, kOpenEnd / 10}) {
    rows.store_tick(row * kTicksPerBlock, 1, 1.0);
    rows.store_block(row, 0, state, 0);
    rows.store_products(row, state, 0);
    rows.store_peaks(row, 1, {1.0F, 1.0F, 3, 3}, clips);
  }
  CHECK_SAME(table, before);
  rows.store_tick(69, 1, 1.0);
  CHECK_EQUAL(table.tick_energy[2 * 20 - 1], 1.0);
}

TEST("rows", "a peak's time lies within its block") {
  const Plan plan = plan_for(48000, 1);
  Table table;
  table.channels = 1;
  table.bands = plan.tree.bands();
  Rows rows(table, plan, 0);
  rows.extend(1, 3);
  const std::uint32_t clips[kClipColumns] = {};
  rows.store_peaks(0, 0, {0.5F, 0.6F, -18, 20}, clips);
  CHECK_EQUAL(table.sample_peak_at[0], 0);
  CHECK_EQUAL(table.true_peak_at[0], 2);
}

TEST("rows", "clearing a lane's sums leaves its partner's and the filters alone") {
  LaneState<kLiveLanes> state{};
  for (int lane = 0; lane < kLiveLanes; ++lane) state.energy[lane] = state.shelf[0][lane] = 1.0;
  state.cross[0] = state.cross[1] = 1.0;
  clear_block(state, 2);
  CHECK_EQUAL(state.cross[0], 1.0);
  CHECK_EQUAL(state.energy[2], 0.0);
  clear_block(state, 0);
  CHECK_EQUAL(state.cross[0], 0.0);
  CHECK_EQUAL(state.cross[1], 1.0);
  CHECK_EQUAL(state.energy[1], 1.0);
  CHECK_EQUAL(state.shelf[0][0], 1.0);
}

}  // namespace
}  // namespace loudscope::tests
