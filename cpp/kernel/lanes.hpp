// Lanes: the one place that knows what a vector register is. Included by kernels only; everything
// is in an anonymous namespace and nothing of the standard library is instantiated, so that no weak
// symbol compiled for a new CPU can be linked in for an old one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "loudscope/kernel.hpp"

#if defined(__FAST_MATH__)
#error "not with -ffast-math: figures are the same bits everywhere, and NaN must be seen"
#endif

#if defined(__AVX512F__)
#include <immintrin.h>
#define LOUDSCOPE_VECTOR_BYTES 64
#elif defined(__AVX2__)
#define LOUDSCOPE_VECTOR_BYTES 32
#else
#define LOUDSCOPE_VECTOR_BYTES 16
#endif

#if defined(__GNUC__) || defined(__clang__)
#define LOUDSCOPE_INLINE inline __attribute__((always_inline))
#define LOUDSCOPE_APART __attribute__((noinline))
#else
#define LOUDSCOPE_INLINE __forceinline
#define LOUDSCOPE_APART __declspec(noinline)
#define LOUDSCOPE_PLAIN  // no vector extensions; scripts/emulate tests what then runs
#endif

#if defined(__has_builtin) && !defined(LOUDSCOPE_PLAIN)
#if __has_builtin(__builtin_shufflevector) && __has_builtin(__builtin_convertvector)
#define LOUDSCOPE_SHUFFLES 1
#endif
#endif

// Code that several callers share: once for all of them where a call costs no time, and that is
// everywhere but with the widest registers, whose few instructions it would delay by some 5 %.
#if defined(__AVX512F__)
#define LOUDSCOPE_SHARED LOUDSCOPE_INLINE
#else
#define LOUDSCOPE_SHARED LOUDSCOPE_APART
#endif

namespace {

#if !defined(LOUDSCOPE_PLAIN)
template <class T, int N>
struct VectorOf {
  typedef T type __attribute__((vector_size(N * sizeof(T))));
};

LOUDSCOPE_INLINE float magnitude(float x) { return __builtin_fabsf(x); }
LOUDSCOPE_INLINE double magnitude(double x) { return __builtin_fabs(x); }

template <class V>  // clears the sign bits
LOUDSCOPE_INLINE V vector_magnitude(V x) {
  using Bits = decltype(x < x);
  if constexpr (sizeof(x[0]) == sizeof(double)) return (V)((Bits)x & INT64_MAX);
  if constexpr (sizeof(x[0]) == sizeof(float)) return (V)((Bits)x & INT32_MAX);
}

// By name where masks would be the compiler's choice, which take longer.
template <class V>
LOUDSCOPE_INLINE V larger(V a, V b) {
#if defined(__AVX512F__)
  constexpr bool singles = sizeof(a[0]) == sizeof(float);
  if constexpr (sizeof a == 64 && singles)
    return (V)_mm512_maskz_max_ps(0xffff, (__m512)a, (__m512)b);
  if constexpr (sizeof a == 64 && !singles)
    return (V)_mm512_maskz_max_pd(0xff, (__m512d)a, (__m512d)b);
  if constexpr (sizeof a == 32 && singles) return (V)_mm256_max_ps((__m256)a, (__m256)b);
#endif
  return a > b ? a : b;
}

template <class V>
LOUDSCOPE_INLINE V smaller(V a, V b) {
  return a < b ? a : b;
}

#else  // the same operations, lane by lane
template <class T, int N>
struct Array {
  T lane[N];
  T operator[](int i) const { return lane[i]; }
};

#define LOUDSCOPE_LANEWISE(OP)                                             \
  template <class T, int N>                                                \
  LOUDSCOPE_INLINE Array<T, N> operator OP(Array<T, N> a, Array<T, N> b) { \
    for (int i = 0; i < N; ++i) a.lane[i] = a.lane[i] OP b.lane[i];        \
    return a;                                                              \
  }                                                                        \
  template <class T, int N>                                                \
  LOUDSCOPE_INLINE Array<T, N> operator OP(T a, Array<T, N> b) {           \
    for (int i = 0; i < N; ++i) b.lane[i] = a OP b.lane[i];                \
    return b;                                                              \
  }
LOUDSCOPE_LANEWISE(+)
LOUDSCOPE_LANEWISE(-)
LOUDSCOPE_LANEWISE(*)
#undef LOUDSCOPE_LANEWISE

template <class T, int N>
LOUDSCOPE_INLINE Array<T, N>& operator+=(Array<T, N>& a, Array<T, N> b) {
  return a = a + b;
}

template <class T, int N>
struct VectorOf {
  using type = Array<T, N>;
};

LOUDSCOPE_INLINE float magnitude(float x) { return x < 0 ? -x : x; }
LOUDSCOPE_INLINE double magnitude(double x) { return x < 0 ? -x : x; }

template <class T, int N>
LOUDSCOPE_INLINE Array<T, N> vector_magnitude(Array<T, N> x) {
  for (int i = 0; i < N; ++i) x.lane[i] = magnitude(x.lane[i]);
  return x;
}

template <class T, int N>
LOUDSCOPE_INLINE Array<T, N> larger(Array<T, N> a, Array<T, N> b) {
  for (int i = 0; i < N; ++i) a.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i];
  return a;
}

