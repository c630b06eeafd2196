#include "strip.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "loudscope/peaks.hpp"
#include "parallel.hpp"

namespace loudscope {
namespace {

constexpr int kLanes = kBatchLanes;
constexpr double kLoudBlock = kSampleLimit * kSampleLimit;

class Strip {
 public:
  explicit Strip(const Plan& plan) : plan_(plan) {
    work_.nodes = plan.tree.nodes.empty() ? nullptr : plan.tree.nodes.data();
    work_.passing = plan.tree.nodes.empty();
    work_.levels = plan.want.levels;
    work_.detail = plan.want.detail;
  }

  BadSample run(std::span<const Slot> slots) {
    place(slots);
    if (plan_.want.weighting || plan_.want.bands) filter();
    if (plan_.want.peaks) read_peaks(kSegmentBlocks);
    return bad_;
  }

 private:
  struct Lane {
    LaneJob job;
    std::int64_t start = 0;  // first frame of the segment
    std::int64_t last = 0;   // where the audio to be measured ends
    std::int64_t left = 0;   // frames from the position to the lane's end
    bool live = false;
    bool joint = false;
  };

  void place(std::span<const Slot> slots) {
    for (std::size_t s = 0; s < slots.size(); ++s) {
      lanes_[s].job = slots[s].first;
      lanes_[s + kLanes / 2].job = slots[s].second;
      lanes_[s].joint = slots[s].joint;
    }
    for (Lane& lane : lanes_) {
      lane.live = lane.job.programme != nullptr;
      if (!lane.live) continue;
      lane.start = plan_.segment_start(lane.job.segment);
      lane.last = lane.job.programme->last_frame();
      type_ = lane.job.programme->audio.view.type;
      rolls_ = rolls_ || lane.job.segment > 0;
    }
  }

  void filter() {
    for (int tick = rolls_ ? -plan_.preroll_ticks : 0; tick < kSegmentTicks; ++tick) {
      if (plan_.want.weighting && tick >= -kWeightingPreroll) work_.weighting = &plan_.weighting;
      work_.ahead = std::max(0, -tick);
      if (tick <= 0 && tick % kTicksPerBlock == 0) clear_sums(tick);
      if (!run_tick(tick)) return;
      if (tick >= 0 && plan_.want.peaks) read_peaks(tick / kTicksPerBlock);
    }
  }

  // Offsets of ticks are the same in every segment, which holds a whole number of frames.
  std::int64_t offset(int tick) const {
    return tick_start(kSegmentTicks + tick, plan_.rate_hz) -
           tick_start(kSegmentTicks, plan_.rate_hz);
  }

  bool run_tick(int tick) {
    const std::int64_t begin = offset(tick), end = offset(tick + 1);
    for (std::int64_t at = begin; at < end;) {
      const int most = work_.passing ? kRunFrames : kTileFrames;
      std::int64_t frames = std::min<std::int64_t>(most, end - at);
      for (Lane& lane : lanes_) {
        lane.left = lane.last - (lane.start + at);
        if (lane.live && lane.left > 0) frames = std::min(frames, lane.left);
      }
      run_tile(at, static_cast<int>(frames));
      at += frames;
      if (!close_ended(tick, frames)) return false;
    }
    plan_.kernel->rest16(&state_);
    if (tick >= 0) close_tick(tick);
    return true;
  }

  void run_tile(std::int64_t at, int frames) {
    LaneSource sources[kLanes];
    for (int i = 0; i < kLanes; ++i) {
      const Lane& lane = lanes_[i];
      const std::int64_t frame = lane.start + at;
      sources[i] = {};
      if (!lane.live || frame < 0 || lane.left <= 0) continue;
      const PlacedAudio& audio = lane.job.programme->audio;
      sources[i] = {audio.view.at(frame - audio.first, lane.job.channel), audio.view.frame_stride};
    }
    plan_.kernel->advance16(&state_, tile_, sources, type_, frames, work_);
  }

  // Lanes whose audio has ended store their last, incomplete tick and block. False: none is left.
  bool close_ended(int tick, std::int64_t frames) {
    bool any = false;
    for (int i = 0; i < kLanes; ++i) {
      if (!lanes_[i].live) continue;
      if (lanes_[i].left > frames) {
        any = true;
      } else if (tick >= 0) {
        store_tick(i, tick);
        store_block(i, tick / kTicksPerBlock);
        lanes_[i].live = false;
      } else {
        lanes_[i].live = lanes_[i].start < lanes_[i].last;
      }
    }
    return any;
  }

  void close_tick(int tick) {
    for (int i = 0; i < kLanes; ++i) {
      if (!lanes_[i].live) continue;
      store_tick(i, tick);
      if ((tick + 1) % kTicksPerBlock == 0) store_block(i, tick / kTicksPerBlock);
    }
  }

  void store_tick(int i, int tick) {
    if (plan_.want.detail) store_band_tick(i, tick);
    if (!plan_.want.weighting) return;
    rows(i).store_tick(lanes_[i].job.segment * kSegmentTicks + tick, lanes_[i].job.channel,
                       state_.k_energy[i] * plan_.weighting.power);
    state_.k_energy[i] = 0.0;
  }

