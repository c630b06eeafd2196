#include "loudscope/design.hpp"

#include <algorithm>
#include <cmath>

namespace loudscope {
namespace {

constexpr double kPi = 3.14159265358979323846;

// Taylor series; |x| <= pi, where 20 terms are exact to the last bit but one.
double series(double x, bool odd) {
  double term = odd ? x : 1.0, sum = term;
  for (int n = odd ? 2 : 1; n < 44; n += 2) {
    term *= -(x * x) / (n * (n + 1));
    sum += term;
  }
  return sum;
}

double sine(double x) { return series(x, true); }
double cosine(double x) { return series(x, false); }
double tangent(double x) { return sine(x) / cosine(x); }

double exponential(double x) {  // |x| < 2
  double term = 1.0, sum = 1.0;
  for (int n = 1; n < 40; ++n) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

// BS.1770-5 Annex 1 Tables 1 and 2.
constexpr Biquad kShelf48 = {1.53512485958697, -2.69169618940638, 1.19839281085285,
                             -1.69065929318241, 0.73248077421585};
constexpr Biquad kHighpass48 = {1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621};

// |b|^2 or |a|^2 of a second-order polynomial as a sum over phi0 = cos^2, phi1 = sin^2 of w/2 and
// phi2 = 4 phi0 phi1.
struct Magnitude {
  double at0, at1, at2;

  static Magnitude of(double c0, double c1, double c2) {
    return {(c0 + c1 + c2) * (c0 + c1 + c2), (c0 - c1 + c2) * (c0 - c1 + c2), -4.0 * c0 * c2};
  }
  double operator()(double phi1) const {
    const double phi0 = 1.0 - phi1;
    return at0 * phi0 + at1 * phi1 + at2 * 4.0 * phi0 * phi1;
  }
};

double squared_sine(double frequency, double rate) {
  const double s = sine(kPi * frequency / rate);
  return s * s;
}

double shelf48_power(double frequency) {
  static const Magnitude over = Magnitude::of(kShelf48.b0, kShelf48.b1, kShelf48.b2);
  static const Magnitude under = Magnitude::of(1.0, kShelf48.a1, kShelf48.a2);
  const double phi1 = squared_sine(frequency, 48000.0);
  return over(phi1) / under(phi1);
}

// Poles p48^(48000/rate); numerator from |H|^2 at three frequencies (Vicanek, Matched Second Order
// Digital Filters, 2016).
Biquad matched_shelf(double rate) {
  constexpr double log_radius = -0.1556590926198342, angle = 0.15696243677333566;
  const double ratio = 48000.0 / rate;
  const double radius = exponential(log_radius * ratio);
  const double a1 = -2.0 * radius * cosine(angle * ratio), a2 = radius * radius;
  const Magnitude under = Magnitude::of(1.0, a1, a2);

  const double middle = 0.15 * rate, phi1 = squared_sine(middle, rate), phi0 = 1.0 - phi1;
  const double at0 = under.at0 * shelf48_power(0.0), at1 = under.at1 * shelf48_power(rate / 2);
  const double at2 =
      (shelf48_power(middle) * under(phi1) - at0 * phi0 - at1 * phi1) / (4.0 * phi0 * phi1);
  const double root0 = std::sqrt(at0), root1 = std::sqrt(at1), half = 0.5 * (root0 + root1);
  const double b0 = 0.5 * (half + std::sqrt(half * half + at2));
  return {b0, 0.5 * (root0 - root1), -at2 / (4.0 * b0), a1, a2};
}

// The analogue prototype that libebur128 and FFmpeg use gives the table at 48 kHz to 1e-15.
Biquad bilinear_shelf(double rate) {
  constexpr double f0 = 1681.974450955533, q = 0.7071752369554196;
  constexpr double vh = 1.5848647011308556, vb = 1.2587209302325617;  // gain 3.9998 dB
  const double k = tangent(kPi * f0 / rate), d = 1.0 + k / q + k * k;
  return {(vh + vb * k / q + k * k) / d, 2.0 * (k * k - vh) / d, (vh - vb * k / q + k * k) / d,
          2.0 * (k * k - 1.0) / d, (1.0 - k / q + k * k) / d};
}

struct HighpassTerms {
  double k, d;
};

constexpr double kHighpassQ = 0.5003270373238773;

HighpassTerms highpass_terms(double rate) {
  const double k = tangent(kPi * 38.13547087602444 / rate);
  return {k, 1.0 + k / kHighpassQ + k * k};
}

// b = [1 -2 1] is not normalised: at 48 kHz it carries +0.043 dB, which belongs to the definition
// and is kept at every rate.
Biquad bilinear_highpass(double rate) {
  const auto [k, d] = highpass_terms(rate);
  const double gain = highpass_terms(48000.0).d / d;
  return {gain, -2.0 * gain, gain, 2.0 * (k * k - 1.0) / d, (1.0 - k / kHighpassQ + k * k) / d};
}

// Of the edges [low, high); `gain`: what was left out on the way.
int build(BandTree& tree, int low, int high, int rate_hz, double gain) {
  if (low == high) {
    tree.gains.push_back(gain);
    return -(low + 1);
  }
  const int middle = (low + high) / 2;
  const auto node = static_cast<int>(tree.nodes.size());
  int preroll = 0;
  for (int edge = low; edge < high; ++edge) {
    preroll = std::max(preroll, settling_ticks(tree.edges_hz[edge], rate_hz));
  }
  const Split split = butterworth_split(tree.edges_hz[middle], rate_hz);
  tree.nodes.push_back({split, 0, 0, preroll});
  const int below = build(tree, low, middle, rate_hz, gain * split.low);
  const int above = build(tree, middle + 1, high, rate_hz, gain * split.high);
  tree.nodes[node].low = below;
  tree.nodes[node].high = above;
  return node;
}

}  // namespace

KWeighting k_weighting(int rate_hz) {
  if (rate_hz == 48000) return {kShelf48, kHighpass48};
  const Biquad shelf = rate_hz > 48000 ? bilinear_shelf(rate_hz) : matched_shelf(rate_hz);
  return {shelf, bilinear_highpass(rate_hz)};
}

// With z one frame's delay, (1 - z)^2 + rate z (1 - z) + turn z^2 = 1 + a1 z + a2 z^2; both sums
// are exact.
WeightingSteps weighting_steps(const KWeighting& k) {
  const auto [b0, b1, b2, a1, a2] = k.shelf;
  const double gain = b0 * k.highpass.b0;
  return {b1 / b0,    b2 / b0, a1, a2, 2.0 + k.highpass.a1, 1.0 + k.highpass.a1 + k.highpass.a2,
          gain * gain};
}

// With w the pre-warped edge, z one frame's delay and T = (1 + z) / (1 - z), the bilinear transform
// makes high = n and low = (wT)^4 n, and x = n + b wT n + c (wT)^2 n + b (wT)^3 n + (wT)^4 n, which
// is Butterworth's polynomial. T = 1 + 2 z / (1 - z) and T^2 = 1 + 4 z / (1 - z)^2; s1 and s2 are
// these two sums of n, s3 and s4 those of s2. What is left on n itself is taken out as a gain. The
// mirror is -z for z.
Split butterworth_split(double edge_hz, int rate_hz) {
  constexpr double b = 2.613125929752753, c = 3.414213562373095;  // sqrt(4 + 2 sqrt 2), 2 + sqrt 2
  const double tan = tangent(kPi * edge_hz / rate_hz);
  const bool mirrored = tan > 1.0;
  const double w = mirrored ? 1.0 / tan : tan, w2 = w * w, sign = mirrored ? -1.0 : 1.0;
  const double near = 1.0 / (1.0 + w * (b + w * (c + w * (b + w)))), far = w2 * w2 * near;
  return {{sign * 2.0 * b * w * (1.0 + w2) * near, sign * 4.0 * w2 * (c + w * (b + 2.0 * w)) * near,
           8.0 * b * w * w2 * near, 16.0 * far},
          mirrored ? near : far,
          mirrored ? far : near,
          mirrored};
}

int settling_ticks(double edge_hz, int rate_hz) {
  const double ticks = 60.0 * 20.0 / std::min(edge_hz, 0.5 * rate_hz - edge_hz);
  return ticks >= 120.0 ? 120 : static_cast<int>(std::ceil(ticks));
}

BandTree band_tree(const std::vector<double>& edges_hz, int rate_hz) {
  BandTree tree;
  if (edges_hz.empty()) return tree;
  const double top = 0.49 * rate_hz;
  for (const double edge : edges_hz) {
    if (edge < top) tree.edges_hz.push_back(edge);
  }
  if (tree.edges_hz.size() < edges_hz.size()) tree.edges_hz.push_back(top);
  build(tree, 0, static_cast<int>(tree.edges_hz.size()), rate_hz, 1.0);
  return tree;
}

}  // namespace loudscope
