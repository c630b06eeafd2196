// True peak of a block: 32 interpolation phases, by bound and refine. A finer phase is a fixed
// combination of coarser ones, so a norm of its coefficients times their largest value nearby bounds
// it (true_peak_table.hpp). Where that bound does not beat the best found so far, nothing finer is
// computed, and the answer is the same as if it had been.
#pragma once

#include "lanes.hpp"
#include "loading.inl"
#include "true_peak_table.hpp"

namespace {

using loudscope::BlockPeaks;
using loudscope::PeakSpan;
using loudscope::kPeakTaps;

constexpr int kGroup = 8;    // samples judged together; bounds draw on one group on either side
constexpr int kReach = 9;    // groups of context whose coarse values the far bounds rest on
constexpr int kHalfTaps = kPeakTaps / 2;
constexpr int kMaxLead = loudscope::kPeakContext / kGroup;  // groups before the block
constexpr int kMaxGroups = loudscope::kPeakGroups;
constexpr int kRowLanes = loudscope::kBatchLanes;
constexpr int kWindow = kGroup + kPeakTaps;
constexpr int kHalfPhase = kPeakPhases / 2;

constexpr int kTiers = 3;  // quarters, eighths, all others
constexpr int kQuarters[] = {8, 24}, kEighths[] = {4, 12, 20, 28};
constexpr int kOthers[] = {1,  2,  3,  5,  6,  7,  9,  10, 11, 13, 14, 15,
                           17, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30, 31};
// Far values of a finer tier are not computed; each is below this multiple of the coarse ones.
constexpr float kFarGrowth = 1.5F;

constexpr int first_group(PeakSpan span) { return span.begin < 0 ? -(kHalfTaps / kGroup + 1) : 0; }
constexpr int last_group(PeakSpan span) { return (span.end + kGroup - 1) / kGroup; }

struct Group {  // eight values in as many vectors as they take
  static constexpr int lanes = vector_lanes(kGroup, sizeof(float));
  static constexpr int count = kGroup / lanes;
  using V = typename VectorOf<float, lanes>::type;
  V v[count];

  static LOUDSCOPE_INLINE Group at(const float* x) {
    Group g;
    for (int i = 0; i < count; ++i) g.v[i] = load<V>(x + i * lanes);
    return g;
  }
  LOUDSCOPE_INLINE void put(float* to) const {
    for (int i = 0; i < count; ++i) store(to + i * lanes, v[i]);
  }
};

struct Largest {
  float value;
  int at;
};

LOUDSCOPE_INLINE float largest_value(const Group& g) {
  Group m = g;
  for (int i = 0; i < Group::count; ++i) m.v[i] = vector_magnitude(m.v[i]);
  for (int i = 1; i < Group::count; ++i) m.v[0] = larger(m.v[0], m.v[i]);
  float lane[Group::lanes];
  store(lane, m.v[0]);
  for (int step = Group::lanes / 2; step > 0; step /= 2) {
    for (int i = 0; i < step; ++i) lane[i] = lane[i] > lane[i + step] ? lane[i] : lane[i + step];
  }
  return lane[0];
}

// The half-sample phase is symmetric: fold, then half the products.
LOUDSCOPE_INLINE Group half_phase(const float* x) {
  Group sum;
  const float* taps = kPeakTable[kHalfPhase] + kHalfTaps;
  for (int i = 0; i < Group::count; ++i) {
    const float* at = x + i * Group::lanes;
    typename Group::V y = taps[0] * (load<typename Group::V>(at) + load<typename Group::V>(at + 1));
    for (int k = 1; k < kHalfTaps; ++k) {
      y += taps[k] *
           (load<typename Group::V>(at - k) + load<typename Group::V>(at + k + 1));
    }
    sum.v[i] = y;
  }
  return sum;
}

// Several phases at once, so that each sample is loaded once for all of them.
template <int Count>
LOUDSCOPE_INLINE void finer_phases(const float* x, const int* phases, Group* out) {
  using V = typename Group::V;
  for (int i = 0; i < Group::count; ++i) {
    const float* from = x + i * Group::lanes - (kHalfTaps - 1);
    V y[Count];
    for (int p = 0; p < Count; ++p) y[p] = kPeakTable[phases[p]][0] * load<V>(from);
    for (int k = 1; k < kPeakTaps; ++k) {
      const V here = load<V>(from + k);
      for (int p = 0; p < Count; ++p) y[p] += kPeakTable[phases[p]][k] * here;
    }
    for (int p = 0; p < Count; ++p) out[p].v[i] = y[p];
  }
}

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
  // A group whose coarse values nearby lie below this holds nothing larger.
  float threshold() const {
    return (peaks_.true_peak - far_ * kPeakBounds[0].far) / kPeakBounds[0].near * 0.99999F;
  }

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

