#include "loudscope/live.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace loudscope {
namespace {

constexpr int kMomentaryTicks = 40, kShortTermTicks = 300;
constexpr std::size_t kLatestBlocks = kShortTermTicks / kTicksPerBlock;
constexpr std::int64_t kUnkeptBlocks = 32;  // rows held when the table is not kept
static_assert(kUnkeptBlocks >= static_cast<std::int64_t>(kLatestBlocks));
constexpr int kSlots = kBatchLanes / 2;  // pairs of channels whose peaks are read in lockstep

}  // namespace

Live::Live(Plan plan, std::vector<double> weights, bool keep_table)
    : plan_(std::move(plan)),
      weights_(std::move(weights)),
      keep_table_(keep_table),
      tick_power_(kShortTermTicks),
      tick_frames_(kShortTermTicks),
      pending_(kTicksPerBlock * weights_.size()),
      held_(plan_.channels, 0),
      sample_peak_(static_cast<std::size_t>(plan_.channels)),
      true_peak_(static_cast<std::size_t>(plan_.channels)) {
  if (weights_.size() != sample_peak_.size()) throw std::invalid_argument("one weight per channel");
  if (!plan_.want.weighting) throw std::invalid_argument("weighting: a live meter needs it");
  if (plan_.want.detail) throw std::invalid_argument("detail: a live meter keeps none");
  table_.channels = plan_.channels;
  table_.bands = plan_.tree.bands();
  const LiveTree tree(plan_.tree);
  if (plan_.pair_left >= 0) tracks_.push_back({plan_.pair_left, plan_.pair_right, true, {}, tree});
  std::vector<int> singles;
  for (int c = 0; c < plan_.channels; ++c) {
    if (plan_.pair_left < 0 || (c != plan_.pair_left && c != plan_.pair_right))
      singles.push_back(c);
  }
  for (std::size_t i = 0; i < singles.size(); i += 2) {
    tracks_.push_back({singles[i], i + 1 < singles.size() ? singles[i + 1] : -1, false, {}, tree});
  }
  peak_batch_ = std::max<std::int64_t>(1, kSlots / static_cast<std::int64_t>(tracks_.size()));
}

void Live::push(const AudioView& chunk) {
  plan_.expect(chunk);
  append(chunk);
  run_ticks();
  read_peaks(kOpenEnd, peak_batch_);
  trim();
}

// Takes the chunk; if a sample of it cannot be measured, none of it is kept.
void Live::append(const AudioView& chunk) {
  const std::int64_t before = held_.end();
  held_.append(chunk);
  const BadSample bad = first_bad(held_.placed(before));
  if (!bad.found()) return;
  held_.drop_from(before);
  throw bad;
}

void Live::run_ticks() {
  while (tick_start(tick_ + 1, plan_.rate_hz) <= held_.end()) {
    const auto frames =
        static_cast<int>(tick_start(tick_ + 1, plan_.rate_hz) - tick_start(tick_, plan_.rate_hz));
    run_tick(frames);
    end_tick(frames, true);
  }
}

// Runs `frames` frames of the tick that is due; fewer than it has only when the programme ends.
void Live::run_tick(int frames) {
  const std::int64_t phase = tick_ % kSegmentTicks;
  if (phase == 0 && tick_ > 0) turn_over();
  if (phase == kSegmentTicks - kWeightingPreroll) {  // the next stretch's weighting starts at rest
    for (Track& track : tracks_) {
      for (auto* filter : {&track.state.shelf, &track.state.highpass}) {
        for (auto& row : *filter) row[1] = row[3] = 0.0;
      }
    }
  }
  for (std::size_t n = 0; n < plan_.tree.nodes.size(); ++n) {  // and its splits, each in its time
    if (phase != kSegmentTicks - plan_.tree.nodes[n].preroll_ticks) continue;
    for (Track& track : tracks_) track.tree.begin(n);
  }
  const std::int64_t start = tick_start(tick_, plan_.rate_hz);
  for (int at = 0; at < frames; at += kTileFrames) {
    run_tile(start + at, std::min(kTileFrames, frames - at));
  }
  for (Track& track : tracks_) {
    plan_.kernel->rest4(&track.state);
    track.tree.rest(*plan_.kernel);
  }
}

