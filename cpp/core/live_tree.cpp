#include "loudscope/live_tree.hpp"

namespace loudscope {

LiveTree::LiveTree(const BandTree& tree)
    : nodes_(tree.nodes.size()), bands_(static_cast<std::size_t>(tree.bands())) {
  if (!tree.nodes.empty()) place(tree, 0, 0, 0);
}

// Children of node p at a depth of n nodes: p of the next depth is its far side, p + n its near.
void LiveTree::place(const BandTree& tree, int index, std::size_t depth, std::size_t position) {
  if (depth == levels_.size()) levels_.emplace_back();
  const SplitNode& node = tree.nodes[static_cast<std::size_t>(index)];
  nodes_[static_cast<std::size_t>(index)] = {depth, position, 0};
  fill(levels_[depth], position, node.split);
  for (const std::size_t side : {0U, 1U}) {
    const int child = (side == 0) != node.split.mirrored ? node.low : node.high;
    if (child < 0) {
      levels_[depth].ends = true;
      bands_[static_cast<std::size_t>(-(child + 1))] = {depth, position, side};
    } else {
      levels_[depth].feeds = true;
      place(tree, child, depth + 1, position + side * nodes_at(depth));
    }
  }
}

void LiveTree::fill(TreeLevel& level, std::size_t position, const Split& split) {
  for (const std::size_t lane : {2 * position, 2 * position + 1}) {
    for (int k = 0; k < 4; ++k) level.back[k][lane] = split.back[k];
    level.sign[lane] = split.mirrored ? -1.0 : 1.0;
  }
}

void LiveTree::begin(std::size_t node) {
  const Place at = nodes_[node];
  for (auto& row : levels_[at.depth].state) {
    for (const std::size_t channel : {0U, 1U}) row[lane(at, channel) + 1] = 0.0;
  }
}

void LiveTree::turn_over() {
  for (const Place& at : nodes_) {
    for (auto& row : levels_[at.depth].state) {
      for (const std::size_t channel : {0U, 1U}) {
        double* const present = row + lane(at, channel);
        present[0] = present[1];
        present[1] = 0.0;
      }
    }
  }
  clear();
}

void LiveTree::take(LaneState<kLiveLanes>& to) {
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    const Place& at = bands_[b];
    const TreeLevel& level = levels_[at.depth];
    to.band_energy[b][0] = level.energy[at.side][lane(at, 0)];
    to.band_energy[b][2] = level.energy[at.side][lane(at, 1)];
    to.band_cross[b][0] = level.cross[at.side][lane(at, 0)];
  }
  clear();
}

void LiveTree::clear() {
  for (TreeLevel& level : levels_) {
    for (auto& row : level.energy) std::fill(std::begin(row), std::end(row), 0.0);
    for (auto& row : level.cross) std::fill(std::begin(row), std::end(row), 0.0);
  }
}

}  // namespace loudscope