  // Tier by tier, as long as what is known leaves room for more. `half` is the group's.
  void refine(int g, const float* half, bool exhaustive) {
    const float near = nearby(half[-kRowLanes], half[0], half[kRowLanes]);
    if (!exhaustive && !may_exceed(near, 0)) return;
    float quarter[3], eighth[3];
    for (int i = 0; i < 3; ++i) {
      quarter[i] = finer<2>(0, g + i - 1, half[(i - 1) * kRowLanes], kQuarters, 2);
    }
    if (!exhaustive && !may_exceed(nearby(quarter[0], quarter[1], quarter[2]), 1)) return;
    for (int i = 0; i < 3; ++i) eighth[i] = finer<4>(1, g + i - 1, quarter[i], kEighths, 4);
    if (!exhaustive && !may_exceed(nearby(eighth[0], eighth[1], eighth[2]), 2)) return;
    finer<4>(2, g, 0.0F, kOthers, static_cast<int>(sizeof kOthers / sizeof *kOthers));
  }

 private:
  struct Known {  // a tier's largest value in a group
    int group = INT32_MIN;
    float most = 0.0F;
  };

  // Whether a group reaches over the span's ends: its coarse values may be another block's.
  bool partial(int g) const {
    return g * kGroup < span_.begin || (g + 1) * kGroup > span_.end;
  }

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

  static float nearby(float a, float b, float c) {
    const float most = a > b ? a : b;
    return c > most ? c : most;
  }