  // A tick's share of the block's running sums, which never fall: good to 1e-12 of the block's
  // energy in the band.
  void store_band_tick(int i, int tick) {
    const auto bands = static_cast<std::size_t>(plan_.tree.bands());
    std::array<double, kMaxBands> energy;
    for (std::size_t b = 0; b < bands; ++b) {
      const double before = tick % kTicksPerBlock == 0 ? 0.0 : band_energy_[b][i];
      band_energy_[b][i] = state_.band_energy[b][i];
      energy[b] = (state_.band_energy[b][i] - before) * (plan_.tree.gains[b] * plan_.tree.gains[b]);
    }
    rows(i).store_band_tick(lanes_[i].job.segment * kSegmentTicks + tick, lanes_[i].job.channel,
                            std::span(energy).first(bands));
  }

  void store_block(int i, int block) {
    const std::int64_t row = lanes_[i].job.segment * kSegmentBlocks + block;
    check(i, row);
    rows(i).store_block(row, lanes_[i].job.channel, state_, i);
    if (lanes_[i].joint) rows(i).store_products(row, state_, i);
    clear_block(state_, i);
  }

  Rows& rows(int i) const { return lanes_[i].job.programme->rows; }

  // A sample beyond the limit, or one that is no number, shows in the block's energy.
  void check(int i, std::int64_t row) {
    if (state_.energy[i] <= kLoudBlock) return;
    look(lanes_[i].job, tick_start(row * kTicksPerBlock, plan_.rate_hz),
         std::min(lanes_[i].last, tick_start((row + 1) * kTicksPerBlock, plan_.rate_hz)));
  }

  // Notes the first bad sample of a lane's channel in [begin, end).
  void look(const LaneJob& job, std::int64_t begin, std::int64_t end) {
    BadSample bad = first_bad(job.programme->audio, job.channel, begin, end);
    bad.clip = job.programme->clip;
    if (bad.before(bad_)) bad_ = bad;
  }

  // At the segment's first tick, and at each block of the pre-roll: over seconds, the energy of a
  // loud master looks like a bad sample's.
  void clear_sums(int tick) {
    const int from = std::max(-plan_.preroll_ticks, tick - kTicksPerBlock);
    for (int i = 0; i < kLanes; ++i) {
      if (lanes_[i].live && !(state_.energy[i] <= kLoudBlock)) {
        look(lanes_[i].job, lanes_[i].start + offset(from), lanes_[i].start + offset(tick));
      }
      state_.k_energy[i] = 0.0;
      clear_block(state_, i);
    }
  }

  // Blocks before `end` whose peaks were not read yet: soon after the filters, while the audio is
  // in a near cache.
  void read_peaks(int end) {
    for (; peak_block_ < end; ++peak_block_) {
      std::array<PeakJob, kLanes> jobs;
      bool any = false;
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        const LaneJob& lane = lanes_[i].job;
        const std::int64_t row = lane.segment * kSegmentBlocks + peak_block_;
        if (lane.programme == nullptr || !lane.programme->rows.holds(row)) continue;
        jobs[i] = {lane.programme, row, lane.channel};
        any = true;
      }
      if (!any) continue;
      const auto sound = peaks_.read(plan_, jobs);
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (sound[i]) continue;
        const std::int64_t start = tick_start(jobs[i].row * kTicksPerBlock, plan_.rate_hz);
        const std::int64_t end = tick_start((jobs[i].row + 1) * kTicksPerBlock, plan_.rate_hz);
        look(lanes_[i].job, start - kPeakContext, end + 2 * kPeakContext);
      }
    }
  }

  const Plan& plan_;
  PeakReader peaks_;
  int peak_block_ = 0;  // next block whose peaks are to be read
  LaneWork work_;
  Lane lanes_[kLanes];
  LaneState<kLanes> state_{};
  double band_energy_[kMaxBands][kLanes];  // of the block, up to the tick before
  alignas(64) double tile_[kTileFrames * kLanes];
  SampleType type_ = SampleType::f32;
  bool rolls_ = false;  // whether a lane has audio before its segment
  BadSample bad_;
};

}  // namespace

void Slots::add(const Plan& plan, Programme& programme, std::int64_t begin, std::int64_t end) {
  for (std::int64_t segment = begin; segment < end; ++segment) {
    for (int channel = 0; channel < plan.channels; ++channel) {
      const LaneJob job = {&programme, segment, channel};
      if (plan.pair_left < 0 || (channel != plan.pair_left && channel != plan.pair_right)) {
        if (single_.programme == nullptr) {
          single_ = job;
        } else {
          slots_.push_back({std::exchange(single_, {}), job, false});
        }
      } else if (channel == plan.pair_left) {
        slots_.push_back({job, {&programme, segment, plan.pair_right}, true});
      }
    }
  }
}

std::vector<Slot> Slots::take() {
  if (single_.programme != nullptr) slots_.push_back({std::exchange(single_, {}), {}, false});
  return std::exchange(slots_, {});
}

BadSample run_strip(const Plan& plan, std::span<const Slot> slots) {
  return Strip(plan).run(slots);
}

BadSample run_strips(const Plan& plan, const std::vector<Slot>& slots, int threads) {
  constexpr std::size_t per_strip = kBatchLanes / 2;
  const std::size_t strips = (slots.size() + per_strip - 1) / per_strip;
  std::vector<BadSample> bad(strips);
  parallel_for(strips, threads, [&](std::size_t i) {
    const std::size_t first = i * per_strip, count = std::min(per_strip, slots.size() - first);
    bad[i] = run_strip(plan, std::span(slots).subspan(first, count));
  });
  BadSample worst;
  for (const BadSample& found : bad) {
    if (found.before(worst)) worst = found;
  }
  return worst;
}

}  // namespace loudscope
