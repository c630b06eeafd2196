// Frames of several stretches into rows of lanes, in registers: a pair of neighbours in memory
// (left and right, or two frames of one channel) is one element of a square transpose, and its
// halves part in the end. Integers are converted there, or before if their float image is exact;
// doubles are no pairs, but elements themselves. Other strides take the plain path.
#pragma once

#include "lanes.hpp"

namespace {

#if defined(LOUDSCOPE_SHUFFLES)

constexpr int kPairs = vector_lanes(8, sizeof(double));  // stretches, and frames, at a time
using Pairs = typename VectorOf<double, kPairs>::type;   // kPairs times left and right as float
using Floats = typename VectorOf<float, 2 * kPairs>::type;
using Shorts = typename VectorOf<std::int16_t, 2 * kPairs>::type;
using Half = typename VectorOf<float, kPairs>::type;
using Ints = typename VectorOf<std::int32_t, kPairs>::type;
using Doubles = typename VectorOf<double, kPairs>::type;

template <class T>
LOUDSCOPE_INLINE Pairs frames_at(const std::byte* from) {
  if constexpr (sizeof(T) != sizeof(std::int16_t)) {
    return load<Pairs>(from);
  } else {
    const Floats x = __builtin_convertvector(load<Shorts>(from), Floats) * (1.0F / 32768.0F);
    return load<Pairs>(&x);
  }
}

// Swaps the blocks of `Step` elements off the diagonal of a pair of rows.
template <int Step, class P>
LOUDSCOPE_INLINE void exchange(P& x, P& y) {
  constexpr int count = sizeof(P) / sizeof(double);
  const P a = x, b = y;
  if constexpr (count == 8 && Step == 1) {
    x = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
    y = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  } else if constexpr (count == 8 && Step == 2) {
    x = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
    y = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  } else if constexpr (count == 8) {
    x = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    y = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  } else if constexpr (count == 4 && Step == 1) {
    x = __builtin_shufflevector(a, b, 0, 4, 2, 6);
    y = __builtin_shufflevector(a, b, 1, 5, 3, 7);
  } else if constexpr (count == 4) {
    x = __builtin_shufflevector(a, b, 0, 1, 4, 5);
    y = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  } else {
    x = __builtin_shufflevector(a, b, 0, 2);
    y = __builtin_shufflevector(a, b, 1, 3);
  }
}

template <int Step>
LOUDSCOPE_INLINE void exchange_all(Pairs (&rows)[kPairs]) {
  if constexpr (Step < kPairs) {
    for (int r = 0; r < kPairs; ++r) {
      if ((r & Step) == 0) exchange<Step>(rows[r], rows[r + Step]);
    }
    exchange_all<2 * Step>(rows);
  }
}

template <class P, class H>
LOUDSCOPE_INLINE void part(P pairs, H& left, H& right) {
  constexpr int count = sizeof(P) / sizeof(double);
  const auto x = load<typename VectorOf<float, 2 * count>::type>(&pairs);
  if constexpr (count == 8) {
    left = __builtin_shufflevector(x, x, 0, 2, 4, 6, 8, 10, 12, 14);
    right = __builtin_shufflevector(x, x, 1, 3, 5, 7, 9, 11, 13, 15);
  } else if constexpr (count == 4) {
    left = __builtin_shufflevector(x, x, 0, 2, 4, 6);
    right = __builtin_shufflevector(x, x, 1, 3, 5, 7);
  } else {
    left = __builtin_shufflevector(x, x, 0, 2);
    right = __builtin_shufflevector(x, x, 1, 3);
  }
}

LOUDSCOPE_INLINE void put(float* to, Doubles x) { store(to, narrowed(x)); }
LOUDSCOPE_INLINE void put(double* to, Doubles x) { store(to, x); }

LOUDSCOPE_INLINE void put(float* to, Half x) { store(to, x); }
LOUDSCOPE_INLINE void put(double* to, Half x) { store(to, widened(x)); }

// Floats, or the bits of integers of T.
template <class T, class Out>
LOUDSCOPE_INLINE void put_side(Out* to, Half side) {
  if constexpr (sizeof(T) == sizeof(std::int32_t) && T(0.5) == T(0)) {
    put(to, widened((Ints)side) * (1.0 / 2147483648.0));
  } else {
    put(to, side);
  }
}

// Doubles of `Channels` channels: a square holds kPairs values of as many stretches.
template <int Channels, class Out>
LOUDSCOPE_INLINE int transpose_doubles(Out* rows, const std::byte* const* stretches, int begin,
                                       int count) {
  constexpr int frames = kPairs / Channels, width = 16 / Channels;
  int t = 0;
  for (; t + frames <= count; t += frames) {
    for (int s = 0; s < width; s += kPairs) {
      Pairs block[kPairs];
      for (int i = 0; i < kPairs; ++i) {
        const auto at = static_cast<std::ptrdiff_t>(begin + t) * Channels;
        block[i] = load<Pairs>(stretches[s + i] + at * static_cast<std::ptrdiff_t>(sizeof(double)));
      }
      exchange_all<1>(block);
      for (int i = 0; i < kPairs; ++i) {
        put(rows + (t + i / Channels) * 16 + i % Channels * 8 + s, block[i]);
      }
    }
  }
  return t;
}

// Frames of eight stereo stretches, from `begin` on, to rows: lane s is left, lane s + 8 is right
// of stretch s. Returns how many were done: all but the last few of `count`.
template <class T, class Out>
LOUDSCOPE_INLINE int transpose_stereo(Out* rows, const std::byte* const* stretches, int begin,
                                      int count) {
  if constexpr (sizeof(T) == sizeof(double)) {
    return transpose_doubles<2>(rows, stretches, begin, count);
  }
  int t = 0;
  for (; t + kPairs <= count; t += kPairs) {
    for (int s = 0; s < 8; s += kPairs) {
      Pairs block[kPairs];
      for (int i = 0; i < kPairs; ++i) {
        block[i] =
            frames_at<T>(stretches[s + i] + static_cast<std::ptrdiff_t>(begin + t) * 2 * sizeof(T));
      }
      exchange_all<1>(block);
      for (int i = 0; i < kPairs; ++i) {
        Half left, right;
        part(block[i], left, right);
        put_side<T>(rows + (t + i) * 16 + s, left);
        put_side<T>(rows + (t + i) * 16 + 8 + s, right);
      }
    }
  }
  return t;
}

// The same of sixteen stretches of one channel; two frames at a time.
template <class T, class Out>
LOUDSCOPE_INLINE int transpose_mono(Out* rows, const std::byte* const* stretches, int begin,
                                    int count) {
  if constexpr (sizeof(T) == sizeof(double)) {
    return transpose_doubles<1>(rows, stretches, begin, count);
  }
  int t = 0;
  for (; t + 2 * kPairs <= count; t += 2 * kPairs) {
    for (int s = 0; s < 16; s += kPairs) {
      Pairs block[kPairs];
      for (int i = 0; i < kPairs; ++i) {
        block[i] =
            frames_at<T>(stretches[s + i] + static_cast<std::ptrdiff_t>(begin + t) * sizeof(T));
      }
      exchange_all<1>(block);
      for (int i = 0; i < kPairs; ++i) {
        Half first, second;
        part(block[i], first, second);
        put_side<T>(rows + (t + 2 * i) * 16 + s, first);
        put_side<T>(rows + (t + 2 * i + 1) * 16 + s, second);
      }
    }
  }
  return t;
}

#else

template <class T, class Out>
int transpose_stereo(Out*, const std::byte* const*, int, int) {
  return 0;
}

template <class T, class Out>
int transpose_mono(Out*, const std::byte* const*, int, int) {
  return 0;
}

#endif

// Asks for what lies `kFetchBytes` further on: eight streams at once are more than a prefetcher
// keeps up with.
constexpr std::ptrdiff_t kFetchBytes = 1024;
LOUDSCOPE_INLINE void fetch(const std::byte* from, std::ptrdiff_t bytes) {
#if defined(__GNUC__) || defined(__clang__)
  for (std::ptrdiff_t at = 0; at < bytes; at += 64) __builtin_prefetch(from + kFetchBytes + at);
#endif
}

constexpr std::byte kSilence[loudscope::kRunFrames * 2 * sizeof(double)] =
    {};  // what idle lanes read

// Lanes of T as stretches of memory, if they are that: eight interleaved stereo pairs, or sixteen
// of one channel; some of them may be idle.
template <class T>
struct Stretches {
  const std::byte* at[16];
  int count = 0;  // 8: stereo, 16: mono, 0: neither

