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

  // The sample peak; no value near the span exceeds `beyond`, and none up to `floor` matters.
  void start(int top, float beyond, float floor) {
    beyond_ = beyond;
    floor_ = floor;
    note_samples(first_);
    note_samples(top);
    note_samples(last_ - 1);
    peaks_.true_peak = peaks_.sample_peak;
    peaks_.true_at = peaks_.sample_at;
  }

  // Tier by tier, as long as what is known leaves room for more. `halved`: bounds from half-sample
  // values have been held against the best before.
  void refine(int g, bool halved, bool exhaustive) {
    centre(g);
    Grid* around[3];
    for (int i = 0; i < 3; ++i) around[i] = &halves_of(g + i - 1);
    const bool by_half = halved || (may_exceed(around, kBoundFromHalves, 0.0F) &&
                                    may_exceed(around, kBoundFromCurve, bends<2>(around)));
    if (!by_half && !exhaustive) return;
    for (Grid* grid : around) quarter(*grid);
    if (!exhaustive && !may_exceed(around, kBoundFromQuarters, bends<1>(around))) return;
    for (Grid* grid : around) eighth(*grid);
    if (!exhaustive && !may_exceed(around, kBoundFromEighths, 0.0F)) return;
    constexpr int batch = 6;
    for (std::size_t p = 0; p < sizeof kOthers / sizeof *kOthers; p += batch) {
      Group values[batch];
      finer_phases<batch>(samples(g), kOthers + p, values);
      look(g, values);
    }
  }

 private:
  // A group's values on the quarter grid: phases 8, 16 and 24, the samples being at hand; and the
  // largest of all that are known.
  struct Grid {
    int group = INT32_MIN;
    int tiers = 0;  // 1: halves, 2: quarters, 3: eighths, of which only the largest is kept
    float value[4][kGroup];
    float most = 0.0F;
  };

  bool partial(int g) const { return g * kGroup < span_.begin || (g + 1) * kGroup > span_.end; }

  // Slack far below anything audible covers what denormal products round away.
  bool may_exceed(const Grid* const (&around)[3], const PeakBound& bound, float bend) const {
    float near = around[0]->most > around[1]->most ? around[0]->most : around[1]->most;
    near = around[2]->most > near ? around[2]->most : near;
    const float slack = beyond_ > 0.0F ? kSlack : 0.0F;
    const float best = peaks_.true_peak > floor_ ? peaks_.true_peak : floor_;
    return (near * bound.near + beyond_ * bound.far) + (bend * bound.curve + slack) > best;
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

  // A group beside the centre, kept while its neighbours need it.
  Grid& halves_of(int g) {
    Grid& grid = grid_[g & 3];
    if (grid.group == g) return grid;
    grid.group = g;
    grid.tiers = 1;
    const Group here = Group::at(samples(g)), half[] = {half_phase(samples(g))};
    half[0].put(grid.value[2]);
    grid.most = largest_value(magnitudes(here));
    know(grid, half);
    return grid;
  }

  void quarter(Grid& grid) {
    if (grid.tiers >= 2) return;
    grid.tiers = 2;
    Group values[2];
    finer_phases<2>(samples(grid.group), kQuarters, values);
    for (int i = 0; i < 2; ++i) values[i].put(grid.value[1 + 2 * i]);
    know(grid, values);
  }

  void eighth(Grid& grid) {
    if (grid.tiers >= 3) return;
    grid.tiers = 3;
    Group values[4];
    finer_phases<4>(samples(grid.group), kEighths, values);
    know(grid, values);
  }

  template <int Phases>
  void know(Grid& grid, const Group (&values)[Phases]) {
    const float here = look(grid.group, values);
    grid.most = here > grid.most ? here : grid.most;
  }

  // Largest second difference on the half (Step 2) or quarter (Step 1) grid of three groups.
  template <int Step>
  float bends(const Grid* const (&around)[3]) const {
    constexpr int phases = 4 / Step, last = 4 - Step;
    const float* x = samples(centre_ - 1);
    float before[kNear + 1];                              // the last phase, one sample earlier
    before[0] = 2.0F * x[0] - around[0]->value[Step][0];  // beyond what counts: no bend there
    for (int i = 0; i < 3; ++i) {
      std::memcpy(before + 1 + i * kGroup, around[i]->value[last], sizeof around[i]->value[last]);
    }
    Group most{};
    for (int i = 0; i < 3; ++i, x += kGroup) {
      Group line[phases + 2] = {Group::at(before + i * kGroup), Group::at(x)};
      for (int p = 1; p < phases; ++p) line[p + 1] = Group::at(around[i]->value[p * Step]);
      line[phases + 1] = Group::at(x + 1);
      for (int p = 0; p < phases; ++p) {
        most = larger_bend(most, line[p], line[p + 1], line[p + 2]);
      }
    }
    return largest_value(most);
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

  // The largest of some phases of a group, which count if they lie in the block.
  template <int Phases>
  float look(int g, const Group (&values)[Phases]) {
    Group most = magnitudes(values[0]);
    for (int p = 1; p < Phases; ++p) most = larger(most, magnitudes(values[p]));
    const float here = largest_value(most);
    if (here < peaks_.true_peak || g < first_ || g >= last_) return here;
    for (const Group& phase : values) note(g, phase);
    return here;
  }

  const loudscope::RowSource* source_ = nullptr;
  loudscope::SampleType type_ = loudscope::SampleType::f32;
  PeakSpan span_;
  int first_ = 0, last_ = 0;
  float beyond_ = 0.0F, floor_ = 0.0F;
  bool known_sample_ = false;
  BlockPeaks peaks_;
  Grid grid_[4];
  int centre_ = INT32_MIN;
  float window_[kWindow];
};

}  // namespace
