#include "loudscope/peaks.hpp"

#include <algorithm>
#include <cmath>

namespace loudscope {
namespace {

constexpr float kClipLevel = 32767.0F / 32768.0F;  // the largest positive 16-bit sample
constexpr std::uint32_t kRunLength = 3;            // shorter runs are music, not clipping
constexpr int kLook = 16;                          // samples that are passed by together
constexpr int kTail = kPeakTaps / 2;               // how far the interpolator rings

bool any_clip(const float* x) {
  int over = 0;
  for (int t = 0; t < kLook; ++t) over |= std::fabs(x[t]) >= kClipLevel ? 1 : 0;
  return over != 0;
}

void count_clips(const float* x, int frames, std::uint32_t (&clips)[kClipColumns]) {
  std::uint32_t run = 0;
  bool leading = true;
  const auto close = [&](bool trailing) {
    clips[kClipLongest] = std::max(clips[kClipLongest], run);
    if (leading) clips[kClipLead] = run;
    if (trailing) clips[kClipTrail] = run;
    if (!leading && !trailing && run >= kRunLength) ++clips[kClipRuns];
    run = 0;
    leading = false;
  };
  for (int t = 0; t < frames; ++t) {
    if (t % kLook == 0 && t + kLook <= frames && run == 0 && !leading && !any_clip(x + t)) {
      t += kLook - 1;
    } else if (std::fabs(x[t]) >= kClipLevel) {
      ++run;
      ++clips[kClipSamples];
    } else if (run > 0 || leading) {
      close(false);
    }
  }
  close(true);
}

struct Block {  // where a block lies in its programme
  std::int64_t start, end;
  PeakSpan span;  // with the interpolator's tails before the first and after the last frame

  Block(const Plan& plan, std::int64_t row, std::int64_t end_frame)
      : start(tick_start(row * kTicksPerBlock, plan.rate_hz)),
        end(std::min(tick_start((row + 1) * kTicksPerBlock, plan.rate_hz), end_frame)) {
    span.begin = start == 0 ? -kTail : 0;
    span.end = static_cast<int>(end - start) + (end == end_frame ? kTail : 0);
  }
  int frames() const { return static_cast<int>(end - start); }

  // The block's frames and its context, as far as there is audio.
  RowSource source(const PlacedAudio& audio, int channel, std::int64_t end_frame) const {
    const std::int64_t from = std::max(start - kPeakContext, audio.first);
    const std::int64_t to = std::min({start + span.end + kPeakContext, audio.end(), end_frame});
    return {audio.view.at(from - audio.first, channel), audio.view.frame_stride,
            static_cast<int>(from - start), static_cast<int>(to - start)};
  }
};

void raise_to(std::atomic<float>& largest, float value) {
  float before = largest.load(std::memory_order_relaxed);
  while (value > before && !largest.compare_exchange_weak(before, value)) {
  }
}

}  // namespace

bool PeakReader::store(const Plan& plan, const PeakJob& job, const BlockPeaks& peaks) {
  if (!peaks.sound || peaks.sample_peak > static_cast<float>(kSampleLimit)) return false;
  if (plan.want.largest_only) raise_to(*job.programme->largest, peaks.true_peak);
  std::uint32_t clips[kClipColumns] = {};
  if (peaks.sample_peak >= kClipLevel && !plan.want.largest_only) {
    const PlacedAudio& audio = job.programme->audio;
    const Block block(plan, job.row, job.programme->end_frame);
    samples_.resize(kMaxBlockFrames);
    const LaneSource source = {audio.view.at(block.start - audio.first, job.channel),
                               audio.view.frame_stride};
    plan.kernel->gather(samples_.data(), source, audio.view.type, block.frames());
    count_clips(samples_.data(), block.frames(), clips);
  }
  job.programme->rows.store_peaks(job.row, job.channel, peaks, clips);
  return true;
}

std::array<bool, kBatchLanes> PeakReader::read(const Plan& plan,
                                               const std::array<PeakJob, kBatchLanes>& jobs) {
  RowSource sources[kBatchLanes];
  PeakSpan spans[kBatchLanes];
  float floors[kBatchLanes] = {};
  SampleType type = SampleType::f32;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (jobs[i].programme == nullptr) continue;
    const Programme& programme = *jobs[i].programme;
    const Block block(plan, jobs[i].row, programme.end_frame);
    sources[i] = block.source(programme.audio, jobs[i].channel, programme.end_frame);
    spans[i] = block.span;
    if (plan.want.largest_only) floors[i] = programme.largest->load(std::memory_order_relaxed);
    type = programme.audio.view.type;
  }
  scratch_.resize(3 * kPeakGroups * kBatchLanes);
  BlockPeaks peaks[kBatchLanes];
  plan.kernel->peaks16(sources, type, spans, plan.want.largest_only ? floors : nullptr,
                       scratch_.data(), plan.want.exhaustive_peaks, peaks);
  std::array<bool, kBatchLanes> sound;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    sound[i] = jobs[i].programme == nullptr || store(plan, jobs[i], peaks[i]);
  }
  return sound;
}

}  // namespace loudscope
