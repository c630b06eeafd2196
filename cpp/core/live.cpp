#include "loudscope/live.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace loudscope {
namespace {

constexpr int kMomentaryTicks = 40, kShortTermTicks = 300;
constexpr std::int64_t kUnkeptBlocks = 32;  // rows held when the table is not kept

}  // namespace

Live::Live(Plan plan, std::vector<double> weights, bool keep_table)
    : plan_(std::move(plan)),
      weights_(std::move(weights)),
      keep_table_(keep_table),
      tick_power_(kShortTermTicks),
      tick_frames_(kShortTermTicks),
      pending_(kTicksPerBlock * weights_.size()),
      sample_peak_(static_cast<std::size_t>(plan_.channels)),
      true_peak_(static_cast<std::size_t>(plan_.channels)) {
  if (weights_.size() != sample_peak_.size()) throw std::invalid_argument("one weight per channel");
  table_.channels = plan_.channels;
  table_.bands = plan_.tree.bands();
  if (plan_.pair_left >= 0) tracks_.push_back({plan_.pair_left, plan_.pair_right, true, {}});
  std::vector<int> singles;
  for (int c = 0; c < plan_.channels; ++c) {
    if (plan_.pair_left < 0 || (c != plan_.pair_left && c != plan_.pair_right))
      singles.push_back(c);
  }
  for (std::size_t i = 0; i < singles.size(); i += 2) {
    tracks_.push_back({singles[i], i + 1 < singles.size() ? singles[i + 1] : -1, false, {}});
  }
}

void Live::push(const AudioView& chunk) {
  plan_.expect(chunk);
  append(chunk);
  run_ticks();
  read_ready_peaks(kOpenEnd);
  trim();
}

void Live::append(const AudioView& chunk) {
  const auto channels = static_cast<std::size_t>(chunk.channels);
  const std::size_t before = buffer_.size();
  buffer_.resize(before + static_cast<std::size_t>(chunk.frames) * channels);
  BadSample bad;
  for (int c = 0; c < chunk.channels; ++c) {
    double* to = buffer_.data() + before + c;
    double tile[kTileFrames * kLiveLanes];
    for (std::int64_t f = 0; f < chunk.frames; f += kTileFrames) {
      const int frames = static_cast<int>(std::min<std::int64_t>(kTileFrames, chunk.frames - f));
      const LaneSource lanes[kLiveLanes] = {{chunk.at(f, c), chunk.frame_stride}};
      plan_.kernel->load4(tile, lanes, chunk.type, frames);
      for (int t = 0; t < frames; ++t, to += channels) {
        *to = tile[t * kLiveLanes];
        if (std::fabs(*to) <= kSampleLimit || received_ + f + t >= bad.frame) continue;
        bad = {received_ + f + t, c, *to};
      }
    }
  }
  if (bad.found()) {
    buffer_.resize(before);
    throw bad;
  }
  received_ += chunk.frames;
}

