// The live meter's engine: the rows of a whole-file scan, tick by tick, with readings on the way.
#pragma once

#include <cstdint>
#include <vector>

#include "loudscope/live_tree.hpp"
#include "loudscope/peaks.hpp"
#include "loudscope/pool.hpp"
#include "loudscope/scan.hpp"

namespace loudscope {

struct LiveReading {
  struct Window {
    bool full = false;
    double power = 0;  // mean square
  };

  std::int64_t frames = 0;
  Window momentary, short_term, momentary_max, short_term_max;
  Gated gated;
  Range range;
  std::vector<float> sample_peak, true_peak;  // per channel, of the complete blocks so far
  Table latest;                               // the complete blocks of the last 3 s, without peaks
};

class Live {
 public:
  Live(Plan plan, std::vector<double> weights, bool keep_table);

  void push(const AudioView& chunk);  // throws BadSample; nothing of the chunk is then taken
  LiveReading reading();              // reads the peaks that are due
  Table table() const;  // as if the programme ended here; the last rows only, if they are not kept
  bool keeps_table() const { return keep_table_; }
  const Plan& plan() const { return plan_; }

 private:
  struct Track {  // a pair of channels in four lanes: the present stretch and the next
    int a, b;     // b = -1: none
    bool joint;
    LaneState<kLiveLanes> state;
    LiveTree tree;
  };

  void append(const AudioView& chunk);
  void run_ticks();
  void run_tick(int frames);
  void run_tile(std::int64_t start, int frames);
  void turn_over();
  void end_tick(int frames, bool complete);
  void end_block(std::int64_t end_frame);
  void observe_tick();
  void read_peaks(std::int64_t end_frame, std::int64_t batch);
  void read_blocks(std::int64_t begin, std::int64_t end, std::int64_t end_frame);
  void trim();
  void finish();
  LiveReading::Window latest(int ticks) const;

  Plan plan_;
  std::vector<double> weights_;
  bool keep_table_;
  std::vector<Track> tracks_;
  PeakReader reader_;

  std::int64_t tick_ = 0;        // next tick to run
  std::int64_t peak_block_ = 0;  // next block whose peaks are to be read
  std::int64_t peak_batch_ = 1;  // blocks that fill the lanes; they wait for each other

  Table table_;
  std::int64_t first_row_ = 0;      // block row of table_'s first
  std::vector<double> tick_power_;  // ring of the last 300 ticks, channels weighted
  std::vector<int> tick_frames_;
  std::vector<double> pending_;  // tick energies of the block under way
  HeldAudio held_;
  double momentary_max_ = 0, short_term_max_ = 0;
  Pool gating_, short_terms_;
  std::vector<float> sample_peak_, true_peak_;
};

}  // namespace loudscope
