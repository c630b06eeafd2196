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

struct Complex {
  double re, im;
};
Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
Complex operator*(Complex a, Complex b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
Complex operator/(Complex a, Complex b) {
  const double n = b.re * b.re + b.im * b.im;
  return {(a.re * b.re + a.im * b.im) / n, (a.im * b.re - a.re * b.im) / n};
}
Complex conjugate(Complex a) { return {a.re, -a.im}; }

int build(BandTree& tree, int low, int high, int rate_hz) {  // edges [low, high)
  if (low == high) return -(low + 1);
  const int middle = (low + high) / 2;
  const auto node = static_cast<int>(tree.nodes.size());
  int preroll = 0;
  for (int edge = low; edge < high; ++edge) {
    preroll = std::max(preroll, settling_ticks(tree.edges_hz[edge], rate_hz));
  }
  tree.nodes.push_back({butterworth_split(tree.edges_hz[middle], rate_hz), 0, 0, preroll});
  const int below = build(tree, low, middle, rate_hz);
  const int above = build(tree, middle + 1, high, rate_hz);
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

// In the analogue domain A(s) = (1 + j s^4) / (Butterworth polynomial) = j prod (s + p*) / (s - p)
// over the two poles with p^4 = -j; as partial fractions, then by the bilinear transform with the
// edge pre-warped. The states are scaled by their residues, so that they simply add to the output.
Split butterworth_split(double edge_hz, int rate_hz) {
  constexpr Complex pole[2] = {{-0.9238795325112867, 0.3826834323650898},    // 157.5 degrees
                               {-0.3826834323650898, -0.9238795325112867}};  // 247.5 degrees
  const double w = tangent(kPi * edge_hz / rate_hz);
  const Complex j = {0.0, 1.0}, one = {1.0, 0.0};
  Complex direct = j;
  Split split{};
  for (int k = 0; k < 2; ++k) {
    const Complex p = pole[k], other = pole[1 - k];
    const Complex residue = j * (p + conjugate(p)) * (p + conjugate(other)) / (p - other);
    const Complex wp = {w * p.re, w * p.im};
    const Complex scale = Complex{w, 0.0} / (one - wp), z = (one + wp) / (one - wp);
    direct = direct + residue * scale;
    const Complex gain = residue * scale * (one + z);
    split.pole_re[k] = z.re, split.pole_im[k] = z.im;
    split.gain_re[k] = gain.re, split.gain_im[k] = gain.im;
  }
  split.direct_re = direct.re, split.direct_im = direct.im;
  return split;
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
  build(tree, 0, static_cast<int>(tree.edges_hz.size()), rate_hz);
  return tree;
}

}  // namespace loudscope
