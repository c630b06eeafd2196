// True peaks of sixteen lanes: a look at all samples in lockstep, then a search in each lane where
// the peak may be; and the reading of the Recommendation's own table.
#pragma once

#include "peak_rows.inl"
#include "peak_search.inl"

namespace {

class RowPeaks {
 public:
  RowPeaks(const loudscope::RowSource* sources, loudscope::SampleType type, const PeakSpan* spans,
           float* scratch)
      : sources_(sources),
        type_(type),
        spans_(spans),
        samples_(scratch + kMaxLead * kRowLanes),
        bounds_(samples_ + kMaxGroups * kRowLanes),
        bends_(bounds_ + kMaxGroups * kRowLanes) {
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      search_[lane].begin(sources[lane], type, spans[lane]);
      first_ = search_[lane].first() < first_ ? search_[lane].first() : first_;
      last_ = search_[lane].last() > last_ ? search_[lane].last() : last_;
    }
  }

  void run(bool exhaustive, const float* floors, BlockPeaks* out) {
    survey();
    if (rise_above(floors) || exhaustive) find(exhaustive);
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      out[lane] = 0.0F * sum_[lane] == 0.0F ? search_[lane].peaks() : BlockPeaks::unsound();
    }
  }

 private:
  static constexpr int kTileRows = 64;
  using V = RowGroup::V;

  static std::ptrdiff_t at(int g) { return static_cast<std::ptrdiff_t>(g) * kRowLanes; }

  bool busy(int lane) const { return spans_[lane].end > spans_[lane].begin; }

  // Calls each(rows, group, lane) for the groups [first, last) and every vector of lanes: `rows` is
  // the group's first, and `Before` rows before it and `After` behind its last can be read. Tile by
  // tile, so that rows stay in the nearest cache.
  template <int Before, int After, class Each>
  void each_group(int first, int last, Each each) const {
    constexpr int halo = Before + After;
    alignas(64) float rows[(halo + kTileRows) * kRowLanes];
    gather_rows(rows, sources_, type_, first * kGroup - Before, first * kGroup + After);
    for (int g = first; g < last; g += kTileRows / kGroup) {
      const int count = (last - g) * kGroup < kTileRows ? (last - g) * kGroup : kTileRows;
      const int next = g * kGroup + After;
      gather_rows(rows + halo * kRowLanes, sources_, type_, next, next + count);
      for (int t = 0; t < count; t += kGroup) {
        for (int lane = 0; lane < kRowLanes; lane += RowGroup::lanes) {
          each(rows + (Before + t) * kRowLanes + lane, g + t / kGroup, lane);
        }
      }
      std::memmove(rows, rows + count * kRowLanes, sizeof(float) * halo * kRowLanes);
    }
  }

  void survey() {
    V sums[kRowLanes / RowGroup::lanes]{};
    each_group<1, 1>(first_ - kReach, last_ + kReach, [&](const float* rows, int g, int lane) {
      const std::ptrdiff_t to = at(g) + lane;
      RowGroup::survey(rows, samples_ + to, bounds_ + to, bends_ + to,
                       sums[lane / RowGroup::lanes]);
    });
    std::memcpy(sum_, sums, sizeof sum_);
    for (int g = first_ - kReach + kWide; g < last_ + kReach - kWide; ++g) {
      for (int lane = 0; lane < kRowLanes; lane += RowGroup::lanes) {
        RowGroup::bound_from_samples(bends_ + at(g) + lane, bounds_ + at(g) + lane);
      }
    }
  }

  // What no value near the block exceeds, in each lane. False: no lane's is above its floor.
  bool rise_above(const float* floors) {
    take_largest(bounds_, first_ - kReach + kWide, last_ + kReach - kWide, beyond_);
    if (floors == nullptr) return true;
    std::memcpy(best_, floors, sizeof best_);
    float samples[kRowLanes];  // bounds are of the phases between them
    take_largest(samples_, first_, last_, samples);
    return any_over(beyond_) || any_over(samples);
  }

  static void take_largest(const float* figures, int first, int last, float* most) {
    for (int lane = 0; lane < kRowLanes; ++lane) most[lane] = 0.0F;
    for (int g = first; g < last; ++g) {
      const float* here = figures + at(g);
      for (int lane = 0; lane < kRowLanes; ++lane) {
        most[lane] = here[lane] > most[lane] ? here[lane] : most[lane];
      }
    }
  }

  void find(bool exhaustive) {
    find_tops();
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      search_[lane].start(top_[lane], beyond_[lane], best_[lane]);
      refine(lane, top_[lane], exhaustive);
    }
    halved_ = !exhaustive && crowded();
    if (halved_) look_closer();
    for (int g = first_; g < last_; ++g) {
      const float* bounds = bounds_ + at(g);
      if (exhaustive || any_over(bounds)) search(g, bounds, exhaustive);
    }
  }

  // For each lane the first whole group with the largest sample.
  void find_tops() {
    int whole = first_, end = last_;  // groups that are whole in every lane
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      whole = search_[lane].first_whole() > whole ? search_[lane].first_whole() : whole;
      end = search_[lane].last_whole() < end ? search_[lane].last_whole() : end;
    }
    float most[kRowLanes];
    for (int lane = 0; lane < kRowLanes; ++lane) most[lane] = -1.0F, top_[lane] = whole;
    for (int g = whole; g < end; ++g) {
      const float* samples = samples_ + at(g);
      for (int lane = 0; lane < kRowLanes; ++lane) {
        const bool more = samples[lane] > most[lane];
        most[lane] = more ? samples[lane] : most[lane];
        top_[lane] = more ? g : top_[lane];
      }
    }
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!busy(lane)) continue;
      top_[lane] = search_[lane].widen(samples_ + lane, whole, end, most[lane], top_[lane]);
    }
  }

  bool any_over(const float* bounds) const {
    int over = 0;
    for (int lane = 0; lane < kRowLanes; ++lane) over |= bounds[lane] > best_[lane] ? 1 : 0;
    return over != 0;
  }

  // Whether so many groups are left that to halve all of them in lockstep costs less.
  bool crowded() const {
    int over[kRowLanes] = {}, all = 0;
    for (int g = first_; g < last_; ++g) {
      const float* bounds = bounds_ + at(g);
      for (int lane = 0; lane < kRowLanes; ++lane) over[lane] += bounds[lane] > best_[lane] ? 1 : 0;
    }
    for (int lane = 0; lane < kRowLanes; ++lane) all += busy(lane) ? over[lane] : 0;
    return all > (last_ - first_) * kRowLanes / kCrowd;
  }

  // Bounds from half-sample values, which take the place of what was found of the samples.
  void look_closer() {
    V last[kRowLanes / RowGroup::lanes]{};
    each_group<kHalfTaps - 1, kHalfTaps + 1>(
        first_ - 1, last_ + 1, [&](const float* rows, int g, int lane) {
          RowGroup::halve(rows, samples_ + at(g) + lane, bends_ + at(g) + lane,
                          last[lane / RowGroup::lanes]);
        });
    for (int g = first_; g < last_; ++g) {
      for (int lane = 0; lane < kRowLanes; lane += RowGroup::lanes) {
        const std::ptrdiff_t to = at(g) + lane;
        RowGroup::bound_from_halves(samples_ + to, bends_ + to, beyond_ + lane, bounds_ + to);
      }
    }
  }

  void search(int g, const float* bounds, bool exhaustive) {
    for (int lane = 0; lane < kRowLanes; ++lane) {
      if (!(exhaustive || bounds[lane] > best_[lane]) || !busy(lane)) continue;
      if (g < search_[lane].first() || g >= search_[lane].last()) continue;
      refine(lane, g, exhaustive);
    }
  }

  void refine(int lane, int g, bool exhaustive) {
    search_[lane].refine(g, halved_, exhaustive);
    const float found = search_[lane].peaks().true_peak;
    best_[lane] = found > best_[lane] ? found : best_[lane];
  }

  const loudscope::RowSource* sources_;
  loudscope::SampleType type_;
  const PeakSpan* spans_;
  float* samples_;  // three figures of each group and lane
  float* bounds_;
  float* bends_;
  int first_ = 0, last_ = 0;
  bool halved_ = false;  // bounds are those from half-sample values
  int top_[kRowLanes];
  float beyond_[kRowLanes], best_[kRowLanes] = {}, sum_[kRowLanes];
  LaneSearch search_[kRowLanes];
};

void row_peaks(const loudscope::RowSource* sources, loudscope::SampleType type,
               const PeakSpan* spans, const float* floors, float* scratch, bool exhaustive,
               BlockPeaks* out) {
  RowPeaks(sources, type, spans, scratch).run(exhaustive, floors, out);
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
