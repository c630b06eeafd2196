#include "loudscope/batch.hpp"

#include <algorithm>
#include <numeric>

#include "loudscope/gating.hpp"
#include "strip.hpp"

namespace loudscope {
namespace {

constexpr int kGateTicks = 40;      // BS.1770-5: 400 ms,
constexpr int kHop = 10;            // three quarters of which overlap
constexpr std::size_t kStrips = 8;  // of each thread between two looks at what may be forgotten

double integrated(const Table& table, const std::vector<double>& weights) {
  const std::vector<std::int64_t> seams = {0};
  const auto power = weighted_power(table.tick_energy, weights);
  return gate(windows({power, table.tick_frames, table.ticks, seams}, kGateTicks, kHop).power)
      .integrated;
}

class Batch {
 public:
  Batch(const Plan& plan, std::span<const AudioView> clips, const std::vector<double>& weights,
        int threads)
      : plan_(plan), clips_(clips), weights_(weights), threads_(threads), order_(clips.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    // Lanes that end together waste nothing.
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return clips[a].frames > clips[b].frames;
    });
  }

  std::vector<ClipFigures> run() {
    std::vector<ClipFigures> figures(clips_.size());
    BadSample worst;
    for (std::size_t begin = 0; begin < order_.size();) {
      const std::size_t end = round_end(begin);
      const BadSample bad = run_round(std::span(order_).subspan(begin, end - begin), figures);
      if (bad.before(worst)) worst = bad;
      begin = end;
    }
    if (worst.found()) throw worst;
    return figures;
  }

 private:
  std::int64_t segments(std::size_t clip) const {
    return clips_[clip].frames / plan_.segment_start(1) + 1;
  }

  // Enough clips to fill every thread's lanes several times.
  std::size_t round_end(std::size_t begin) const {
    const std::size_t wanted = kStrips * kBatchLanes * static_cast<std::size_t>(threads_);
    std::size_t lanes = 0;
    while (begin < order_.size() && lanes < wanted) {
      lanes += static_cast<std::size_t>(segments(order_[begin++]) * plan_.channels);
    }
    return begin;
  }

  BadSample run_round(std::span<const std::size_t> clips, std::vector<ClipFigures>& figures) const {
    std::vector<Table> tables(clips.size());
    std::vector<std::atomic<float>> largest(clips.size());
    std::vector<Programme> programmes;
    programmes.reserve(clips.size());
    Slots slots;
    for (std::size_t i = 0; i < clips.size(); ++i) {
      const AudioView& view = clips_[clips[i]];
      tables[i].channels = plan_.channels;
      tables[i].bands = plan_.tree.bands();
      programmes.push_back({{view, 0},
                            view.frames,
                            kOpenEnd,
                            Rows(tables[i], plan_, 0),
                            static_cast<std::int64_t>(clips[i]),
                            &largest[i]});
      const std::int64_t rows = blocks_until(view.frames, plan_.rate_hz);
      programmes[i].rows.extend(rows, view.frames);
      slots.add(plan_, programmes[i], 0, (rows + kSegmentBlocks - 1) / kSegmentBlocks);
    }
    const BadSample bad = run_strips(plan_, slots.take(), threads_);
    for (std::size_t i = 0; i < clips.size() && !bad.found(); ++i) {
      ClipFigures& found = figures[clips[i]];
      if (plan_.want.weighting) found.integrated = integrated(tables[i], weights_);
      for (const float peak : tables[i].true_peak)
        found.true_peak = std::max(found.true_peak, peak);
    }
    return bad;
  }

  const Plan& plan_;
  std::span<const AudioView> clips_;
  const std::vector<double>& weights_;
  int threads_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::vector<ClipFigures> measure_clips(const Plan& plan, std::span<const AudioView> clips,
                                       const std::vector<double>& weights, int threads) {
  for (const AudioView& clip : clips) plan.expect(clip);
  return Batch(plan, clips, weights, std::max(1, threads)).run();
}

}  // namespace loudscope
