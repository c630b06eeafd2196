#include "strip.hpp"

#include <algorithm>
#include <array>

#include "loudscope/peaks.hpp"

namespace loudscope {
namespace {

constexpr int kLanes = kBatchLanes;
constexpr double kLoudBlock = kSampleLimit * kSampleLimit;

class Strip {
 public:
  Strip(const Plan& plan, const PlacedAudio& audio, std::int64_t end_frame, std::int64_t stop_frame,
        Rows& rows)
      : plan_(plan), audio_(audio), end_frame_(end_frame), rows_(rows) {
    last_frame_ = std::min({end_frame, stop_frame, audio.end()});
    work_.nodes = plan.tree.nodes.empty() ? nullptr : plan.tree.nodes.data();
  }

  BadSample run(std::span<const Slot> slots) {
    place(slots);
    if (plan_.want.weighting || plan_.want.bands) filter();
    if (plan_.want.peaks) read_peaks();
    return bad_;
  }

 private:
  struct Lane {
    LaneJob job;
    std::int64_t start = 0;  // first frame of the segment
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
      lane.live = lane.job.segment >= 0;
      if (lane.live) lane.start = plan_.segment_start(lane.job.segment);
    }
  }

  void filter() {
    for (int tick = -plan_.preroll_ticks; tick < kSegmentTicks; ++tick) {
      if (plan_.want.weighting && tick == -kWeightingPreroll) work_.weighting = &plan_.weighting;
      if (tick == 0) clear_sums();
      if (!run_tick(tick)) return;
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
      std::int64_t frames = std::min<std::int64_t>(kTileFrames, end - at);
      for (Lane& lane : lanes_) {
        lane.left = last_frame_ - (lane.start + at);
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
      const std::int64_t frame = lanes_[i].start + at;
      const bool sounds = lanes_[i].live && frame >= 0 && lanes_[i].left > 0;
      sources[i] = {sounds ? audio_.view.at(frame - audio_.first, lanes_[i].job.channel) : nullptr,
                    audio_.view.frame_stride};
    }
    plan_.kernel->load16(tile_, sources, audio_.view.type, frames);
    plan_.kernel->advance16(&state_, tile_, frames, work_);
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
        lanes_[i].live = lanes_[i].start < last_frame_;
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
    if (!plan_.want.weighting) return;
    rows_.store_tick(lanes_[i].job.segment * kSegmentTicks + tick, lanes_[i].job.channel,
                     state_.k_energy[i]);
    state_.k_energy[i] = 0.0;
  }

  void store_block(int i, int block) {
    const std::int64_t row = lanes_[i].job.segment * kSegmentBlocks + block;
    check(i, row);
    rows_.store_block(row, lanes_[i].job.channel, state_, i);
    if (lanes_[i].joint) rows_.store_products(row, state_, i);
    clear_block(state_, i);
  }

  // A sample beyond the limit, or one that is no number, shows in the block's energy.
  void check(int i, std::int64_t row) {
    if (state_.energy[i] <= kLoudBlock) return;
    note(first_bad(audio_, lanes_[i].job.channel, tick_start(row * kTicksPerBlock, plan_.rate_hz),
                   std::min(last_frame_, tick_start((row + 1) * kTicksPerBlock, plan_.rate_hz))));
  }

  void note(const BadSample& bad) {
    if (bad.frame < bad_.frame || (bad.frame == bad_.frame && bad.channel < bad_.channel))
      bad_ = bad;
  }

  void clear_sums() {
    for (int i = 0; i < kLanes; ++i) {
      if (lanes_[i].live && !(state_.energy[i] <= kLoudBlock)) {
        note(first_bad(audio_, lanes_[i].job.channel,
                       lanes_[i].start + offset(-plan_.preroll_ticks), lanes_[i].start));
      }
      state_.k_energy[i] = 0.0;
      clear_block(state_, i);
    }
  }

  void read_peaks() {
    for (int block = 0; block < kSegmentBlocks; ++block) {
      std::array<PeakJob, kLanes> jobs;
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        const LaneJob& lane = lanes_[i].job;
        const std::int64_t row = lane.segment * kSegmentBlocks + block;
        if (lane.segment >= 0 && rows_.holds(row)) jobs[i] = {row, lane.channel};
      }
      const auto sound = peaks_.read(plan_, audio_, jobs, end_frame_, rows_);
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (sound[i]) continue;
        const std::int64_t start = tick_start(jobs[i].row * kTicksPerBlock, plan_.rate_hz);
        const std::int64_t end = tick_start((jobs[i].row + 1) * kTicksPerBlock, plan_.rate_hz);
        note(first_bad(audio_, jobs[i].channel, start - kPeakContext, end + 2 * kPeakContext));
      }
    }
  }

  const Plan& plan_;
  const PlacedAudio& audio_;
  std::int64_t end_frame_, last_frame_;
  Rows& rows_;
  PeakReader peaks_;
  LaneWork work_;
  Lane lanes_[kLanes];
  LaneState<kLanes> state_{};
  alignas(64) double tile_[kTileFrames * kLanes];
  BadSample bad_;
};

}  // namespace

std::vector<Slot> make_slots(const Plan& plan, std::int64_t begin, std::int64_t end) {
  std::vector<Slot> slots;
  std::vector<LaneJob> singles;
  for (std::int64_t segment = begin; segment < end; ++segment) {
    for (int channel = 0; channel < plan.channels; ++channel) {
      if (plan.pair_left < 0 || (channel != plan.pair_left && channel != plan.pair_right)) {
        singles.push_back({segment, channel});
      } else if (channel == plan.pair_left) {
        slots.push_back({{segment, plan.pair_left}, {segment, plan.pair_right}, true});
      }
    }
  }
  for (std::size_t i = 0; i < singles.size(); i += 2) {
    slots.push_back({singles[i], i + 1 < singles.size() ? singles[i + 1] : LaneJob{}, false});
  }
  return slots;
}

BadSample run_strip(const Plan& plan, const PlacedAudio& audio, std::span<const Slot> slots,
                    std::int64_t end_frame, std::int64_t stop_frame, Rows& rows) {
  return Strip(plan, audio, end_frame, stop_frame, rows).run(slots);
}

}  // namespace loudscope