// Lanes 0 and 2 are the present stretch of a and b, lanes 1 and 3 the pre-roll of the next.
void Live::run_tile(std::int64_t start, int frames) {
  const bool rolling = tick_ % kSegmentTicks >= kSegmentTicks - plan_.preroll_ticks;
  const AudioView audio = held_.placed(start).view;
  double tile[kTileFrames * kLiveLanes];
  const LaneWork work{&plan_.weighting};
  for (Track& track : tracks_) {
    const std::byte* a = audio.at(0, track.a);
    const std::byte* b = track.b < 0 ? nullptr : audio.at(0, track.b);
    const std::ptrdiff_t stride = audio.frame_stride;
    const LaneSource lanes[kLiveLanes] = {
        {a, stride}, {rolling ? a : nullptr, stride}, {b, stride}, {rolling ? b : nullptr, stride}};
    plan_.kernel->advance4(&track.state, tile, lanes, audio.type, frames, work);
    track.tree.run(*plan_.kernel, tile, frames);
  }
}

// A segment begins: the stretch that was pre-rolling becomes the present one.
void Live::turn_over() {
  const auto move = [](double* row) {
    row[0] = row[1], row[2] = row[3];
    row[1] = row[3] = 0.0;
  };
  for (Track& track : tracks_) {
    for (auto& row : track.state.shelf) move(row);
    for (auto& row : track.state.highpass) move(row);
    track.tree.turn_over();
    for (int lane = 0; lane < kLiveLanes; ++lane) {
      track.state.k_energy[lane] = 0.0;
      clear_block(track.state, lane);
    }
  }
}

void Live::end_tick(int frames, bool complete) {
  const std::size_t in_block = static_cast<std::size_t>(tick_ % kTicksPerBlock);
  double power = 0.0;
  for (Track& track : tracks_) {
    for (const int lane : {0, 2}) {
      const int channel = lane == 0 ? track.a : track.b;
      if (channel < 0) continue;
      const auto c = static_cast<std::size_t>(channel);
      const double energy = track.state.k_energy[lane] * plan_.weighting.power;
      pending_[in_block * weights_.size() + c] = energy;
      power += weights_[c] * energy;
      track.state.k_energy[lane] = 0.0;
    }
  }
  const auto slot = static_cast<std::size_t>(tick_ % kShortTermTicks);
  tick_power_[slot] = power;
  tick_frames_[slot] = frames;
  ++tick_;
  if (complete) observe_tick();
  if (tick_ % kTicksPerBlock == 0) end_block(complete ? kOpenEnd : held_.end());
}

// The block that holds the last tick is over.
void Live::end_block(std::int64_t end_frame) {
  const std::int64_t row = (tick_ - 1) / kTicksPerBlock;
  Rows rows(table_, plan_, first_row_);
  rows.extend(row + 1, end_frame);
  for (std::int64_t tick = row * kTicksPerBlock; tick < tick_; ++tick) {
    for (std::size_t c = 0; c < weights_.size(); ++c) {
      const auto in_block = static_cast<std::size_t>(tick % kTicksPerBlock);
      rows.store_tick(tick, static_cast<int>(c), pending_[in_block * weights_.size() + c]);
    }
  }
  for (Track& track : tracks_) {
    track.tree.take(track.state);
    rows.store_block(row, track.a, track.state, 0);
    if (track.b >= 0) rows.store_block(row, track.b, track.state, 2);
    if (track.joint) rows.store_products(row, track.state, 0);
    clear_block(track.state, 0);
    clear_block(track.state, 2);
  }
}

LiveReading::Window Live::latest(int ticks) const {
  if (tick_ < ticks) return {};
  double power = 0.0;
  std::int64_t frames = 0;
  for (std::int64_t t = tick_ - ticks; t < tick_; ++t) {
    power += tick_power_[static_cast<std::size_t>(t % kShortTermTicks)];
    frames += tick_frames_[static_cast<std::size_t>(t % kShortTermTicks)];
  }
  return {true, power / static_cast<double>(frames)};
}

void Live::observe_tick() {
  const auto momentary = latest(kMomentaryTicks), short_term = latest(kShortTermTicks);
  if (momentary.full) momentary_max_ = std::max(momentary_max_, momentary.power);
  if (short_term.full) short_term_max_ = std::max(short_term_max_, short_term.power);
  if (tick_ % kTicksPerBlock != 0) return;
  if (momentary.full) gating_.add(momentary.power);
  if (short_term.full) short_terms_.add(short_term.power);
}

