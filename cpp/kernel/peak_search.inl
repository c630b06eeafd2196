// True peak of a block: 32 interpolation phases, by bound and refine. A finer phase is a fixed
// combination of coarser ones, so a norm of its coefficients times their largest value nearby
// bounds it (true_peak_table.hpp). Where that bound does not beat the best found so far, nothing
// finer is computed, and the answer is the same as if it had been.
#pragma once

#include "interpolation.inl"
#include "loading.inl"

namespace {

// One lane of the search. Groups are refined in ascending order, after the one that promises most.
class LaneSearch {
 public:
  void begin(const loudscope::RowSource& source, loudscope::SampleType type, PeakSpan span) {
    source_ = &source;
    type_ = type;
    first_ = first_group(span);
    last_ = last_group(span);
    span_ = span;
  }

  int first() const { return first_; }
  int last() const { return last_; }
  const BlockPeaks& peaks() const { return peaks_; }
  float far() const { return far_; }

  // The largest of the samples and half-sample values; both arrays begin at group 0.
  void coarse(const float* halves, const float* samples) {
    for (int g = first_ - kReach; g < last_ + kReach; ++g) {
      far_ = halves[g * kRowLanes] > far_ ? halves[g * kRowLanes] : far_;
    }
    far_ *= kFarGrowth;
    note_samples(top_of(samples));
    if (partial(first_)) note_samples(first_);
    if (partial(last_ - 1)) note_samples(last_ - 1);
    peaks_.true_peak = peaks_.sample_peak;
    peaks_.true_at = peaks_.sample_at;
    top_ = top_of(halves);
    note_halves(top_);
    if (partial(first_)) note_halves(first_);
    if (partial(last_ - 1)) note_halves(last_ - 1);
  }

  void refine_top(const float* halves, bool exhaustive) {
    refine(top_, halves + top_ * kRowLanes, exhaustive);
  }

  // Tier by tier, as long as what is known leaves room for more. `half` is the group's value; the
  // caller has seen that coarse values leave room.
  void refine(int g, const float* half, bool exhaustive) {
    float quarter[3], eighth[3];
    for (int i = 0; i < 3; ++i) {
      quarter[i] = finer<2>(0, g + i - 1, half[(i - 1) * kRowLanes], kQuarters, 2);
    }
    if (!exhaustive && !may_exceed(quarter, kBoundFromQuarters)) return;
    for (int i = 0; i < 3; ++i) eighth[i] = finer<4>(1, g + i - 1, quarter[i], kEighths, 4);
    if (!exhaustive && !may_exceed(eighth, kBoundFromEighths)) return;
    finer<4>(2, g, 0.0F, kOthers, static_cast<int>(sizeof kOthers / sizeof *kOthers));
  }

 private:
  struct Known {  // a tier's largest value in a group
    int group = INT32_MIN;
    float most = 0.0F;
  };

  // Whether a group reaches over the span's ends: its coarse values may be another block's.
  bool partial(int g) const { return g * kGroup < span_.begin || (g + 1) * kGroup > span_.end; }

  // The whole group with the largest value; the first group if there is none.
  int top_of(const float* values) const {
    int top = first_;
    float most = -1.0F;
    for (int g = first_; g < last_; ++g) {
      if (values[g * kRowLanes] <= most || partial(g)) continue;
      most = values[g * kRowLanes];
      top = g;
    }
    return top;
  }

  bool may_exceed(const float (&around)[3], const PeakBound& bound) const {
    float near = around[0] > around[1] ? around[0] : around[1];
    near = around[2] > near ? around[2] : near;
    return near * bound.near + far_ * bound.far > peaks_.true_peak;
  }

  // A group's samples with the filter's reach around them; silence where there is no audio.
  const float* window(int g) {
    if (window_group_ != g) {
      window_group_ = g;
      const int begin = g * kGroup - (kHalfTaps - 1);
      gather_span(window_, *source_, type_, begin, begin + kWindow, 1);
    }
    return window_ + kHalfTaps - 1;
  }

  void note_samples(int g) {
    const Largest in = largest(window(g), g);
    if (in.value <= peaks_.sample_peak) return;
    peaks_.sample_peak = in.value;
    peaks_.sample_at = in.at;
  }

  void note_halves(int g) { note(g, half_phase(window(g))); }

  void note(int g, const Group& values) {
    float lane[kGroup];
    values.put(lane);
    const Largest in = largest(lane, g);
    if (in.value <= peaks_.true_peak) return;
    peaks_.true_peak = in.value;
    peaks_.true_at = in.at;
  }

  // Largest magnitude of a group's values that lie in the span, and where.
  Largest largest(const float* x, int g) const {
    const int from = span_.begin > g * kGroup ? span_.begin - g * kGroup : 0;
    const int to = span_.end - g * kGroup < kGroup ? span_.end - g * kGroup : kGroup;
    Largest best{0.0F, g * kGroup + from};
    for (int i = from; i < to; ++i) {
      const float m = magnitude(x[i]);
      if (m > best.value) best = {m, g * kGroup + i};
    }
    return best;
  }

  // A group's largest value of a tier; computed once while its neighbours need it. Values count
  // if they lie in the block.
  template <int Batch>
  float finer(int tier, int g, float so_far, const int* phases, int count) {
    Known& known = known_[tier][g & 3];
    if (known.group == g) return known.most;
    const float* x = window(g);
    known = {g, so_far};
    for (int p = 0; p < count; p += Batch) {
      Group values[Batch];
      finer_phases<Batch>(x, phases + p, values);
      for (const Group& group : values) {
        const float here = largest_value(group);
        known.most = here > known.most ? here : known.most;
        if (here > peaks_.true_peak && g >= first_ && g < last_) note(g, group);
      }
    }
    return known.most;
  }

  const loudscope::RowSource* source_ = nullptr;
  loudscope::SampleType type_ = loudscope::SampleType::f32;
  PeakSpan span_;
  int first_ = 0, last_ = 0, top_ = 0;
  float far_ = 0.0F;
  BlockPeaks peaks_;
  Known known_[kTiers][4];
  int window_group_ = INT32_MIN;
  float window_[kWindow];
};

}  // namespace
