// True peaks of sixteen lanes: coarse values in lockstep, then the search in each; and the reading
// of the Recommendation's own table.
#pragma once

#include "peak_search.inl"

namespace {

// Largest values of each group in rows of sixteen lanes, so that no load is unaligned and no
// maximum is taken across a register.
struct RowGroup {
  static constexpr int lanes = vector_lanes(kRowLanes, sizeof(float));
  using V = typename VectorOf<float, lanes>::type;
  static constexpr int kStep = 4;  // outputs that share the rows they read

  struct Running {   // from group to group
    V half, poison;  // the last half-sample value; NaN once a sample is not finite
  };

  static void largest(const float* rows, float* halves, float* samples, float* curves,
                      Running& running) {
    V half{}, sample{}, curve{};
    for (int t = 0; t < kGroup; t += kStep) {
      V x[kStep + 1], y[kStep];
      for (int i = 0; i <= kStep; ++i) x[i] = row(rows, t + i);
      for (int i = 0; i < kStep; ++i) {
        y[i] = kPeakTable[kHalfPhase][kHalfTaps] * (x[i] + x[i + 1]);
      }
      for (int k = 1; k < kHalfTaps; ++k) {
        const float tap = kPeakTable[kHalfPhase][kHalfTaps + k];
        for (int i = 0; i < kStep; ++i) {
          y[i] += tap * (row(rows, t + i - k) + row(rows, t + i + k + 1));
        }
      }
      for (int i = 0; i < kStep; ++i) {
        running.poison += 0.0F * x[i];
        sample = larger(sample, vector_magnitude(x[i]));
        half = larger(half, vector_magnitude(y[i]));
        curve = larger(curve, vector_magnitude((running.half + y[i]) - 2.0F * x[i]));
        curve = larger(curve, vector_magnitude((x[i] + x[i + 1]) - 2.0F * y[i]));
        running.half = y[i];
      }
    }
    store(samples, sample);
    store(halves, larger(sample, half));
    store(curves, curve);
  }

  // What the phases between samples and half-sample values of a group cannot exceed.
  static void bound(const float* halves, const float* curves, const float* far, float* out) {
    const V near = larger(larger(row(halves, -1), row(halves, 1)), row(halves, 0));
    const V curve = larger(larger(row(curves, -1), row(curves, 1)), row(curves, 0));
    const V beyond = load<V>(far);
    const V by_size = kBoundFromHalves.near * near + kBoundFromHalves.far * beyond;
    const V by_curve = (kBoundFromCurve.near * near + kBoundFromCurve.far * beyond) +
                       kBoundFromCurve.curve * curve;
    store(out, smaller(by_size, by_curve));
  }

 private:
  static LOUDSCOPE_INLINE V row(const float* rows, int t) { return load<V>(rows + t * kRowLanes); }
};

class RowPeaks {
 public:
  RowPeaks(const loudscope::RowSource* sources, loudscope::SampleType type, const PeakSpan* spans,
           float* scratch)
      : sources_(sources),
        type_(type),
        spans_(spans),
        halves_(scratch + kMaxLead * kRowLanes),
        samples_(halves_ + kMaxGroups * kRowLanes),
        curves_(samples_ + kMaxGroups * kRowLanes) {
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      search_[lane].begin(sources[lane], type, spans[lane]);
      first_ = search_[lane].first() < first_ ? search_[lane].first() : first_;
      last_ = search_[lane].last() > last_ ? search_[lane].last() : last_;
    }
  }

  void run(bool exhaustive, BlockPeaks* out) {
    coarse();
    float best[kRowLanes] = {}, far[kRowLanes] = {};
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      search_[lane].coarse(halves_ + lane, samples_ + lane);
      search_[lane].refine_top(halves_ + lane, exhaustive);
      best[lane] = search_[lane].peaks().true_peak;
      far[lane] = search_[lane].far();
    }
    for (int g = first_; g < last_; ++g) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(g) * kRowLanes;
      float bound[kRowLanes];
      for (int v = 0; v < kRowLanes; v += RowGroup::lanes) {
        RowGroup::bound(halves_ + at + v, curves_ + at + v, far + v, bound + v);
      }
      for (int lane = 0; lane < kRowLanes; ++lane) {
        if (!(exhaustive || bound[lane] > best[lane]) || !busy(lane)) continue;
        if (g < search_[lane].first() || g >= search_[lane].last()) continue;
        search_[lane].refine(g, halves_ + at + lane, exhaustive);
        best[lane] = search_[lane].peaks().true_peak;
      }
    }
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      out[lane] = poison_[lane] == 0.0F ? search_[lane].peaks() : BlockPeaks::unsound();
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
    typename RowGroup::Running running[kRowLanes / RowGroup::lanes]{};
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
                            samples_ + to + lane, curves_ + to + lane, running[v]);
        }
      }
      std::memmove(rows, rows + count * kRowLanes, sizeof(float) * kHalo * kRowLanes);
    }
    for (int v = 0; v < kRowLanes / RowGroup::lanes; ++v) {
      store(poison_ + v * RowGroup::lanes, running[v].poison);
    }
  }

  const loudscope::RowSource* sources_;
  loudscope::SampleType type_;
  const PeakSpan* spans_;
  float* halves_;
  float* samples_;
  float* curves_;
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