// Reads the peaks of blocks whose look-ahead has arrived, or of all when the programme ends;
// `batch` blocks at a time, and none before so many are there.
void Live::read_peaks(std::int64_t end_frame, std::int64_t batch) {
  if (!plan_.want.peaks) return;
  std::int64_t ready = first_row_ + static_cast<std::int64_t>(table_.blocks());
  while (end_frame == kOpenEnd && ready > peak_block_ &&
         held_.end() < tick_start(ready * kTicksPerBlock, plan_.rate_hz) + kPeakContext) {
    --ready;
  }
  for (; peak_block_ + batch <= ready; peak_block_ += batch) {
    read_blocks(peak_block_, peak_block_ + batch, end_frame);
  }
}

// Blocks and tracks side by side: a slot's channels eight lanes apart, as in a strip.
void Live::read_blocks(std::int64_t begin, std::int64_t end, std::int64_t end_frame) {
  Programme programme{held_.placed(), end_frame, kOpenEnd, Rows(table_, plan_, first_row_)};
  std::array<PeakJob, kBatchLanes> jobs;
  std::size_t slot = 0;
  const auto read = [&] {
    if (slot > 0) reader_.read(plan_, jobs);
    jobs = {};
    slot = 0;
  };
  for (std::int64_t row = begin; row < end; ++row) {
    for (const Track& track : tracks_) {
      jobs[slot] = {&programme, row, track.a};
      if (track.b >= 0) jobs[slot + kSlots] = {&programme, row, track.b};
      if (++slot == kSlots) read();
    }
  }
  read();
  const auto at = static_cast<std::size_t>(begin - first_row_) * sample_peak_.size();
  const auto last = static_cast<std::size_t>(end - first_row_) * sample_peak_.size();
  for (std::size_t i = at; i < last; ++i) {
    const std::size_t c = i % sample_peak_.size();
    sample_peak_[c] = std::max(sample_peak_[c], table_.sample_peak[i]);
    true_peak_[c] = std::max(true_peak_[c], table_.true_peak[i]);
  }
}

// Forgets audio that nothing will read again and, if the table is not kept, rows.
void Live::trim() {
  const std::int64_t peaks_from =
      tick_start(peak_block_ * kTicksPerBlock, plan_.rate_hz) - kPeakContext - kPeakTaps;
  const std::int64_t ticks_from = tick_start(tick_, plan_.rate_hz);
  const std::int64_t keep = plan_.want.peaks ? std::min(peaks_from, ticks_from) : ticks_from;
  held_.drop_before(keep);
  const auto gone = static_cast<std::int64_t>(table_.blocks()) - kUnkeptBlocks;
  if (keep_table_ || gone < kUnkeptBlocks) return;
  each_column(table_, [gone](auto& column, std::size_t width) {
    const auto values = static_cast<std::ptrdiff_t>(width) * gone;
    if (!column.empty()) column.erase(column.begin(), column.begin() + values);
  });
  first_row_ += gone;
}

void Live::finish() {
  const auto partial = static_cast<int>(held_.end() - tick_start(tick_, plan_.rate_hz));
  if (partial > 0) {
    run_tick(partial);
    end_tick(partial, false);
  }
  if (tick_ % kTicksPerBlock != 0) end_block(held_.end());
  read_peaks(held_.end(), 1);
}

Table Live::table() const {
  Live ended = *this;
  ended.finish();
  return std::move(ended.table_);
}

LiveReading Live::reading() {
  read_peaks(kOpenEnd, 1);
  LiveReading now;
  now.frames = held_.end();
  now.momentary = latest(kMomentaryTicks);
  now.short_term = latest(kShortTermTicks);
  now.momentary_max = {now.momentary.full, momentary_max_};
  now.short_term_max = {now.short_term.full, short_term_max_};
  now.gated = gating_.gate();
  now.range = short_terms_.range();
  now.sample_peak = sample_peak_;
  now.true_peak = true_peak_;
  now.latest = last_rows(table_, kLatestBlocks);
  return now;
}

}  // namespace loudscope
