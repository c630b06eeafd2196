#include "loudscope/gating.hpp"

#include <limits>

#include "loudscope/pool.hpp"
#include "signals.hpp"

namespace loudscope::tests {
namespace {

double power_of(double lufs) { return std::pow(10.0, (lufs + 0.691) / 10.0); }

// Mean squares of every kind: anywhere, at the edges of a pool's bins and their neighbours, at the
// absolute gate, beyond the last bin, silent.
double any_power(Random& random) {
  const double edge = power_of(-70.0 + static_cast<double>(integer(random, 0, 2400)) / 20.0);
  switch (random() % 8) {
    case 0:
      return 0.0;
    case 1:
      return edge;
    case 2:
      return std::nextafter(edge, 0.0);
    case 3:
      return std::nextafter(edge, 1e9);
    case 4:
      return power_of(-70.0 + uniform(random, -1e-12, 1e-12));
    case 5:
      return power_of(uniform(random, -90.0, -40.0));
    case 6:
      return random() % 50 == 0 ? power_of(uniform(random, 49.0, 60.0)) : edge;
    default:
      return power_of(uniform(random, -40.0, 0.0));
  }
}

std::vector<double> any_powers(Random& random, std::int64_t count) {
  const double gain = std::pow(10.0, uniform(random, -7.0, 0.0));
  const bool quiet = random() % 2 == 0;
  std::vector<double> powers(static_cast<std::size_t>(count));
  for (double& power : powers) power = any_power(random) * (quiet ? gain : 1.0);
  return powers;
}

void check_pool(const std::vector<double>& powers) {
  Pool pool;
  for (const double power : powers) pool.add(power);
  const Gated a = pool.gate(), b = gate(powers);
  CHECK_EQUAL(a.blocks, b.blocks);
  CHECK_EQUAL(a.below_absolute, b.below_absolute);
  CHECK_EQUAL(a.below_relative, b.below_relative);
  CHECK_EQUAL(a.kept, b.kept);
  CHECK_NEAR(a.relative_threshold, b.relative_threshold, 1e-10);
  CHECK_NEAR(a.integrated, b.integrated, 1e-10);
  const Range c = pool.range(), d = loudness_range(powers);
  CHECK_EQUAL(c.kept, d.kept);
  CHECK_EQUAL(c.low, d.low);
  CHECK_EQUAL(c.high, d.high);
}

TEST("gating", "a pool answers as gating and range of all its members do") {
  Random random(1);
  for (int round = 0; round < 600; ++round) check_pool(any_powers(random, integer(random, 0, 300)));
  check_pool(any_powers(random, 20000));
}

TEST("gating", "a pool answers after every member as if that were the last") {
  Random random(2);
  const std::vector<double> powers = any_powers(random, 250);
  for (std::size_t n = 0; n <= powers.size(); ++n) {
    check_pool({powers.begin(), powers.begin() + static_cast<std::ptrdiff_t>(n)});
  }
}

TEST("gating", "equal members pass their own relative gate; nothing passes where all is silent") {
  for (const std::size_t count : {1U, 2U, 7U, 1000U}) {
    check_pool(std::vector<double>(count, power_of(-23.0)));
    check_pool(std::vector<double>(count, 0.0));
  }
  CHECK_EQUAL(gate(std::vector<double>(9, power_of(-23.0))).kept, 9U);
  const Gated silent = gate(std::vector<double>(9, 0.0));
  CHECK_EQUAL(silent.below_absolute, 9U);
  CHECK_EQUAL(silent.integrated, -std::numeric_limits<double>::infinity());
}

TEST("gating", "BS.1770-5 eq. 6: a block at the absolute gate is dropped; Tech 3342 keeps it") {
  double power = power_of(-70.0);  // the smallest mean square that reads -70 LUFS exactly
  while (loudness(power) >= -70.0) power = std::nextafter(power, 0.0);
  while (loudness(power) < -70.0) power = std::nextafter(power, 1.0);
  CHECK_EQUAL(loudness(power), -70.0);
  check_pool({power});
  CHECK_EQUAL(gate(std::vector{power}).kept, 0U);
  CHECK_EQUAL(loudness_range(std::vector{power}).kept, 1U);
}

struct Grid {
  std::vector<double> power;
  std::vector<std::uint16_t> frames;
  std::vector<std::uint8_t> complete;
  std::vector<std::int64_t> seams;
};

Grid any_grid(Random& random) {  // programmes whose last block is incomplete
  Grid grid;
  for (std::int64_t programmes = integer(random, 1, 4); programmes > 0; --programmes) {
    const std::int64_t blocks = integer(random, 1, 40), rest = integer(random, 0, 10);
    grid.seams.push_back(static_cast<std::int64_t>(grid.complete.size()));
    for (std::int64_t b = 0; b < blocks; ++b) {
      grid.complete.push_back(static_cast<std::uint8_t>(b + 1 < blocks ? 10 : rest));
    }
  }
  for (std::size_t t = 0; t < 10 * grid.complete.size(); ++t) {
    grid.power.push_back(uniform(random, 0.0, 1.0));
    grid.frames.push_back(static_cast<std::uint16_t>(integer(random, 440, 442)));
  }
  return grid;
}

Windows plain_windows(const Grid& grid, int length, int hop) {
  Windows out;
  for (std::size_t s = 0; s < grid.seams.size(); ++s) {
    const bool final = s + 1 == grid.seams.size();
    const std::int64_t blocks =
        final ? static_cast<std::int64_t>(grid.complete.size()) : grid.seams[s + 1];
    const std::int64_t end =
        10 * (blocks - 1) + grid.complete[static_cast<std::size_t>(blocks - 1)];
    for (std::int64_t t = 10 * grid.seams[s]; t + length <= end; t += hop) {
      double power = 0.0, frames = 0.0;
      for (std::int64_t i = t; i < t + length; ++i) {
        power += grid.power[static_cast<std::size_t>(i)];
        frames += grid.frames[static_cast<std::size_t>(i)];
      }
      out.power.push_back(power / frames);
      out.end_tick.push_back(t + length);
    }
  }
  return out;
}

TEST("gating", "no window crosses a seam or holds an incomplete tick, and none is missing") {
  Random random(3);
  for (int round = 0; round < 300; ++round) {
    const Grid grid = any_grid(random);
    for (const int length : {40, 300}) {
      for (const int hop : {1, 10}) {
        const Windows a =
            windows({grid.power, grid.frames, grid.complete, grid.seams}, length, hop);
        const Windows b = plain_windows(grid, length, hop);
        CHECK(a.end_tick == b.end_tick);
        for (std::size_t i = 0; i < std::min(a.power.size(), b.power.size()); ++i) {
          CHECK_NEAR(a.power[i], b.power[i], 1e-12 * b.power[i]);
        }
      }
    }
  }
}

}  // namespace
}  // namespace loudscope::tests
