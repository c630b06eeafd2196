#include "loudscope/design.hpp"

#include <complex>
#include <set>

#include "signals.hpp"

namespace loudscope::tests {
namespace {

using Complex = std::complex<double>;

constexpr double kPi = 3.14159265358979323846;

Complex turn(double frequency, double rate) {
  return std::polar(1.0, -2.0 * kPi * frequency / rate);
}

// |low|^2 and |high|^2 at a frequency. The sums are those of `near` over 1 - z or, mirrored, 1 + z.
struct Responses {
  double low, high;
};

Responses powers(const Split& s, double frequency, double rate) {
  const double sign = s.mirrored ? -1.0 : 1.0;
  const Complex z = turn(frequency, rate), once = 1.0 - sign * z, twice = once * once;
  const Complex loop = twice * twice + s.back[0] * z * once * twice + s.back[1] * z * twice +
                       s.back[2] * z * z * once + s.back[3] * z * z;
  const Complex near = twice * twice / loop;
  const Complex far = (twice * twice + sign * 8.0 * z * twice + 16.0 * z * z) / loop;
  return {std::norm(s.low * (s.mirrored ? near : far)),
          std::norm(s.high * (s.mirrored ? far : near))};
}

// What comes out of an impulse at either side, until the split has settled.
Responses rung(const Split& s, std::int64_t frames) {
  const double sign = s.mirrored ? -1.0 : 1.0;
  double s1 = 0.0, s2 = 0.0, s3 = 0.0, s4 = 0.0;
  Responses sums{};
  for (std::int64_t t = 0; t < frames; ++t) {
    const double near =
        (t == 0 ? 1.0 : 0.0) - s.back[0] * s1 - s.back[1] * s2 - s.back[2] * s3 - s.back[3] * s4;
    const double far = 16.0 * s4 + sign * 8.0 * s2 + near;
    s3 = sign * s3 + s2, s4 = sign * s4 + s3, s1 = sign * s1 + near, s2 = sign * s2 + s1;
    sums.low += std::pow(s.low * (s.mirrored ? near : far), 2);
    sums.high += std::pow(s.high * (s.mirrored ? far : near), 2);
  }
  return sums;
}

double butterworth(double frequency, double edge, double rate) {  // |low|^2, fourth order
  return 1.0 / (1.0 + std::pow(std::tan(kPi * frequency / rate) / std::tan(kPi * edge / rate), 8));
}

// Power of every band at a frequency, by walking the tree.
void spread(const BandTree& tree, int node, double frequency, double rate, double power,
            std::vector<double>& bands) {
  const auto go = [&](int child, double share) {
    if (child < 0) {
      bands[static_cast<std::size_t>(-(child + 1))] += power * share;
    } else {
      spread(tree, child, frequency, rate, power * share, bands);
    }
  };
  const SplitNode& here = tree.nodes[static_cast<std::size_t>(node)];
  const Responses at = powers(here.split, frequency, rate);
  go(here.low, at.low);
  go(here.high, at.high);
}

std::vector<double> some_edges(int count, double rate) {
  std::vector<double> edges;
  for (int i = 0; i < count; ++i) edges.push_back(20.0 * std::pow(0.024 * rate, i / 15.0));
  return edges;
}

// Bands from left to right under a child, and how deep the tree goes there.
int walk(const BandTree& tree, int child, std::vector<int>& bands) {
  if (child < 0) {
    bands.push_back(-(child + 1));
    return 0;
  }
  const SplitNode& node = tree.nodes[static_cast<std::size_t>(child)];
  const int low = walk(tree, node.low, bands);
  return 1 + std::max(low, walk(tree, node.high, bands));
}

double decibels(const Biquad& f, double frequency, double rate) {
  const Complex z = turn(frequency, rate);
  return 20.0 *
         std::log10(std::abs((f.b0 + f.b1 * z + f.b2 * z * z) / (1.0 + f.a1 * z + f.a2 * z * z)));
}

double decibels(const KWeighting& k, double frequency, double rate) {
  return decibels(k.shelf, frequency, rate) + decibels(k.highpass, frequency, rate);
}

bool stable(const Biquad& f) { return std::fabs(f.a2) < 1.0 && std::fabs(f.a1) < 1.0 + f.a2; }

TEST("design", "|low|^2 + |high|^2 == 1 at every frequency, and |low|^2 is Butterworth's") {
  for (const int rate : {8000, 11025, 44100, 48000, 96000, 384000}) {
    for (double edge = 10.0; edge < 0.49 * rate; edge *= 1.7) {
      const Split split = butterworth_split(edge, rate);
      for (double frequency = 0.0; frequency <= 0.5 * rate; frequency += rate / 499.0) {
        const Responses at = powers(split, frequency, rate);
        CHECK_NEAR(at.low + at.high, 1.0, 1e-9);
        CHECK_NEAR(at.low, butterworth(frequency, edge, rate), 1e-9);
      }
    }
  }
}

TEST("design", "a split is stable: both sides of an impulse have its energy once it has settled") {
  for (const int rate : {8000, 44100, 384000}) {
    for (double edge = 10.0; edge < 0.49 * rate; edge *= 1.7) {
      const Split split = butterworth_split(edge, rate);
      const Responses sums = rung(split, tick_start(settling_ticks(edge, rate), rate));
      CHECK_NEAR(sums.low + sums.high, 1.0, 1e-12);
    }
  }
}

TEST("design", "a tree over 1 to 15 edges is balanced, and its leaves are the bands in order") {
  for (int count = 1; count <= kMaxNodes; ++count) {
    const std::vector<double> edges = some_edges(count, 48000);
    const BandTree tree = band_tree(edges, 48000);
    CHECK(tree.edges_hz == edges);
    CHECK_EQUAL(tree.bands(), count + 1);
    CHECK_EQUAL(tree.nodes.size(), edges.size());
    std::vector<int> bands;
    const int depth = walk(tree, 0, bands);
    CHECK(1 << (depth - 1) <= count && count < 1 << depth);
    CHECK_EQUAL(bands.size(), edges.size() + 1);
    for (int b = 0; b < static_cast<int>(bands.size()); ++b) {
      CHECK_EQUAL(bands[static_cast<std::size_t>(b)], b);
    }
  }
}

TEST("design", "the bands of a tree share out the power of every frequency") {
  for (int count = 2; count <= kMaxNodes; ++count) {
    const BandTree tree = band_tree(some_edges(count, 44100), 44100);
    for (double frequency = 5.0; frequency < 22050.0; frequency *= 1.09) {
      std::vector<double> bands(static_cast<std::size_t>(tree.bands()));
      spread(tree, 0, frequency, 44100, 1.0, bands);
      double sum = 0.0;
      for (const double power : bands) sum += power;
      CHECK_NEAR(sum, 1.0, 1e-9);
    }
  }
}

TEST("design", "edges at or above 0.49 of the rate give way to one edge there") {
  CHECK(band_tree({}, 48000).bands() == 0);
  CHECK((band_tree(default_edges(), 48000).edges_hz == default_edges()));
  CHECK((band_tree(default_edges(), 8000).edges_hz ==
         std::vector<double>{20, 60, 250, 500, 2000, 0.49 * 8000}));
  CHECK((band_tree({20, 0.49 * 16000}, 16000).edges_hz == std::vector<double>{20, 0.49 * 16000}));
  CHECK((band_tree({9000, 12000}, 16000).edges_hz == std::vector<double>{0.49 * 16000}));
}

TEST("design", "K-weighting is stable and within 0.1 dB of its 48 kHz response at every rate") {
  const KWeighting table = k_weighting(48000);
  for (int rate = 8000; rate <= 384000; rate += rate < 48000 ? 167 : 4999) {
    const KWeighting k = k_weighting(rate);
    CHECK(stable(k.shelf) && stable(k.highpass));
    const double top = std::min(0.49 * rate, 10000.0);
    for (double frequency = 10.0; frequency < top; frequency *= 1.3) {
      CHECK_NEAR(decibels(k, frequency, rate), decibels(table, frequency, 48000), 0.1);
    }
  }
}

}  // namespace
}  // namespace loudscope::tests
