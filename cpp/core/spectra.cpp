#include "loudscope/spectra.hpp"

#include <stdexcept>
#include <utility>

#include "loudscope/kernel.hpp"

namespace loudscope {
namespace {

// Bin k of a transform by parts of even and odd bins: its bits in reverse.
std::vector<std::uint32_t> reversed(std::uint32_t size) {
  std::vector<std::uint32_t> order(size);
  for (std::uint32_t k = 1; k < size; ++k) order[k] = order[k / 2] / 2 + (k % 2 ? size / 2 : 0);
  return order;
}

}  // namespace

Spectra::Spectra(std::vector<float> window, std::vector<float> weighting, std::vector<float> turns,
                 int bass_begin, int bass_end, const Kernel& kernel)
    : window_(std::move(window)),
      weighting_(std::move(weighting)),
      turns_(std::move(turns)),
      order_(reversed(static_cast<std::uint32_t>(window_.size()))),
      kernel_(kernel) {
  const auto size = static_cast<int>(window_.size());
  plan_ = {size,           size / 2,          bass_begin,    bass_end,
           window_.data(), weighting_.data(), turns_.data(), order_.data()};
  const bool power = size >= kLeastSpectrum && (size & (size - 1)) == 0;
  if (!power || weighting_.size() != static_cast<std::size_t>(plan_.bins()) ||
      turns_.size() != 2 * window_.size() || bass_begin < 0 || bass_end < bass_begin ||
      bass_end > plan_.bins()) {
    throw std::invalid_argument("spectra: window, weighting, turns or bass do not fit");
  }
  scratch_.resize(2 * window_.size() * kSpectraWindows);
}

void Spectra::take(const float* channels, std::ptrdiff_t stride, const std::vector<float>& weights,
                   bool front, SpectraWork work) {
  work.scratch = scratch_.data();
  work.share = 1.0F / static_cast<float>(weights.size());
  for (std::size_t c = 0; c < weights.size(); c += 2) {
    const bool both = c + 1 < weights.size();
    work.first = channels + static_cast<std::ptrdiff_t>(c) * stride;
    work.second = both ? work.first + stride : nullptr;
    work.weights[0] = weights[c];
    work.weights[1] = both ? weights[c + 1] : 0.0F;
    work.joint = front && c == 0;
    kernel_.spectra(plan_, work);
  }
}

}  // namespace loudscope