  bool may_exceed(float near, int tier) const {
    return near * kPeakBounds[tier].near + far_ * kPeakBounds[tier].far > peaks_.true_peak;
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

// Largest values of each group in rows of sixteen lanes, so that no load is unaligned and no maximum
// is taken across a register.
struct RowGroup {
  static constexpr int lanes = vector_lanes(kRowLanes, sizeof(float));
  using V = typename VectorOf<float, lanes>::type;
  static constexpr int kStep = 4;  // outputs that share the rows they read

  static void largest(const float* rows, float* half_out, float* sample_out, V& poison) {
    V half{}, sample{};
    for (int t = 0; t < kGroup; t += kStep) {
      V y[kStep];
      for (int i = 0; i < kStep; ++i) {
        const V here = row(rows, t + i);
        sample = larger(sample, vector_magnitude(here));
        poison += 0.0F * here;
        y[i] = kPeakTable[kHalfPhase][kHalfTaps] * (here + row(rows, t + i + 1));
      }
      for (int k = 1; k < kHalfTaps; ++k) {
        const float tap = kPeakTable[kHalfPhase][kHalfTaps + k];
        for (int i = 0; i < kStep; ++i) {
          y[i] += tap * (row(rows, t + i - k) + row(rows, t + i + k + 1));
        }
      }
      for (int i = 0; i < kStep; ++i) half = larger(half, vector_magnitude(y[i]));
    }
    store(sample_out, sample);
    store(half_out, larger(sample, half));
  }

 private:
  static LOUDSCOPE_INLINE V row(const float* rows, int t) { return load<V>(rows + t * kRowLanes); }
};

class RowPeaks {
 public:
  RowPeaks(const loudscope::RowSource* sources, loudscope::SampleType type, const PeakSpan* spans,
           float* scratch)
      : sources_(sources), type_(type), spans_(spans),
        halves_(scratch + kMaxLead * kRowLanes), samples_(halves_ + kMaxGroups * kRowLanes) {
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      search_[lane].begin(sources[lane], type, spans[lane]);
      first_ = search_[lane].first() < first_ ? search_[lane].first() : first_;
      last_ = search_[lane].last() > last_ ? search_[lane].last() : last_;
    }
  }

  void run(bool exhaustive, BlockPeaks* out) {
    coarse();
    float threshold[kRowLanes];
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      search_[lane].coarse(halves_ + lane, samples_ + lane);
      search_[lane].refine_top(halves_ + lane, exhaustive);
      threshold[lane] = search_[lane].threshold();
    }
    for (int g = first_; g < last_; ++g) {
      const float* half = halves_ + g * kRowLanes;
      for (int lane = 0; lane < kRowLanes; ++lane) {
        if (!busy(lane) || (!exhaustive && half[lane - kRowLanes] < threshold[lane] &&
                            half[lane] < threshold[lane] && half[lane + kRowLanes] < threshold[lane])) {
          continue;
        }
        if (g < search_[lane].first() || g >= search_[lane].last()) continue;
        search_[lane].refine(g, half + lane, exhaustive);
      }
    }
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (busy(lane)) out[lane] = poison_[lane] == 0.0F ? search_[lane].peaks() : BlockPeaks::unsound();
    }
  }

 private:
  static constexpr int kTileRows = 64;
  static constexpr int kBefore = kHalfTaps - 1;  // rows that the filter reads before a sample
  static constexpr int kHalo = kPeakTaps;        // and all that it reads besides

  bool busy(int lane) const { return spans_[lane].end > spans_[lane].begin; }

  // Tile by tile, so that rows stay in the nearest cache.
  void coarse() {
    alignas(64) float rows[(kHalo + kTileRows) * kRowLanes];
    typename RowGroup::V poison[kRowLanes / RowGroup::lanes]{};
    const int begin = (first_ - kReach) * kGroup, end = (last_ + kReach) * kGroup;
    gather_rows(rows, sources_, type_, begin - kBefore, begin - kBefore + kHalo);
    for (int at = begin; at < end; at += kTileRows) {
      const int count = end - at < kTileRows ? end - at : kTileRows;
      const int next = at - kBefore + kHalo;
      gather_rows(rows + kHalo * kRowLanes, sources_, type_, next, next + count);
      for (int t = 0; t < count; t += kGroup) {
        const std::ptrdiff_t to = static_cast<std::ptrdiff_t>((at + t) / kGroup) * kRowLanes;
        for (int v = 0; v < kRowLanes / RowGroup::lanes; ++v) {
          const int lane = v * RowGroup::lanes;
          RowGroup::largest(rows + (t + kBefore) * kRowLanes + lane, halves_ + to + lane,
                            samples_ + to + lane, poison[v]);
        }
      }
      std::memmove(rows, rows + count * kRowLanes, sizeof(float) * kHalo * kRowLanes);
    }
    std::memcpy(poison_, poison, sizeof poison_);
  }

  const loudscope::RowSource* sources_;
  loudscope::SampleType type_;
  const PeakSpan* spans_;
  float* halves_;
  float* samples_;
  int first_ = 0, last_ = 0;
  float poison_[kRowLanes];
  LaneSearch search_[kRowLanes];
};

void row_peaks(const loudscope::RowSource* sources, loudscope::SampleType type,
               const PeakSpan* spans, float* scratch, bool exhaustive, BlockPeaks* out) {
  RowPeaks(sources, type, spans, scratch).run(exhaustive, out);
}

// BS.1770-5 Annex 2: phases 2 and 3 are phases 1 and 0 reversed. Output n uses inputs n-11 .. n.
float itu_block_peak(const float* x, int frames) {
  constexpr int taps = 12;
  float best = 0.0F;
  for (int n = 0; n < frames; ++n) {
    for (const auto& phase : kItuPhases) {
      double forward = 0.0, backward = 0.0;
      for (int k = 0; k < taps; ++k) {
        forward += phase[k] * static_cast<double>(x[n - k]);
        backward += phase[taps - 1 - k] * static_cast<double>(x[n - k]);
      }
      const float a = magnitude(static_cast<float>(forward));
      const float b = magnitude(static_cast<float>(backward));
      best = a > best ? a : best;
      best = b > best ? b : best;
    }
  }
  return best;
}

}  // namespace