template <class T, int N>
LOUDSCOPE_INLINE Array<T, N> smaller(Array<T, N> a, Array<T, N> b) {
  for (int i = 0; i < N; ++i) a.lane[i] = a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i];
  return a;
}
#endif

// Of four or eight floats.
template <class V>
LOUDSCOPE_INLINE float largest_lane(V x) {
#if defined(LOUDSCOPE_SHUFFLES)
  if constexpr (sizeof(V) == 8 * sizeof(float)) {
    x = larger(x, (V)__builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3));
    x = larger(x, (V)__builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5));
    x = larger(x, (V)__builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6));
  } else {
    x = larger(x, (V)__builtin_shufflevector(x, x, 2, 3, 0, 1));
    x = larger(x, (V)__builtin_shufflevector(x, x, 1, 0, 3, 2));
  }
  return x[0];
#else
  float most = x[0];
  for (int i = 1; i < static_cast<int>(sizeof(V) / sizeof(float)); ++i) {
    most = x[i] > most ? x[i] : most;
  }
  return most;
#endif
}

template <class V, class T>
LOUDSCOPE_INLINE V load(const T* from) {
  V v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

template <class V, class T>
LOUDSCOPE_INLINE void store(T* to, V v) {
  std::memcpy(to, &v, sizeof v);
}

constexpr int vector_lanes(int wanted, std::size_t element) {
  const int widest = LOUDSCOPE_VECTOR_BYTES / static_cast<int>(element);
  return wanted < widest ? wanted : widest;
}

#if defined(__AVX512F__) && !defined(LOUDSCOPE_PLAIN)
// Float or int32 lanes as double, and back to float; some compilers would take the general form of
// a 512-bit conversion to pieces.
LOUDSCOPE_INLINE VectorOf<double, 8>::type widened(VectorOf<float, 8>::type x) {
  return (VectorOf<double, 8>::type)_mm512_maskz_cvtps_pd(0xFF, (__m256)x);
}
LOUDSCOPE_INLINE VectorOf<double, 8>::type widened(VectorOf<std::int32_t, 8>::type x) {
  return (VectorOf<double, 8>::type)_mm512_maskz_cvtepi32_pd(0xFF, (__m256i)x);
}
LOUDSCOPE_INLINE VectorOf<float, 8>::type narrowed(VectorOf<double, 8>::type x) {
  return (VectorOf<float, 8>::type)_mm512_maskz_cvtpd_ps(0xFF, (__m512d)x);
}
#elif !defined(LOUDSCOPE_PLAIN)
template <class V>
LOUDSCOPE_INLINE auto widened(V x) {
  return __builtin_convertvector(x, typename VectorOf<double, sizeof(V) / sizeof(float)>::type);
}
template <class V>
LOUDSCOPE_INLINE auto narrowed(V x) {
  return __builtin_convertvector(x, typename VectorOf<float, sizeof(V) / sizeof(double)>::type);
}
#endif

// A vector of lanes and the vector of their partners, W/2 lanes further on.
template <int W>
struct Pair {
  static constexpr int lanes = vector_lanes(W / 2, sizeof(double));
  using V = typename VectorOf<double, lanes>::type;

  V a, b;

  static LOUDSCOPE_INLINE Pair at(const double* row, int lane) {
    return {load<V>(row + lane), load<V>(row + W / 2 + lane)};
  }
  LOUDSCOPE_INLINE void put(double* row, int lane) const {
    store(row + lane, a);
    store(row + W / 2 + lane, b);
  }
  friend LOUDSCOPE_INLINE Pair operator+(Pair x, Pair y) { return {x.a + y.a, x.b + y.b}; }
  friend LOUDSCOPE_INLINE Pair operator-(Pair x, Pair y) { return {x.a - y.a, x.b - y.b}; }
  friend LOUDSCOPE_INLINE Pair operator*(double k, Pair x) { return {k * x.a, k * x.b}; }
  friend LOUDSCOPE_INLINE Pair operator*(V k, Pair x) { return {k * x.a, k * x.b}; }
};

// Running sums of squares of a pair and, unless it is not wanted, of its product.
template <int W, bool Product = true>
struct Sums {
  Pair<W> square;
  typename Pair<W>::V product;

  static LOUDSCOPE_INLINE Sums at(const double* squares, const double* products, int lane) {
    return {Pair<W>::at(squares, lane), load<typename Pair<W>::V>(products + lane)};
  }
  LOUDSCOPE_INLINE void add(Pair<W> y) {
    square.a += y.a * y.a;
    square.b += y.b * y.b;
    if constexpr (Product) product += y.a * y.b;
  }
  LOUDSCOPE_INLINE void put(double* squares, double* products, int lane) const {
    square.put(squares, lane);
    if constexpr (Product) store(products + lane, product);
  }
};

// A state this small is 3000 dB down: snapping it to rest once a tick keeps denormals, which cost a
// hundredfold, out of the loop without touching the host's floating-point mode.
constexpr double kRest = 1e-150;

LOUDSCOPE_INLINE void snap_to_rest(double* state, int count) {
  for (int i = 0; i < count; ++i) state[i] = magnitude(state[i]) < kRest ? 0.0 : state[i];
}

}  // namespace
