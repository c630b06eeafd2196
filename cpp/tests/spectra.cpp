#include "loudscope/spectra.hpp"

#include <complex>
#include <memory>
#include <stdexcept>

#include "loudscope/kernel.hpp"
#include "loudscope/level_counts.hpp"
#include "signals.hpp"

namespace loudscope::tests {
namespace {

constexpr double kPi = 3.14159265358979323846;

struct Tables {
  std::vector<float> window, weighting, turns;

  Tables(Random& random, int size) {
    for (int t = 0; t < size; ++t) {
      window.push_back(static_cast<float>(uniform(random, 0.0, 1.0)));
      turns.push_back(static_cast<float>(std::cos(2 * kPi * t / size)));
      turns.push_back(static_cast<float>(-std::sin(2 * kPi * t / size)));
    }
    for (int k = 0; k <= size / 2; ++k) {
      weighting.push_back(static_cast<float>(uniform(random, 0.0, 2.0)));
    }
  }
};

struct Found {
  std::vector<float> rows, loudness;
  std::vector<double> cross;
  bool operator==(const Found&) const = default;
};

// The channels in memory of exactly the frames that may be read.
Found take(const Kernel& kernel, const Tables& tables, const std::vector<std::vector<float>>& sound,
           int windows, bool front) {
  const auto bins = static_cast<int>(tables.weighting.size());
  Spectra spectra(tables.window, tables.weighting, tables.turns, 1, bins / 3, kernel);
  std::vector<float> channels;
  for (const auto& channel : sound) channels.insert(channels.end(), channel.begin(), channel.end());
  const auto size = static_cast<std::size_t>(windows);
  Found found{std::vector<float>(size * static_cast<std::size_t>(spectra.columns())),
              std::vector<float>(size), std::vector<double>(2 * tables.weighting.size())};
  SpectraWork work;
  work.windows = windows;
  work.rows = found.rows.data();
  work.row_stride = spectra.columns();
  work.loudness = found.loudness.data();
  work.cross = found.cross.data();
  const auto exact = std::make_unique<float[]>(channels.size());
  std::copy(channels.begin(), channels.end(), exact.get());
  spectra.take(exact.get(), static_cast<std::ptrdiff_t>(sound.front().size()),
               std::vector<float>(sound.size(), 1.25F), front, work);
  return found;
}

// Bin k by the definition of the transform.
std::complex<double> bin(const Tables& tables, const float* x, int k) {
  const auto size = static_cast<int>(tables.window.size());
  std::complex<double> sum;
  for (int t = 0; t < size; ++t) {
    const auto at = static_cast<std::size_t>(t);
    sum += static_cast<double>(tables.window[at]) * static_cast<double>(x[t]) *
           std::polar(1.0, -2 * kPi * k * t / size);
  }
  return sum;
}

std::vector<std::vector<float>> any_sound(Random& random, int channels, int frames) {
  std::vector<std::vector<float>> sound;
  for (int c = 0; c < channels; ++c) {
    sound.emplace_back();
    for (const auto x : noise(random, frames)) {
      sound.back().push_back(static_cast<float>(x) / 32768.0F);
    }
  }
  return sound;
}

TEST("spectra", "power, loudness and products are those of the transform by definition") {
  Random random(31);
  for (const int size : {64, 128, 256, 512}) {
    const auto windows = static_cast<int>(integer(random, 1, kSpectraWindows));
    const Tables tables(random, size);
    const auto sound = any_sound(random, 2, size + (windows - 1) * size / 2);
    const Found found = take(*find_kernel("baseline"), tables, sound, windows, true);
    const int bins = size / 2 + 1, bass = bins / 3 - 1, columns = bins + 3 * bass;
    std::vector<double> cross(2 * tables.weighting.size());
    for (int w = 0; w < windows; ++w) {
      double loudness = 0.0;
      for (int k = 0; k < bins; ++k) {
        const auto left = bin(tables, sound[0].data() + w * size / 2, k);
        const auto right = bin(tables, sound[1].data() + w * size / 2, k);
        const double whole = k == 0 || k == bins - 1 ? 0.5 : 1.0;
        const double power = whole * (std::norm(left) + std::norm(right));
        const auto product = left * std::conj(right);
        const auto at = static_cast<std::size_t>(w * columns + k);
        const double scale = 1e-5 * size;
        CHECK_NEAR(found.rows[at], 0.5 * power, scale);
        loudness +=
            1.25 * static_cast<double>(tables.weighting[static_cast<std::size_t>(k)]) * power;
        if (w % kCrossEvery == 0) {
          cross[static_cast<std::size_t>(2 * k)] += product.real();
          cross[static_cast<std::size_t>(2 * k + 1)] += product.imag();
        }
        if (k < 1 || k >= bins / 3) continue;
        const auto low = static_cast<std::size_t>(w * columns + bins + k - 1);
        CHECK_NEAR(found.rows[low], std::norm(left), scale);
        CHECK_NEAR(found.rows[low + static_cast<std::size_t>(bass)], std::norm(right), scale);
        CHECK_NEAR(found.rows[low + 2 * static_cast<std::size_t>(bass)], product.real(), scale);
      }
      CHECK_NEAR(found.loudness[static_cast<std::size_t>(w)], loudness, 1e-5 * loudness);
    }
    for (std::size_t i = 0; i < cross.size(); ++i) {
      CHECK_NEAR(found.cross[i], cross[i], 1e-4 * size);
    }
  }
}

TEST("spectra", "every kernel gives the same bits, for any number of channels") {
  Random random(32);
  for (int round = 0; round < 40; ++round) {
    const int size = 64 << random() % 6;
    const auto windows = static_cast<int>(integer(random, 1, kSpectraWindows));
    const auto channels = static_cast<int>(integer(random, 1, 5));
    const Tables tables(random, size);
    const auto sound = any_sound(random, channels, size + (windows - 1) * size / 2);
    const bool front = channels > 1 && random() % 2 == 0;
    const Found expected = take(*find_kernel("baseline"), tables, sound, windows, front);
    const Kernel* known[4];
    const std::size_t count = available_kernels(known, 4);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(take(*known[i], tables, sound, windows, front) == expected);
    }
  }
}

TEST("spectra", "tables that do not fit are refused") {
  Random random(33);
  Tables tables(random, 128);
  const Kernel& kernel = *find_kernel("baseline");
  const auto refused = [&](const Tables& given, int begin, int end) {
    try {
      Spectra(given.window, given.weighting, given.turns, begin, end, kernel);
    } catch (const std::invalid_argument&) {
      return true;
    }
    return false;
  };
  CHECK(!refused(tables, 0, 65));
  CHECK(refused(tables, 0, 66) && refused(tables, -1, 3) && refused(tables, 4, 3));
  CHECK(refused(Tables(random, 32), 0, 1) && refused(Tables(random, 96), 0, 1));
  tables.turns.pop_back();
  CHECK(refused(tables, 0, 1));
}

TEST("spectra", "a level is the last step that the sum of a group reaches") {
  Random random(34);
  for (int round = 0; round < 50; ++round) {
    std::vector<float> steps = {static_cast<float>(uniform(random, 1e-12, 1e-3))};
    const auto count = static_cast<std::size_t>(integer(random, 1, 300));
    while (steps.size() < count) {
      steps.push_back(steps.back() * static_cast<float>(uniform(random, 1.01, 1.3)));
    }
    const auto rows = static_cast<std::size_t>(integer(random, 0, 40));
    const auto groups = static_cast<std::size_t>(integer(random, 1, 150));
    const std::size_t width = 3, stride = groups * width + 2;
    std::vector<float> values(rows * stride);
    for (float& value : values) {
      const float step = steps[random() % count];
      value = random() % 3 == 0 ? step : static_cast<float>(uniform(random, 0, 2)) * step;
      if (random() % 20 == 0) value = random() % 2 == 0 ? 0.0F : 1e30F;
    }
    std::vector<std::int32_t> counts(groups * count), expected(groups * count);
    LevelSteps(steps).count(values.data(), rows, stride, groups, width, counts.data());
    for (std::size_t i = 0; i < rows * groups; ++i) {
      const float* bins = &values[i / groups * stride + i % groups * width];
      const float sum = 0.0F + bins[0] + bins[1] + bins[2];
      std::size_t step = 0;
      while (step + 1 < count && sum >= steps[step + 1]) ++step;
      ++expected[i % groups * count + step];
    }
    CHECK(counts == expected);
  }
}

TEST("spectra", "steps of levels ascend from above zero; what is no number is the first") {
  const auto refused = [](std::vector<float> steps) {
    try {
      LevelSteps made(std::move(steps));
    } catch (const std::invalid_argument&) {
      return true;
    }
    return false;
  };
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(refused({}) && refused({0, 1}) && refused({-1, 1}) && refused({1, 1}) && refused({2, 1}));
  CHECK(refused({1, infinity}) && refused({std::nanf("")}));
  const LevelSteps steps({1e-40F, 1, 2});  // the first is subnormal
  CHECK(steps.size() == 3);
  CHECK(steps.of(std::nanf("")) == 0 && steps.of(-infinity) == 0 && steps.of(0) == 0);
  CHECK(steps.of(0.999F) == 0 && steps.of(1) == 1 && steps.of(infinity) == 2);
}

TEST("spectra", "levels of a span are those of its samples, wherever they lie, on every CPU") {
  Random random(35);
  const auto known = kernels();
  for (int round = 0; round < 300; ++round) {
    std::vector<float> x(static_cast<std::size_t>(integer(random, 0, round % 3 == 0 ? 5000 : 70)));
    for (float& sample : x) sample = static_cast<float>(uniform(random, -1, 1));
    std::vector<float> moved(3, 9.0F);
    moved.insert(moved.end(), x.begin(), x.end());
    const auto frames = static_cast<std::int64_t>(x.size());
    const SpanLevels first = known[0]->span_levels(x.data(), frames);
    for (const Kernel* kernel : known) {
      for (const float* samples : {x.data(), moved.data() + 3}) {
        const SpanLevels found = kernel->span_levels(samples, frames);
        CHECK(found.high == first.high && found.low == first.low && found.energy == first.energy);
      }
    }
    double energy = 0;
    for (const float sample : x) energy += static_cast<double>(sample) * sample;
    CHECK(std::abs(first.energy - energy) <= 2e-6 * energy);
    CHECK_EQUAL(first.high, x.empty() ? 0.0F : *std::max_element(x.begin(), x.end()));
    CHECK_EQUAL(first.low, x.empty() ? 0.0F : *std::min_element(x.begin(), x.end()));
  }
}

}  // namespace
}  // namespace loudscope::tests
