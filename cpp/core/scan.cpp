#include "loudscope/scan.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "strip.hpp"

namespace loudscope {
namespace {

int preroll_for(const BandTree& tree) {
  return tree.nodes.empty() ? kWeightingPreroll
                            : std::max(kWeightingPreroll, tree.nodes.front().preroll_ticks);
}

}  // namespace

Plan::Plan(int rate_hz, int channels, int pair_left, int pair_right,
           const std::vector<double>& edges_hz, Want want, const Kernel& kernel)
    : rate_hz(rate_hz),
      channels(channels),
      pair_left(pair_left),
      pair_right(pair_right),
      want(want),
      weighting(weighting_steps(k_weighting(rate_hz))),
      tree(band_tree(want.bands ? edges_hz : std::vector<double>(), rate_hz)),
      preroll_ticks(preroll_for(tree)),
      kernel(&kernel) {
  this->want.bands = !tree.nodes.empty();
  const auto channel = [&](int c) { return c >= 0 && c < channels; };
  const bool alone = pair_left == -1 && pair_right == -1;
  const bool paired = channel(pair_left) && channel(pair_right) && pair_left != pair_right;
  if (rate_hz < kMinRate || rate_hz > kMaxRate || channels < 1 || !(alone || paired) ||
      tree.nodes.size() > kMaxNodes) {  // arrays of fixed size would overflow
    throw std::invalid_argument("plan: rate, channels, pair or edges do not fit");
  }
}

void Plan::expect(const AudioView& view) const {
  if (view.channels != channels) throw std::invalid_argument("audio has another channel count");
}

std::int64_t Plan::first_needed(std::int64_t row) const {
  const std::int64_t segment = row / kSegmentBlocks;
  const std::int64_t tick = std::max<std::int64_t>(0, segment * kSegmentTicks - preroll_ticks);
  return std::max<std::int64_t>(0, tick_start(tick, rate_hz) - kPeakContext);
}

Scan::Scan(Plan plan, std::int64_t first_row, std::int64_t stop_row)
    : plan_(std::move(plan)), first_row_(first_row), stop_row_(stop_row) {
  table_.channels = plan_.channels;
  table_.bands = plan_.tree.bands();
  table_.detail = plan_.want.detail;
}

void Scan::run(const PlacedAudio& audio, std::int64_t begin, std::int64_t end,
               std::int64_t end_frame, int threads) {
  plan_.expect(audio.view);
  const std::int64_t last_row =
      std::min({end * kSegmentBlocks, stop_row_,
                end_frame == kOpenEnd ? kOpenEnd : blocks_until(end_frame, plan_.rate_hz)});
  const std::int64_t stop_frame =
      stop_row_ == kOpenEnd ? kOpenEnd : tick_start(stop_row_ * kTicksPerBlock, plan_.rate_hz);
  Programme programme{audio, end_frame, stop_frame, Rows(table_, plan_, first_row_), 0, &largest_};
  programme.rows.extend(last_row, end_frame);
  const std::int64_t last_segment = (last_row + kSegmentBlocks - 1) / kSegmentBlocks;
  Slots slots;
  slots.add(plan_, programme, begin, std::min(end, last_segment));
  if (const BadSample bad = run_strips(plan_, slots.take(), threads); bad.found()) throw bad;
}

}  // namespace loudscope