void Live::run_ticks() {
  while (tick_start(tick_ + 1, plan_.rate_hz) <= received_) {
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
  const std::int64_t start = tick_start(tick_, plan_.rate_hz);
  for (int at = 0; at < frames; at += kTileFrames) {
    run_tile(start + at, std::min(kTileFrames, frames - at));
  }
  for (Track& track : tracks_) plan_.kernel->rest4(&track.state);
}

// Lanes 0 and 2 are the present stretch of a and b, lanes 1 and 3 the pre-roll of the next.
void Live::run_tile(std::int64_t start, int frames) {
  const bool rolling = tick_ % kSegmentTicks >= kSegmentTicks - plan_.preroll_ticks;
  const double* from = buffer_.data() + (start - first_) * plan_.channels;
  const auto stride = static_cast<std::ptrdiff_t>(sizeof(double)) * plan_.channels;
  double tile[kTileFrames * kLiveLanes];
  LaneWork work{&plan_.weighting, plan_.tree.nodes.empty() ? nullptr : plan_.tree.nodes.data()};
  for (Track& track : tracks_) {
    const auto* a = reinterpret_cast<const std::byte*>(from + track.a);
    const auto* b = track.b < 0 ? nullptr : reinterpret_cast<const std::byte*>(from + track.b);
    const LaneSource lanes[kLiveLanes] = {
        {a, stride}, {rolling ? a : nullptr, stride}, {b, stride}, {rolling ? b : nullptr, stride}};
    plan_.kernel->load4(tile, lanes, SampleType::f64, frames);
    plan_.kernel->advance4(&track.state, tile, frames, work);
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
    for (auto& node : track.state.node) {
      for (auto& row : node) move(row);
    }
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
      pending_[in_block * weights_.size() + c] = track.state.k_energy[lane];
      power += weights_[c] * track.state.k_energy[lane];
      track.state.k_energy[lane] = 0.0;
    }
  }
  const auto slot = static_cast<std::size_t>(tick_ % kShortTermTicks);
  tick_power_[slot] = power;
  tick_frames_[slot] = frames;
  ++tick_;
  if (complete) observe_tick();
  if (tick_ % kTicksPerBlock == 0) end_block(complete ? kOpenEnd : received_);
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

// Reads the peaks of every block whose look-ahead has arrived, or all when the programme ends.
void Live::read_ready_peaks(std::int64_t end_frame) {
  Rows rows(table_, plan_, first_row_);
  const auto sample = static_cast<std::ptrdiff_t>(sizeof(double));
  const PlacedAudio audio = {{reinterpret_cast<const std::byte*>(buffer_.data()), SampleType::f64,
                              received_ - first_, plan_.channels, sample * plan_.channels, sample},
                             first_};
  for (; plan_.want.peaks && rows.holds(peak_block_); ++peak_block_) {
    const std::int64_t end = tick_start((peak_block_ + 1) * kTicksPerBlock, plan_.rate_hz);
    if (end_frame == kOpenEnd && received_ < end + kPeakContext) return;
    for (int from = 0; from < plan_.channels; from += kBatchLanes) {
      std::array<PeakJob, kBatchLanes> jobs;
      for (int c = from; c < std::min(plan_.channels, from + kBatchLanes); ++c) {
        jobs[static_cast<std::size_t>(c - from)] = {peak_block_, c};
      }
      reader_.read(plan_, audio, jobs, end_frame, rows);
    }
    for (std::size_t c = 0; c < sample_peak_.size(); ++c) {
      const auto row = static_cast<std::size_t>(peak_block_ - first_row_);
      const std::size_t at = row * sample_peak_.size() + c;
      sample_peak_[c] = std::max(sample_peak_[c], table_.sample_peak[at]);
      true_peak_[c] = std::max(true_peak_[c], table_.true_peak[at]);
    }
  }
}

// Forgets audio that nothing will read again and, if the table is not kept, rows.
void Live::trim() {
  const std::int64_t peaks_from =
      tick_start(peak_block_ * kTicksPerBlock, plan_.rate_hz) - kPeakContext - kPeakTaps;
  const std::int64_t ticks_from = tick_start(tick_, plan_.rate_hz);
  const std::int64_t keep = plan_.want.peaks ? std::min(peaks_from, ticks_from) : ticks_from;
  if (keep > first_) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + (keep - first_) * plan_.channels);
    first_ = keep;
  }
  const auto gone = static_cast<std::int64_t>(table_.blocks()) - kUnkeptBlocks;
  if (keep_table_ || gone < kUnkeptBlocks) return;
  each_column(table_, [gone](auto& column, std::size_t width) {
    const auto values = static_cast<std::ptrdiff_t>(width) * gone;
    if (!column.empty()) column.erase(column.begin(), column.begin() + values);
  });
  first_row_ += gone;
}

void Live::finish() {
  const auto partial = static_cast<int>(received_ - tick_start(tick_, plan_.rate_hz));
  if (partial > 0) {
    run_tick(partial);
    end_tick(partial, false);
  }
  if (tick_ % kTicksPerBlock != 0) end_block(received_);
  read_ready_peaks(received_);
}

Table Live::table() const {
  Live ended = *this;
  ended.finish();
  return std::move(ended.table_);
}

LiveReading Live::reading() const {
  LiveReading now;
  now.frames = received_;
  now.momentary = latest(kMomentaryTicks);
  now.short_term = latest(kShortTermTicks);
  now.momentary_max = {now.momentary.full, momentary_max_};
  now.short_term_max = {now.short_term.full, short_term_max_};
  now.gated = gating_.gate();
  now.range = short_terms_.range();
  now.sample_peak = sample_peak_;
  now.true_peak = true_peak_;
  return now;
}

}  // namespace loudscope
