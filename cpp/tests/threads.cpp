#include <thread>

#include "loudscope/batch.hpp"
#include "loudscope/live.hpp"
#include "loudscope/scan.hpp"
#include "signals.hpp"

namespace loudscope::tests {
namespace {

constexpr int kRate = 8000, kCallers = 4;

// Everything that has threads of its own, or is asked for by several: what ThreadSanitizer watches
// (`scripts/test-core races`). Small, for it makes twenty times of a run.
TEST("threads", "callers that measure one array at once, each with threads, all get its table") {
  Random random(90);
  const Audio audio(noise(random, 2 * 10 * kRate), 2);
  const Plan plan = plan_for(kRate, 2);
  std::array<Table, kCallers> whole, live;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    const auto place = static_cast<std::size_t>(i);
    callers.emplace_back([&, place] { whole[place] = scan(plan, audio.view(), 3); });
    callers.emplace_back([&, place] {
      Live meter(plan, {1.0, 1.0}, true);
      for (std::int64_t at = 0; at < audio.frames(); at += kRate) {
        meter.push(audio.view(at, at + kRate));
        meter.reading();
      }
      live[place] = meter.table();
    });
  }
  for (std::thread& caller : callers) caller.join();
  const Table expected = scan(plan, audio.view());
  for (const Table& table : whole) CHECK_SAME(table, expected);
  for (const Table& table : live) CHECK_SAME(table, expected);
}

TEST("threads", "streams and batches in several threads are as alone") {
  Random random(91);
  const Audio audio(noise(random, 2 * 10 * kRate), 2);
  const Plan plan = plan_for(kRate, 2);
  Want want;
  want.bands = false;
  const Plan figures = plan_for(kRate, 2, *kernels().front(), want);
  std::vector<AudioView> clips;
  for (int i = 0; i < 20; ++i) clips.push_back(audio.view(i * 3000, i * 3000 + 900 * (i % 7 + 1)));
  const std::vector<double> weights = {1.0, 1.0};
  std::array<Table, kCallers> tables;
  std::array<std::vector<ClipFigures>, kCallers> batches;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    const auto place = static_cast<std::size_t>(i);
    callers.emplace_back([&, place] {
      Stream stream(plan, 0, kOpenEnd, 3);
      for (int second = 0; second < 10; ++second) {
        stream.push(audio.view(second * kRate, (second + 1) * kRate));
      }
      tables[place] = stream.finish();
    });
    callers.emplace_back(
        [&, place] { batches[place] = measure_clips(figures, clips, weights, 3); });
  }
  for (std::thread& caller : callers) caller.join();
  for (const Table& table : tables) CHECK_SAME(table, scan(plan, audio.view()));
  const auto expected = measure_clips(figures, clips, weights, 1);
  for (const auto& batch : batches) {
    for (std::size_t clip = 0; clip < clips.size(); ++clip) {
      CHECK_EQUAL(batch[clip].integrated, expected[clip].integrated);
      CHECK_EQUAL(batch[clip].true_peak, expected[clip].true_peak);
    }
  }
}

}  // namespace
}  // namespace loudscope::tests
