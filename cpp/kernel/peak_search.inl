// True peak of a block: 32 interpolation phases, by bound and refine. A phase is a fixed
// combination of samples, coarser phases or their second differences, so norms of its coefficients
// times the largest of those nearby bound it (true_peak_table.hpp). Where that bound does not beat
// the best found so far, nothing finer is computed, and the answer is the same as if it had been.
#pragma once

#include "interpolation.inl"
#include "loading.inl"

namespace {

// One lane of the search. The largest value wins, and of equals the earliest, in whatever order
// groups are refined.
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
  // Groups that reach over the span's ends may hold another block's samples.
  int first_whole() const { return first_ + (partial(first_) ? 1 : 0); }
  int last_whole() const { return last_ - (partial(last_ - 1) ? 1 : 0); }
  const BlockPeaks& peaks() const { return peaks_; }

  // Takes the whole groups outside [begin, end) into the choice of the first with the most.
  int widen(const float* samples, int begin, int end, float most, int top) const {
    const auto take = [&](int from, int to) {
      for (int g = from; g < to; ++g) {
        const float here = samples[g * kRowLanes];
        if (here < most || (here == most && g > top)) continue;
        most = here;
        top = g;
      }
    };
    const int from = begin < end ? begin : last_whole(), to = begin < end ? end : last_whole();
    take(first_whole(), from);
    take(to, last_whole());
    return top < first_ ? first_ : top >= last_ ? last_ - 1 : top;
  }

  // The sample peak; no value near the span exceeds `beyond`.
  void start(int top, float beyond) {
    beyond_ = beyond;
    note_samples(first_);
    note_samples(top);
    note_samples(last_ - 1);
    peaks_.true_peak = peaks_.sample_peak;
    peaks_.true_at = peaks_.sample_at;
  }

  // Tier by tier, as long as what is known leaves room for more.
  void refine(int g, bool exhaustive) {
    centre(g);
    float half[3], quarter[3], eighth[3];
    if (!halve(g, half) && !exhaustive) return;
    for (int i = 0; i < 3; ++i) quarter[i] = finer<2>(0, g + i - 1, half[i], kQuarters, 2);
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

  bool partial(int g) const { return g * kGroup < span_.begin || (g + 1) * kGroup > span_.end; }

  bool may_exceed(const float (&around)[3], const PeakBound& bound, float curve = 0.0F) const {
    float near = around[0] > around[1] ? around[0] : around[1];
    near = around[2] > near ? around[2] : near;
    return (near * bound.near + beyond_ * bound.far) + curve * bound.curve > peaks_.true_peak;
  }

  // Brings in the samples that the phases of a group and its neighbours are made of; silence where
  // there is no audio.
  void centre(int g) {
    if (centre_ == g) return;
    centre_ = g;
    const int begin = (g - 1) * kGroup - (kHalfTaps - 1);
    gather_span(window_, *source_, type_, begin, begin + kWindow, 1);
  }

  // Sample 0 of a group beside the centre.
  const float* samples(int g) const { return window_ + (g - centre_ + 1) * kGroup + kHalfTaps - 1; }

  void note_samples(int g) {
    centre(g);
    const Largest in = largest(samples(g), g);
    if (in.value < peaks_.sample_peak || (in.value == peaks_.sample_peak && known_sample_)) return;
    known_sample_ = true;
    peaks_.sample_peak = in.value;
    peaks_.sample_at = in.at;
  }

  // Largest half-sample values of the centre and its neighbours; whether they leave room for more.
  bool halve(int g, float (&half)[3]) {
    float y[kNear];
    for (int i = 0; i < 3; ++i) {
      const Group values = half_phase(samples(g + i - 1));
      values.put(y + i * kGroup);
      half[i] = largest_value(values);
      if (i == 1 && half[i] >= peaks_.true_peak) note(g, values);
    }
    const float* x = samples(g - 1);
    float curve = 0.0F;
    for (int i = 0; i < kNear; ++i) {
      const float after = magnitude((x[i] + x[i + 1]) - 2.0F * y[i]);
      curve = after > curve ? after : curve;
    }
    for (int i = 1; i < kNear; ++i) {
      const float before = magnitude((y[i - 1] + y[i]) - 2.0F * x[i]);
      curve = before > curve ? before : curve;
    }
    for (int i = 0; i < 3; ++i) {
      const float most = largest_value(Group::at(x + i * kGroup));
      half[i] = most > half[i] ? most : half[i];
    }
    return may_exceed(half, kBoundFromHalves) && may_exceed(half, kBoundFromCurve, curve);
  }

  void note(int g, const Group& values) {
    float lane[kGroup];
    values.put(lane);
    const Largest in = largest(lane, g);
    if (in.value < peaks_.true_peak) return;
    if (in.value == peaks_.true_peak && in.at >= peaks_.true_at) return;
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
    known = {g, so_far};
    for (int p = 0; p < count; p += Batch) {
      Group values[Batch];
      finer_phases<Batch>(samples(g), phases + p, values);
      for (const Group& group : values) {
        const float here = largest_value(group);
        known.most = here > known.most ? here : known.most;
        if (here >= peaks_.true_peak && g >= first_ && g < last_) note(g, group);
      }
    }
    return known.most;
  }

  const loudscope::RowSource* source_ = nullptr;
  loudscope::SampleType type_ = loudscope::SampleType::f32;
  PeakSpan span_;
  int first_ = 0, last_ = 0;
  float beyond_ = 0.0F;
  bool known_sample_ = false;
  BlockPeaks peaks_;
  Known known_[kTiers][4];
  int centre_ = INT32_MIN;
  float window_[kWindow];
};

}  // namespace
