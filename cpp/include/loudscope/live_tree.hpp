// The band tree of two channels of a stream: the bits of a scan's, with all nodes of a depth in
// lanes of their own.
#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

#include "loudscope/kernel.hpp"

namespace loudscope {

class LiveTree {
 public:
  explicit LiveTree(const BandTree& tree);

  void run(const Kernel& kernel, const double* tile, int frames) {
    if (!levels_.empty()) kernel.advance_tree(levels_.data(), tile, frames);
  }
  void rest(const Kernel& kernel) {
    kernel.rest_tree(levels_.data(), static_cast<int>(levels_.size()));
  }
  void begin(std::size_t node);          // the next stretch of a node begins at rest
  void turn_over();                      // the next stretch becomes the present one
  void take(LaneState<kLiveLanes>& to);  // moves the bands' sums to lanes 0 and 2

 private:
  struct Place {
    std::size_t depth, position, side;
  };

  static std::size_t nodes_at(std::size_t depth) { return std::size_t{1} << depth; }
  static std::size_t lane(const Place& at, std::size_t channel) {
    return 2 * (at.position + channel * nodes_at(at.depth));
  }
  static void fill(TreeLevel& level, std::size_t position, const Split& split);
  void place(const BandTree& tree, int index, std::size_t depth, std::size_t position);
  void clear();

  std::vector<TreeLevel> levels_;
  std::vector<Place> nodes_, bands_;
};

}  // namespace loudscope