  explicit Stretches(const loudscope::LaneSource* lanes) {
    count = stereo(lanes) ? 8 : mono(lanes) ? 16 : 0;
  }

  // Rows of `frames` from `begin` on, as far as it can be done in registers; returns how many were.
  template <class Out>
  LOUDSCOPE_INLINE int rows(Out* out, int begin, int frames) const {
    if (count == 0) return 0;
    const std::ptrdiff_t frame = sizeof(T) * (count == 8 ? 2 : 1);
    for (int s = 0; s < count; ++s) fetch(at[s] + begin * frame, frames * frame);
    return count == 8 ? transpose_stereo<T>(out, at, begin, frames)
                      : transpose_mono<T>(out, at, begin, frames);
  }

 private:
  bool stereo(const loudscope::LaneSource* lanes) {
    constexpr auto size = static_cast<std::ptrdiff_t>(sizeof(T));
    for (int s = 0; s < 8; ++s) {
      const auto &left = lanes[s], &right = lanes[s + 8];
      const bool idle = left.data == nullptr && right.data == nullptr;
      if (!idle && (left.data == nullptr || right.data != left.data + size ||
                    left.frame_stride != 2 * size)) {
        return false;
      }
      at[s] = idle ? kSilence : left.data;
    }
    return true;
  }

  bool mono(const loudscope::LaneSource* lanes) {
    for (int s = 0; s < 16; ++s) {
      const bool idle = lanes[s].data == nullptr;
      if (!idle && lanes[s].frame_stride != static_cast<std::ptrdiff_t>(sizeof(T))) return false;
      at[s] = idle ? kSilence : lanes[s].data;
    }
    return true;
  }
};

}  // namespace
