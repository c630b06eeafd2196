// Filter design. Only + - * / and the IEEE square root are used, never the C library's tan or exp,
// whose last bit differs between machines: a coefficient is the same number everywhere.
#pragma once

#include <vector>

namespace loudscope {

struct Biquad {  // y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''
  double b0, b1, b2, a1, a2;
};

struct KWeighting {  // BS.1770-5 Annex 1: shelf, then RLB high-pass
  Biquad shelf, highpass;
};

// K-weighting for any rate. 48 kHz: the table. Above: bilinear shelf. Below: a shelf matched to the
// 48 kHz response at 0, 0.15 and 0.5 of the rate, because bilinear warping costs up to 0.29 dB.
// The high-pass keeps its 48 kHz pass-band gain at every rate.
KWeighting k_weighting(int rate_hz);

// The same as it is run: both filters begin with y = x + ..., and what they would gain is put on
// the energy afterwards. The high-pass is two integrators in a loop, y = x - turn l - rate b with
// b the sum of y before and l the sum of b before: three products less, and exact where its poles
// lie close to 1.
struct WeightingSteps {
  double b1, b2, a1, a2;  // shelf
  double rate, turn;      // high-pass
  double power;           // gain of both, squared
};
WeightingSteps weighting_steps(const KWeighting& k);

// One power-complementary split by a fourth-order Butterworth pair, |low|^2 + |high|^2 = 1, as four
// sums in one loop, of which both sides are made:
//   near = x - back[3] s4 - back[2] s3 - back[0] s1 - back[1] s2;   far = 16 s4 + 8 s2 + near
//   s3 <- s3 + s2, s4 <- s4 + s3, s1 <- s1 + near, s2 <- s2 + s1    (in this order)
// The high side is near, the low side far; what they would gain is put on the energies. Sums are
// exact where poles lie close to 1. Beyond a quarter of the rate poles approach -1: there the split
// is the mirror of one as far from half the rate. Sides change places, and sums their signs:
//   far = 16 s4 - 8 s2 + near;   s3 <- s2 - s3, and so on.
struct Split {
  double back[4];
  double low, high;  // gains left out
  bool mirrored;
};

Split butterworth_split(double edge_hz, int rate_hz);

// Ticks that a split takes to forget: exp(-48 t f/20 Hz), f being the edge or its distance from
// half the rate. After 0.6 s at 20 Hz 3e-13 of its state is left.
int settling_ticks(double edge_hz, int rate_hz);

// A node of the band tree. A child >= 0 is a node, a child < 0 is band -(child + 1).
struct SplitNode {
  Split split;
  int low, high;
  int preroll_ticks;  // from rest until it and the nodes below it have settled
};

struct BandTree {
  std::vector<double> edges_hz;  // edges in use, ascending; bands = edges + 1
  std::vector<SplitNode> nodes;  // nodes[0] is the root
  std::vector<double> gains;     // of each band, left out by the splits on its way

  int bands() const { return edges_hz.empty() ? 0 : static_cast<int>(edges_hz.size()) + 1; }
};

// The tree over `edges_hz` (ascending). The last edge is lowered to 0.49 of the rate where it lies
// above; other edges there are dropped.
BandTree band_tree(const std::vector<double>& edges_hz, int rate_hz);

}  // namespace loudscope
